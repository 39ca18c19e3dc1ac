namespace Atm0s.Sip.Core.Sdp;

/// <summary>What the body of a message has of session descriptions.</summary>
internal enum SdpBodyResult : byte
{
    /// <summary>None: no body, or bodies that may be left unread (handling=optional).</summary>
    None,

    /// <summary>One.</summary>
    Found,

    /// <summary>A body that must be understood is not: 415 (RFC 3261 §8.2.3, RFC 5621 §3.2).</summary>
    NotUnderstood,
}
