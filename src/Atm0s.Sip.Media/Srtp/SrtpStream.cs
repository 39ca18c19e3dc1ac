namespace Atm0s.Sip.Media.Srtp;

/// <summary>What is remembered of one source: which of its packets have come, or gone out.</summary>
internal sealed class SrtpStream
{
    private ReplayWindow _window;

    /// <summary>The source.</summary>
    public uint Ssrc { get; set; }

    /// <summary>When it was used last, in packets of all sources.</summary>
    public long LastUse { get; set; }

    /// <summary>The index that a sequence number of RTP means.</summary>
    public long Guess(ushort sequenceNumber) =>
        _window.IsStarted ? PacketIndex.Guess(_window.Highest, sequenceNumber) : sequenceNumber;

    /// <summary>The index after the highest.</summary>
    public long Next => _window.IsStarted ? _window.Highest + 1 : 0;

    /// <summary>Whether a packet is not new.</summary>
    public bool IsReplay(long index) => _window.IsReplay(index);

    /// <summary>Remembers a packet.</summary>
    public void Add(long index) => _window.Add(index);

    /// <summary>Is of another source from now on.</summary>
    public void Restart(uint ssrc) => (Ssrc, _window) = (ssrc, default);
}
