namespace Atm0s.Sip.LoadGenerator.Statistics;

/// <summary>What came of the requests of one kind.</summary>
internal sealed class Tally
{
    private readonly Dictionary<int, long> _failures = [];

    public long Started { get; set; }

    public long Succeeded { get; private set; }

    public long Failed { get; private set; }

    public long Retransmissions { get; set; }

    /// <summary>Refusals with 503 that say when to come again.</summary>
    public long RetryAfter { get; set; }

    /// <summary>From when it was due until it was done; for a call, until it was answered.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>From when it was due until it was refused.</summary>
    public LatencyHistogram RefusalLatency { get; } = new();

    public AudioTally Audio { get; } = new();

    /// <summary>Failures by their status; 0 is no answer at all, -1 a call that the server ended.</summary>
    public IReadOnlyDictionary<int, long> Failures => _failures;

    /// <summary>For people: <c>503 x 12, no answer x 1</c>.</summary>
    public string FailuresText =>
        string.Join(", ", _failures.OrderBy(pair => pair.Key).Select(pair => $"{Name(pair.Key)} x {pair.Value}"));

    public void Succeed() => Succeeded++;

    public void Fail(int status)
    {
        Failed++;
        _failures[status] = _failures.GetValueOrDefault(status) + 1;
    }

    private static string Name(int status) => status switch
    {
        0 => "no answer",
        -1 => "ended by server",
        _ => status.ToString(Culture.Invariant),
    };
}
