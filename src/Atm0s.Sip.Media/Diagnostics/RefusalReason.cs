namespace Atm0s.Sip.Media.Diagnostics;

/// <summary>Why a datagram was not taken.</summary>
public enum RefusalReason
{
    /// <summary>Not RTP and not RTCP, or lengths in it lie.</summary>
    Invalid,

    /// <summary>Of a payload type that was not agreed on.</summary>
    PayloadType,

    /// <summary>Not of the source listened to.</summary>
    Source,

    /// <summary>Of an SSRC, or a jump in sequence, that has to prove itself with a second packet.</summary>
    Probation,

    /// <summary>Received before.</summary>
    Duplicate,

    /// <summary>Its time has passed.</summary>
    TooLate,

    /// <summary>The leg does not receive now.</summary>
    NotReceiving,

    /// <summary>Not protected with the key that was agreed on (RFC 3711).</summary>
    Unauthentic,
}
