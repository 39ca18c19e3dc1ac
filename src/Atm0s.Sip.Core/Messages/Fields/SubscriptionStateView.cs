namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>Subscription-State (RFC 6665 §8.2.3) of a NOTIFY. A view over a message.</summary>
internal readonly ref struct SubscriptionStateView
{
    /// <summary>State.</summary>
    public SubscriptionStatus Status { get; private init; }

    /// <summary>Seconds until it ends by itself, or null.</summary>
    public uint? Expires { get; private init; }

    /// <summary>Seconds after which to subscribe again, or null.</summary>
    public uint? RetryAfter { get; private init; }

    /// <summary>Why it is over: deactivated, probation, rejected, timeout, giveup, noresource, invariant, another, or empty.</summary>
    public ReadOnlySpan<byte> Reason { get; private init; }

    /// <summary>Reads the field of a message. False when there is none that can be read.</summary>
    public static bool TryRead(SipMessage message, out SubscriptionStateView field)
    {
        field = default;
        return message.TryGetHeader(SipHeaderId.SubscriptionState, out var value) && TryParse(value, out field);
    }

    /// <summary>Reads a value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out SubscriptionStateView field)
    {
        field = default;
        if (!FieldParts.TrySplit(value, out var state, out var parameters) || !SipChars.IsToken(state))
            return false;
        field = new SubscriptionStateView
        {
            Status = ToStatus(state),
            Expires = FieldParts.Number(parameters, "expires"u8),
            RetryAfter = FieldParts.Number(parameters, "retry-after"u8),
            Reason = SipParameters.TryGet(parameters, "reason"u8, out var reason) ? reason : default,
        };
        return true;
    }

    /// <summary>The value while the subscription lives.</summary>
    /// <param name="expires">Seconds until it ends by itself.</param>
    /// <param name="isPending">Whether it is not decided yet.</param>
    public static string FormatAlive(uint expires, bool isPending = false) => $"{(isPending ? "pending" : "active")};expires={expires}";

    /// <summary>The value at its end.</summary>
    /// <param name="reason">Why: <c>noresource</c> at the end of a REFER (RFC 3515 §2.4.7).</param>
    /// <param name="retryAfter">Seconds after which to subscribe again, or null.</param>
    public static string FormatTerminated(string reason, uint? retryAfter = null) =>
        retryAfter is null ? $"terminated;reason={reason}" : $"terminated;reason={reason};retry-after={retryAfter}";

    private static SubscriptionStatus ToStatus(ReadOnlySpan<byte> state)
    {
        if (SipChars.EqualsIgnoreCase(state, "active"u8))
            return SubscriptionStatus.Active;
        if (SipChars.EqualsIgnoreCase(state, "pending"u8))
            return SubscriptionStatus.Pending;
        return SipChars.EqualsIgnoreCase(state, "terminated"u8) ? SubscriptionStatus.Terminated : SubscriptionStatus.Other;
    }
}
