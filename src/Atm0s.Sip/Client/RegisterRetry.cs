namespace Atm0s.Sip.Client;

/// <summary>When a registration that failed is tried again (RFC 5626 §4.5, RFC 3261 §20.33). Pure but for its count.</summary>
internal sealed class RegisterRetry
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    private int _failures;

    /// <summary>It is registered: the next failure is the first again.</summary>
    public void Reset() => _failures = 0;

    /// <summary>
    /// The time to wait: twice as long after each failure, and by chance a part of it, so that a server that comes back is not met by
    /// everybody at once; but never less than the server has asked for.
    /// </summary>
    /// <param name="outcome">How it failed.</param>
    /// <param name="chance">From 0 to 1.</param>
    public TimeSpan Next(RegisterOutcome outcome, double chance)
    {
        var longest = Math.Min(First.TotalSeconds * Math.Pow(2, Math.Min(_failures++, 10)), Longest.TotalSeconds);
        var retry = TimeSpan.FromSeconds(longest * (0.5 + (chance / 2)));
        return outcome.RetryAfter is { } asked && asked > retry ? asked : retry;
    }
}
