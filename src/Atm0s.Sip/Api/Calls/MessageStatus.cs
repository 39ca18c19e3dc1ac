namespace Atm0s.Sip;

/// <summary>What became of a text message (RFC 3428).</summary>
public enum MessageStatus
{
    /// <summary>It is delivered (200).</summary>
    Delivered,

    /// <summary>It is kept for later (202).</summary>
    Accepted,

    /// <summary>It was refused.</summary>
    Refused,

    /// <summary>Nobody answered in time.</summary>
    NoAnswer,

    /// <summary>Nothing leads there: the user is not registered, the host is not known, or the connection is gone.</summary>
    Unreachable,

    /// <summary>The call has ended.</summary>
    Ended,

    /// <summary>The call is not answered, or the message is too long to go over UDP outside of a call (1,300 bytes, RFC 3428 §8).</summary>
    NotPossible,
}
