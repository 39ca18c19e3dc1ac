using System.Security.Cryptography;
using Atm0s.Sip.Core.Cryptography;
using Atm0s.Sip.Core.Messages;

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

    /// <summary>The algorithm of a token without <c>-sess</c>, without regard to case.</summary>
    /// <returns>False for one that is not known.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> token, out DigestAlgorithm algorithm)
    {
        algorithm = SipChars.EqualsIgnoreCase(token, "SHA-256"u8) ? DigestAlgorithm.Sha256 : DigestAlgorithm.Md5;
        return algorithm == DigestAlgorithm.Sha256 || SipChars.EqualsIgnoreCase(token, "MD5"u8);
    }

    /// <summary>Hashes and writes lower-case hex.</summary>
    /// <returns>Hex digits written.</returns>
    internal static int HashHex(this DigestAlgorithm algorithm, ReadOnlySpan<byte> data, Span<byte> hex)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var length = Md5.HashSize;
        if (algorithm == DigestAlgorithm.Md5)
            Md5.Hash(data, hash);
        else
            length = SHA256.HashData(data, hash);
        Convert.TryToHexStringLower(hash[..length], hex, out var written);
        return written;
    }
}
