namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>Where the keys of SRTP come from.</summary>
internal enum KeyMethod : byte
{
    /// <summary>There are none: RTP is sent as it is.</summary>
    None,

    /// <summary>From the descriptions (RFC 4568).</summary>
    Sdes,

    /// <summary>From DTLS on the path of the media (RFC 5764).</summary>
    Dtls,
}
