namespace Atm0s.Sip;

/// <summary>How a registration ended.</summary>
/// <param name="StatusCode">Final status code: 200, or why not; 408 when the server does not answer, 503 when it can't be reached.</param>
/// <param name="Expires">Time granted; zero when not registered.</param>
public sealed record RegisterOutcome(int StatusCode, TimeSpan Expires)
{
    /// <summary>How long the server asks to wait before the next attempt (RFC 3261 §20.33), at most a day; null when it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the phone is registered now.</summary>
    public bool IsRegistered => StatusCode is >= 200 and < 300 && Expires > TimeSpan.Zero;
}
