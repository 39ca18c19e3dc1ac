using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>
/// The signature that proves to a hook server who asks: HMAC-SHA256 over <c>timestamp + "." + body</c> with the shared secret.
/// </summary>
public static class HookSignature
{
    /// <summary>Header with the time of the question, in Unix seconds.</summary>
    public const string TimestampHeader = "X-Sip-Timestamp";

    /// <summary>Header with the signature.</summary>
    public const string SignatureHeader = "X-Sip-Signature";

    private const string Prefix = "sha256=";

    /// <summary>Makes a signature.</summary>
    /// <param name="secret">The shared secret; its UTF-8 bytes are the key.</param>
    /// <param name="timestamp">Unix seconds in decimal, as in <see cref="TimestampHeader"/>.</param>
    /// <param name="body">The body exactly as sent.</param>
    /// <returns><c>sha256=</c> and 64 lower-case hex digits.</returns>
    public static string Compute(string secret, string timestamp, ReadOnlySpan<byte> body)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        ArgumentNullException.ThrowIfNull(timestamp);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Hash(secret, timestamp, body, mac);
        return Prefix + Convert.ToHexStringLower(mac);
    }

    /// <summary>Checks a signature, in constant time.</summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="timestamp">Value of <see cref="TimestampHeader"/>, or null when it is missing.</param>
    /// <param name="body">The body exactly as received.</param>
    /// <param name="signature">Value of <see cref="SignatureHeader"/>, or null when it is missing.</param>
    /// <param name="now">The time here.</param>
    /// <param name="tolerance">How far the timestamp may be away from <paramref name="now"/>, either way; 5 minutes is a good
    /// value.</param>
    /// <returns>Whether the signature is right and fresh. Bad input is false, never an exception.</returns>
    /// <exception cref="ArgumentException">The secret is empty.</exception>
    public static bool Verify(
        string secret, string? timestamp, ReadOnlySpan<byte> body, string? signature, DateTimeOffset now, TimeSpan tolerance)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        if (timestamp is null || signature is null || signature.Length != Prefix.Length + (2 * HMACSHA256.HashSizeInBytes)
            || !signature.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        if (timestamp.Length > 12 || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return false;
        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > tolerance.TotalSeconds)
            return false;

        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (Convert.FromHexString(signature.AsSpan(Prefix.Length), given, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Hash(secret, timestamp, body, right);
        return CryptographicOperations.FixedTimeEquals(given, right);
    }

    private static void Hash(string secret, string timestamp, ReadOnlySpan<byte> body, Span<byte> mac)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes(timestamp));
        hmac.AppendData("."u8);
        hmac.AppendData(body);
        hmac.GetHashAndReset(mac);
    }
}
