namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>A transport profile of RTP (RFC 3551, 4585, 3711, 5124, 5764).</summary>
/// <param name="IsSecure">Whether it is one of SRTP: what it carries is never in the clear.</param>
/// <param name="IsDtls">Whether its keys come from DTLS on the path of the media (RFC 5764 §8).</param>
internal readonly record struct SdpProfile(bool IsSecure, bool IsDtls)
{
    /// <summary>Without protection.</summary>
    public const string Plain = "RTP/AVP";

    /// <summary>With SRTP, keys in the description (RFC 4568) or elsewhere.</summary>
    public const string Secure = "RTP/SAVP";

    /// <summary>With SRTP, keys from DTLS.</summary>
    public const string Dtls = "UDP/TLS/RTP/SAVP";

    /// <summary>The same with early feedback (RFC 5124), which browsers want.</summary>
    public const string DtlsWithFeedback = "UDP/TLS/RTP/SAVPF";

    /// <summary>
    /// Reads the protocol of an m-line. RFC 4585 §5: a profile with feedback is answered as it stands; we send no feedback and need none.
    /// </summary>
    /// <param name="protocol">The word of the m-line.</param>
    /// <returns>Null when it is none of RTP over UDP.</returns>
    public static SdpProfile? Read(string protocol) => protocol switch
    {
        Plain or "RTP/AVPF" => new SdpProfile(false, false),
        Secure or "RTP/SAVPF" => new SdpProfile(true, false),
        Dtls or DtlsWithFeedback => new SdpProfile(true, true),
        _ => null,
    };
}
