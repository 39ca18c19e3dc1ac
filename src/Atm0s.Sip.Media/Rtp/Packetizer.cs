using System.Diagnostics;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>Cuts audio that comes in frames into packets of another length. Allocates nothing after it was made.</summary>
/// <param name="frameSamples">Samples of each frame that comes.</param>
/// <param name="packetSamples">Samples of each packet that goes.</param>
internal sealed class Packetizer(int frameSamples, int packetSamples)
{
    // Less than a packet is left over when all whole ones were taken.
    private readonly short[] _samples = new short[packetSamples + frameSamples];
    private int _start;
    private int _end;

    /// <summary>Samples of each frame that comes.</summary>
    public int FrameSamples => frameSamples;

    /// <summary>Samples that wait.</summary>
    public int Waiting => _end - _start;

    /// <summary>Whole packets that wait.</summary>
    public int Packets => Waiting / packetSamples;

    /// <summary>Takes a frame. Whole packets that were not taken out are forgotten.</summary>
    /// <param name="frame">As long as every frame.</param>
    public void Add(ReadOnlySpan<short> frame)
    {
        Debug.Assert(frame.Length == frameSamples, "frames are all of one length");
        _start += Packets * packetSamples;
        if (_start > 0)
        {
            _samples.AsSpan(_start, Waiting).CopyTo(_samples);
            (_start, _end) = (0, Waiting);
        }

        frame.CopyTo(_samples.AsSpan(_end));
        _end += frame.Length;
    }

    /// <summary>Gives the next whole packet out.</summary>
    /// <param name="packet">Good until the next frame comes.</param>
    public bool TryTake(out ReadOnlySpan<short> packet)
    {
        packet = default;
        if (Packets == 0)
            return false;
        packet = _samples.AsSpan(_start, packetSamples);
        _start += packetSamples;
        return true;
    }

    /// <summary>Forgets what waits.</summary>
    public void Clear() => _start = _end = 0;
}
