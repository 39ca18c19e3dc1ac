namespace Atm0s.Sip.Hooks;

/// <summary>One forwarding that a call has gone through before it came here (RFC 5806, RFC 7044).</summary>
public sealed record Diversion
{
    /// <summary>Makes a diversion.</summary>
    /// <param name="address">Who has forwarded the call.</param>
    /// <param name="reason">Why: one of the words of RFC 5806, for example <c>unconditional</c>, <c>user-busy</c>, <c>no-answer</c>; null
    /// when it is not said.</param>
    /// <exception cref="ArgumentException">The reason is no word of letters, digits and hyphens.</exception>
    public Diversion(SipAddress address, string? reason = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (reason is not null && (reason.Length is 0 or > 64 || !reason.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')))
            throw new ArgumentException("A reason is a word of letters, digits and hyphens, for example user-busy.", nameof(reason));
        Address = address;
        Reason = reason;
    }

    /// <summary>Who has forwarded the call.</summary>
    public SipAddress Address { get; }

    /// <summary>Why, or null.</summary>
    public string? Reason { get; }
}
