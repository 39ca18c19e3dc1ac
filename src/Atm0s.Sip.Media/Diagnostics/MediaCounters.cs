using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Diagnostics;

/// <summary>Counters of one media thread: it alone writes, everybody may read.</summary>
internal sealed class MediaCounters
{
    private readonly long[] _refused = new long[RefusalReasons.Names.Length];
    private readonly long[] _ended = new long[ScoreClasses.Names.Length];

    /// <summary>What the thread gives up when it has too much to do.</summary>
    public MediaGovernor Governor { get; } = new();

    public long Ticks;
    public long LateTicks;
    public long SkippedTicks;
    public long StuckTicks;
    public long Faults;
    public long TickTime; // 100 ns
    public long OffProcessorTime;
    public long PacketsReceived;
    public long PacketsSent;
    public long PacketsLeftOut;
    public long SharedPayloads;
    public long PassedPayloads;
    public long SendErrors;
    public long ReceiveErrors;
    public long PlayedAudio; // 100 ns
    public long ConcealedAudio;
    public long InsertedAudio;
    public long RemovedAudio;
    public long PacketsDiscarded;
    public long Resyncs;

    public void Count(in PlayoutTotals passed)
    {
        PlayedAudio += passed.Played.Ticks;
        ConcealedAudio += passed.Concealed.Ticks;
        InsertedAudio += passed.Inserted.Ticks;
        RemovedAudio += passed.Removed.Ticks;
        PacketsDiscarded += passed.Discarded;
        Resyncs += passed.Resyncs;
    }

    public void Refuse(RefusalReason reason) => _refused[(int)reason]++;

    public long Refused(RefusalReason reason) => Volatile.Read(ref _refused[(int)reason]);

    public void CountEnd(double? score) => _ended[ScoreClasses.Of(score)]++;

    public long Ended(int scoreClass) => Volatile.Read(ref _ended[scoreClass]);
}
