namespace Atm0s.Sip.Hooks.Http;

/// <summary>
/// When to stop asking a hook server that does not answer. An attempt counts as failed for the same reasons for which it is repeated.
/// </summary>
public sealed class HttpHookBreakerOptions
{
    /// <summary>Whether there is a breaker. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Part of the attempts that must fail for the breaker to open. Above 0 to 1, default 0.5.</summary>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>Attempts within <see cref="SamplingDuration"/> below which it never opens. 2 to 100000, default 10.</summary>
    public int MinimumThroughput { get; set; } = 10;

    /// <summary>Time over which attempts are counted. 500 ms to 10 minutes, default 10 s.</summary>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long nothing is asked once it is open; then one attempt decides. 500 ms to 10 minutes, default 5 s.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);
}
