namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>State of a subscription (RFC 6665 §4.1.3).</summary>
internal enum SubscriptionStatus : byte
{
    /// <summary>A state we do not know.</summary>
    Other,

    /// <summary>Accepted.</summary>
    Active,

    /// <summary>Not decided yet.</summary>
    Pending,

    /// <summary>Over.</summary>
    Terminated,
}
