namespace Atm0s.Sip.Hooks.Http;

/// <summary>
/// When to stop asking a hook server that can't be reached. Only a failed connection counts: a slow server, or one that answers one user's
/// question with an error, is asked on for the others.
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
