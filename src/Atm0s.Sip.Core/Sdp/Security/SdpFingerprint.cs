using System.Diagnostics.CodeAnalysis;

namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>The fingerprint of a certificate (RFC 8122 §5). Two are equal when algorithm and hash are.</summary>
/// <param name="Algorithm">sha-256, sha-384 or sha-512.</param>
/// <param name="Hash">Hexadecimal digits in upper case, a colon after each two.</param>
internal sealed record SdpFingerprint(string Algorithm, string Hash)
{
    /// <summary>
    /// Reads the value of <c>a=fingerprint</c>. RFC 8122 §5: MD5, MD2 must not be used; SHA-1 is refused too, for certificates with the same
    /// one can be made.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out SdpFingerprint? fingerprint)
    {
        fingerprint = null;
        text = text.Trim();
        var space = text.IndexOf(' ');
        if (space <= 0)
            return false;
        var algorithm = text[..space];
        var name = algorithm.Equals("sha-256", StringComparison.OrdinalIgnoreCase) ? "sha-256"
            : algorithm.Equals("sha-384", StringComparison.OrdinalIgnoreCase) ? "sha-384"
            : algorithm.Equals("sha-512", StringComparison.OrdinalIgnoreCase) ? "sha-512"
            : null;
        var hash = text[(space + 1)..].Trim();
        if (name is null || hash.Length != (LengthOf(name) * 3) - 1)
            return false;
        for (var i = 0; i < hash.Length; i++)
        {
            if (i % 3 == 2 ? hash[i] != ':' : !char.IsAsciiHexDigit(hash[i]))
                return false;
        }

        fingerprint = new SdpFingerprint(name, hash.ToString().ToUpperInvariant());
        return true;
    }

    /// <summary>As it is written.</summary>
    public override string ToString() => $"{Algorithm} {Hash}";

    private static int LengthOf(string algorithm) => algorithm switch
    {
        "sha-256" => 32,
        "sha-384" => 48,
        _ => 64,
    };
}
