using System.Text;

namespace Atm0s.Sip.Core.Authentication;

/// <summary>The hash that a host stores in place of a password (RFC 7616 §3.4.2).</summary>
public static class Ha1
{
    /// <summary>Computes H(username:realm:password).</summary>
    /// <param name="algorithm">Algorithm.</param>
    /// <param name="username">User name.</param>
    /// <param name="realm">Realm.</param>
    /// <param name="password">Password.</param>
    /// <returns>Lower-case hex.</returns>
    public static string Compute(DigestAlgorithm algorithm, string username, string realm, string password)
    {
        Span<byte> hex = stackalloc byte[DigestAlgorithms.MaxHexLength];
        var length = algorithm.HashHex(Encoding.UTF8.GetBytes($"{username}:{realm}:{password}"), hex);
        return Encoding.ASCII.GetString(hex[..length]);
    }

    /// <summary>Computes H(username:realm:password).</summary>
    /// <param name="algorithm">Token of the algorithm: <c>MD5</c> or <c>SHA-256</c>.</param>
    /// <param name="username">User name.</param>
    /// <param name="realm">Realm.</param>
    /// <param name="password">Password.</param>
    /// <returns>Lower-case hex.</returns>
    /// <exception cref="ArgumentException">An algorithm that is not known.</exception>
    public static string Compute(string algorithm, string username, string realm, string password) =>
        DigestAlgorithms.TryParse(algorithm, out var parsed)
            ? Compute(parsed, username, realm, password)
            : throw new ArgumentException($"\"{algorithm}\" is no digest algorithm of ours: MD5 or SHA-256.", nameof(algorithm));
}
