namespace Atm0s.Sip.Media.Diagnostics;

/// <summary>Counters of one media thread: it alone writes, everybody may read.</summary>
internal sealed class MediaCounters
{
    private readonly long[] _refused = new long[RefusalReasons.Names.Length];

    public long Ticks;
    public long LateTicks;
    public long SkippedTicks;
    public long StuckTicks;
    public long TickTime; // 100 ns
    public long OffProcessorTime;
    public long PacketsReceived;
    public long PacketsSent;
    public long SendErrors;
    public long ReceiveErrors;

    public void Refuse(RefusalReason reason) => _refused[(int)reason]++;

    public long Refused(RefusalReason reason) => Volatile.Read(ref _refused[(int)reason]);
}
