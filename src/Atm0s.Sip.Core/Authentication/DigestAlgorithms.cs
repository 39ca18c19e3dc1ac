using System.Security.Cryptography;

namespace Atm0s.Sip.Core.Authentication;

/// <summary>Names and hashes of <see cref="DigestAlgorithm"/>.</summary>
public static class DigestAlgorithms
{
    /// <summary>Longest hash in hex digits.</summary>
    public const int MaxHexLength = 64;

    /// <summary>Token on the wire, for example <c>SHA-256</c>.</summary>
    public static string ToToken(this DigestAlgorithm algorithm) => algorithm == DigestAlgorithm.Md5 ? "MD5" : "SHA-256";

    /// <summary>Hex digits of a hash: 32 or 64.</summary>
    public static int HexLength(this DigestAlgorithm algorithm) => algorithm == DigestAlgorithm.Md5 ? 32 : 64;

    /// <summary>The algorithm of a token without <c>-sess</c>, without regard to case.</summary>
    /// <returns>False for one that is not known.</returns>
    public static bool TryParse(ReadOnlySpan<char> token, out DigestAlgorithm algorithm)
    {
        algorithm = token.Equals("SHA-256", StringComparison.OrdinalIgnoreCase) ? DigestAlgorithm.Sha256 : DigestAlgorithm.Md5;
        return algorithm == DigestAlgorithm.Sha256 || token.Equals("MD5", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Hashes and writes lower-case hex.</summary>
    /// <returns>Hex digits written.</returns>
    internal static int HashHex(this DigestAlgorithm algorithm, ReadOnlySpan<byte> data, Span<byte> hex)
    {
        Span<byte> hash = stackalloc byte[32];
#pragma warning disable CA5351 // MD5 is what SIP digest is made of; SHA-256 is offered first (RFC 8760).
        var length = algorithm == DigestAlgorithm.Md5 ? MD5.HashData(data, hash) : SHA256.HashData(data, hash);
#pragma warning restore CA5351
        for (var i = 0; i < length; i++)
        {
            hex[i * 2] = (byte)"0123456789abcdef"[hash[i] >> 4];
            hex[(i * 2) + 1] = (byte)"0123456789abcdef"[hash[i] & 15];
        }

        return length * 2;
    }
}
