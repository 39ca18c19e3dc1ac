using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>Keys of the peer: events, and tones when they are looked for; each is told once. Media thread only.</summary>
internal sealed class LegKeys
{
    private readonly KeyMerge _merge = new();
    private InbandDtmfDetector? _detector;
    private int _sampleRate;

    /// <summary>Looks for tones from now on, or not.</summary>
    /// <param name="detector">Made before; null keeps the one that is there.</param>
    /// <param name="isWanted">Whether tones are looked for at all.</param>
    /// <param name="sampleRate">Rate of the audio.</param>
    public void Follow(InbandDtmfDetector? detector, bool isWanted, int sampleRate)
    {
        if (!isWanted)
            _detector = null;
        else if (detector is not null)
            (_detector, _sampleRate) = (detector, sampleRate);
    }

    /// <summary>Listens to what was received.</summary>
    /// <param name="frame">20 ms; silence too, which ends keys.</param>
    /// <param name="sampleRate">Its rate.</param>
    public void Hear(ReadOnlySpan<short> frame, int sampleRate)
    {
        if (_detector is null)
            return;
        if (sampleRate != _sampleRate)
            (_detector, _sampleRate) = (new InbandDtmfDetector(sampleRate), sampleRate);
        _detector.Process(frame);
    }

    /// <summary>Takes the next key that was released.</summary>
    public bool TryRead(RtpReceiver receiver, TimeSpan now, out DtmfEvent key)
    {
        while (receiver.TryReadEvent(out key))
        {
            if (_detector is null || _merge.IsNew(key, isTone: false, now))
                return true;
        }

        while (_detector is not null && _detector.TryRead(out key))
        {
            if (_merge.IsNew(key, isTone: true, now))
                return true;
        }

        return false;
    }
}
