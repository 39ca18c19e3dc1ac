namespace Atm0s.Sip.Media.ComfortNoise;

/// <summary>The octets of a comfort noise payload (RFC 3389 §3).</summary>
internal static class SilenceDescriptor
{
    /// <summary>Reflection coefficients read at most; the order is open, and higher ones may be taken as zero (§3).</summary>
    public const int MaxOrder = 12;

    /// <summary>The level octet: -dBov in the lower seven bits (§3.1).</summary>
    public static int Level(ReadOnlySpan<byte> sid) => sid[0] & 0x7F;

    /// <summary>A coefficient, between -1 and 1. Index 255 is reserved and counts as none.</summary>
    public static double Coefficient(byte index) => index == 255 ? 0 : 258 * (index - 127) / 32768.0; // §3.2

    /// <summary>The octet of a coefficient.</summary>
    public static byte Index(double coefficient) => (byte)Math.Clamp(Math.Round((coefficient * 32768 / 258) + 127), 0, 254);
}
