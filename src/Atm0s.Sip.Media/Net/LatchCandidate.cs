namespace Atm0s.Sip.Media.Net;

/// <summary>A source that is about to be latched to: one at a time, and packets count only in sequence and of one SSRC.</summary>
internal sealed class LatchCandidate
{
    private MediaAddress _source;
    private uint _ssrc;
    private ushort _next;
    private int _count;

    /// <summary>When its first packet came after those of others.</summary>
    public TimeSpan Since { get; private set; }

    /// <summary>Counts a packet.</summary>
    /// <returns>Packets in sequence, this one included.</returns>
    public int Count(MediaAddress source, uint ssrc, ushort sequence, TimeSpan now)
    {
        if (source != _source)
            (_source, Since, _count) = (source, now, 0);
        _count = ssrc == _ssrc && sequence == _next ? _count + 1 : 1;
        (_ssrc, _next) = (ssrc, (ushort)(sequence + 1));
        return _count;
    }

    /// <summary>Forgets it.</summary>
    public void Clear() => (_source, _count) = (default, 0);
}
