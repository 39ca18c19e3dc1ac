using Atm0s.Sip.LoadGenerator.Servers;

namespace Atm0s.Sip.LoadGenerator.Runs;

/// <summary>The good ones before, during and after something bad, and the server beside.</summary>
internal sealed record AttackResult(GoodResult Before, GoodResult During, GoodResult After)
{
    public required ProcessSample ServerBefore { get; init; }

    /// <summary>The most memory that was seen while it went on.</summary>
    public required long PeakMemory { get; init; }

    public required ProcessSample ServerAfter { get; init; }

    public required long ServerDrops { get; init; }

    public required long OwnDrops { get; init; }

    public long MemoryGrowth => Math.Max(PeakMemory, ServerAfter.Memory) - ServerBefore.Memory;

    /// <summary>Median time of set-up during, as a multiple of that before.</summary>
    public double SetUpRatio => (double)During.Calls.Latency.Percentile(0.5) / Math.Max(Before.Calls.Latency.Percentile(0.5), 1);

    public long GoodFailures => During.Failed + After.Failed;
}
