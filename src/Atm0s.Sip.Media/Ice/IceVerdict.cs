namespace Atm0s.Sip.Media.Ice;

/// <summary>What a datagram of STUN was.</summary>
internal enum IceVerdict
{
    /// <summary>No STUN, malformed, not for us, or without the password: nothing happens.</summary>
    Ignored,

    /// <summary>A check that was authentic: there is a response to send.</summary>
    Answered,

    /// <summary>Authentic, but refused, with a response to send: a role conflict, or an attribute that is not understood.</summary>
    Refused,

    /// <summary>A sign of life of a peer that knows no consent (RFC 5245 §10).</summary>
    Indication,
}
