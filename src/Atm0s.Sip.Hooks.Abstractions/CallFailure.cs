namespace Atm0s.Sip.Hooks;

/// <summary>What the other side said beside the status code when it did not take a call, gave it up (CANCEL) or ended it (BYE).</summary>
public sealed record CallFailure
{
    /// <summary>After how long it may be tried again (Retry-After, RFC 3261 §20.33); null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// Where it wants to be called instead: the URIs of a 3xx, best first, at most 16 (RFC 3261 §21.3). Empty when it does not say.
    /// </summary>
    public IReadOnlyList<string> Contacts { get; init; } = [];

    /// <summary>
    /// Value of its Reason field, for example <c>Q.850;cause=17</c> (RFC 3326); null without one. Several are joined by commas.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>Value of its Warning field (RFC 3261 §20.43); null without one. Several are joined by commas.</summary>
    public string? Warning { get; init; }
}
