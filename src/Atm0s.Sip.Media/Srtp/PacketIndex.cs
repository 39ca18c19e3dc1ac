namespace Atm0s.Sip.Media.Srtp;

/// <summary>The index of an SRTP packet: 65536 times the roll-over counter and the sequence number (RFC 3711 §3.3.1).</summary>
internal static class PacketIndex
{
    /// <summary>The greatest one: 2^48 - 1. Beyond, a key must not be used (§9.2).</summary>
    public const long Max = (1L << 48) - 1;

    private const int Half = 1 << 15;

    /// <summary>The index that a received sequence number most likely means: the one nearest to the highest so far.</summary>
    /// <param name="highest">The highest index that was authentic.</param>
    /// <param name="sequenceNumber">Of the packet.</param>
    /// <returns>Negative when it would lie before the first one.</returns>
    public static long Guess(long highest, ushort sequenceNumber)
    {
        var (rolled, last) = (highest >> 16, (int)(highest & 0xFFFF));
        if (last < Half)
        {
            if (sequenceNumber - last > Half)
                rolled--;
        }
        else if (last - Half > sequenceNumber)
        {
            rolled++;
        }

        return (rolled << 16) | sequenceNumber;
    }
}
