namespace Atm0s.Sip.Media.Dtls;

/// <summary>What tells DTLS from the rest on a port.</summary>
internal static class DtlsFormat
{
    /// <summary>Whether a datagram is DTLS, by its first byte (RFC 7983 §7).</summary>
    public static bool IsDtls(byte first) => first is >= 20 and <= 63;
}
