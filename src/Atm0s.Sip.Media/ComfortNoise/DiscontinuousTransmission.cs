namespace Atm0s.Sip.Media.ComfortNoise;

/// <summary>
/// Decides frame by frame what a sender without pauses has to send: the audio of voices, a description where a pause begins, another one
/// when its noise has changed by 3 dB (after 100 ms at the earliest), and one a second so that nobody takes the stream for dead. One caller
/// at a time; allocates nothing after construction.
/// </summary>
public sealed class DiscontinuousTransmission
{
    private const int Change = 3; // dB

    private readonly VoiceActivity _voice;
    private readonly ComfortNoiseEncoder _encoder;
    private readonly int _sampleRate;
    private int _silent;      // samples since the last description; below zero while audio is sent
    private int _described;   // -dBov

    /// <summary>Begins with audio.</summary>
    /// <param name="sampleRate">In Hz: 8000, 16000 or 48000.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another rate.</exception>
    public DiscontinuousTransmission(int sampleRate)
    {
        _encoder = new ComfortNoiseEncoder(sampleRate);
        _voice = new VoiceActivity(sampleRate);
        _sampleRate = sampleRate;
        _silent = -1;
    }

    /// <summary>Decides about a frame.</summary>
    /// <param name="pcm">10 to 60 ms of audio.</param>
    /// <param name="sid">Receives the payload of a description; <see cref="ComfortNoiseEncoder.MaxLength"/> octets hold every one.</param>
    /// <param name="length">Octets written to <paramref name="sid"/>; 0 unless a description is to be sent.</param>
    public DtxVerdict Process(ReadOnlySpan<short> pcm, Span<byte> sid, out int length)
    {
        length = 0;
        if (_voice.Process(pcm))
        {
            _silent = -1;
            return DtxVerdict.Audio;
        }

        length = _encoder.Encode(pcm, sid);
        if (length > 0 && IsDue(sid[0], pcm.Length))
        {
            _described = sid[0];
            _silent = 0;
            return DtxVerdict.Description;
        }

        length = 0;
        return DtxVerdict.Nothing;
    }

    private bool IsDue(int level, int samples)
    {
        if (_silent < 0)
            return true;
        _silent += samples;
        return _silent >= _sampleRate || (_silent >= _sampleRate / 10 && Math.Abs(level - _described) >= Change);
    }
}
