namespace Atm0s.Sip.Media.Srtp;

/// <summary>What protects a stream, and how long its keys and tags are: RFC 3711, RFC 7714 (AEAD). One object per suite.</summary>
public sealed class SrtpSuite
{
    private SrtpSuite(string name, ushort dtlsProfile, int keyLength, int saltLength, int rtpTagLength, int rtcpTagLength)
    {
        Name = name;
        DtlsProfile = dtlsProfile;
        KeyLength = keyLength;
        SaltLength = saltLength;
        RtpTagLength = rtpTagLength;
        RtcpTagLength = rtcpTagLength;
    }

    /// <summary>AES in counter mode, HMAC-SHA1 with tags of 80 bits (RFC 4568 §6.2.1).</summary>
    public static SrtpSuite AesCm128HmacSha1Tag80 { get; } = new("AES_CM_128_HMAC_SHA1_80", 0x0001, 16, 14, 10, 10);

    /// <summary>The same, with tags of 32 bits for RTP and of 80 for RTCP (RFC 4568 §6.2.2).</summary>
    public static SrtpSuite AesCm128HmacSha1Tag32 { get; } = new("AES_CM_128_HMAC_SHA1_32", 0x0002, 16, 14, 4, 10);

    /// <summary>AES-128 in Galois/counter mode (RFC 7714 §13.1, §14.1).</summary>
    public static SrtpSuite AeadAes128Gcm { get; } = new("AEAD_AES_128_GCM", 0x0007, 16, 12, 16, 16);

    /// <summary>AES-256 in Galois/counter mode (RFC 7714 §13.1, §14.1).</summary>
    public static SrtpSuite AeadAes256Gcm { get; } = new("AEAD_AES_256_GCM", 0x0008, 32, 12, 16, 16);

    /// <summary>All suites, the one to be preferred first.</summary>
    public static IReadOnlyList<SrtpSuite> All { get; } = [AeadAes256Gcm, AeadAes128Gcm, AesCm128HmacSha1Tag80, AesCm128HmacSha1Tag32];

    /// <summary>Its name in session descriptions (RFC 4568 §6.2, RFC 7714 §14.1).</summary>
    public string Name { get; }

    /// <summary>Its number as protection profile of DTLS (RFC 5764 §4.1.2, RFC 7714 §14.2).</summary>
    public ushort DtlsProfile { get; }

    /// <summary>Bytes of the master key.</summary>
    public int KeyLength { get; }

    /// <summary>Bytes of the master salt.</summary>
    public int SaltLength { get; }

    /// <summary>Bytes of the tag on an RTP packet.</summary>
    public int RtpTagLength { get; }

    /// <summary>Bytes of the tag on an RTCP packet.</summary>
    public int RtcpTagLength { get; }

    /// <summary>Whether encryption and tag are one (RFC 7714).</summary>
    public bool IsAead => SaltLength == 12;

    /// <summary>Finds a suite by its name; case matters (RFC 4568 §9.1: it is a token).</summary>
    /// <param name="name">A name of RFC 4568 or RFC 7714.</param>
    /// <returns>Null when it is not known here.</returns>
    public static SrtpSuite? Find(string name) => All.FirstOrDefault(suite => suite.Name == name);

    /// <summary>Finds a suite by its number in DTLS.</summary>
    /// <param name="profile">A number of RFC 5764 or RFC 7714.</param>
    /// <returns>Null when it is not known here.</returns>
    public static SrtpSuite? Find(ushort profile) => All.FirstOrDefault(suite => suite.DtlsProfile == profile);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
