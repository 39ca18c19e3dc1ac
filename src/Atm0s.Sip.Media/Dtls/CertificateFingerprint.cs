using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Atm0s.Sip.Media.Dtls;

/// <summary>
/// The fingerprint of a certificate, as <c>a=fingerprint</c> bears it (RFC 8122 §5). Only SHA-256, SHA-384 and SHA-512 prove anything
/// here; MD5 and SHA-1 are read and never match. Two are equal when algorithm and bytes are.
/// </summary>
public sealed class CertificateFingerprint : IEquatable<CertificateFingerprint>
{
    /// <summary>Name of SHA-256, which ours have.</summary>
    public const string Sha256 = "sha-256";

    private const int MaxLength = 64; // bytes, SHA-512

    private readonly byte[] _value;

    /// <summary>Copies a fingerprint.</summary>
    /// <param name="algorithm">Name of the hash function (RFC 8122 §5), in lower case: <c>sha-256</c>.</param>
    /// <param name="value">1 to 64 bytes.</param>
    /// <exception cref="ArgumentException">Length out of range.</exception>
    public CertificateFingerprint(string algorithm, ReadOnlySpan<byte> value)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        if (value.Length is 0 or > MaxLength)
            throw new ArgumentException($"A fingerprint has 1 to {MaxLength} bytes.", nameof(value));
        Algorithm = algorithm;
        _value = value.ToArray();
    }

    /// <summary>Name of the hash function, in lower case.</summary>
    public string Algorithm { get; }

    /// <summary>The hash.</summary>
    public ReadOnlyMemory<byte> Value => _value;

    /// <summary>Whether it can prove who a peer is: SHA-256, SHA-384 or SHA-512, at their lengths.</summary>
    public bool IsStrong => LengthOf(Algorithm) == _value.Length;

    /// <summary>Makes the SHA-256 fingerprint of a certificate.</summary>
    /// <param name="certificate">In DER.</param>
    public static CertificateFingerprint Of(ReadOnlySpan<byte> certificate) => new(Sha256, SHA256.HashData(certificate));

    /// <summary>Reads the value of <c>a=fingerprint</c>: <c>sha-256 4A:AD:B9:...</c>; case does not matter.</summary>
    /// <param name="text">What stands after the colon of the attribute.</param>
    /// <param name="fingerprint">The fingerprint.</param>
    /// <returns>False when it is malformed or longer than 64 bytes.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out CertificateFingerprint? fingerprint)
    {
        fingerprint = null;
        text = text.Trim(' ');
        var space = text.IndexOf(' ');
        if (space is <= 0 or > 16)
            return false;
        var hex = text[(space + 1)..].Trim(' ');
        // RFC 8122 §5: two hexadecimal digits a byte, colons between them.
        if (hex.Length % 3 != 2 || (hex.Length + 1) / 3 > MaxLength)
            return false;
        Span<byte> value = stackalloc byte[(hex.Length + 1) / 3];
        for (var i = 0; i < value.Length; i++)
        {
            var isWhole = Convert.FromHexString(hex.Slice(i * 3, 2), value[i..], out _, out _) == System.Buffers.OperationStatus.Done;
            if (!isWhole || (i > 0 && hex[(i * 3) - 1] != ':'))
                return false;
        }

        fingerprint = new CertificateFingerprint(text[..space].ToString().ToLowerInvariant(), value);
        return true;
    }

    /// <summary>Whether a certificate has it. Takes the same time wherever the first difference is.</summary>
    /// <param name="certificate">In DER.</param>
    /// <returns>False also when the algorithm proves nothing.</returns>
    public bool Matches(ReadOnlySpan<byte> certificate)
    {
        if (!IsStrong)
            return false;
        Span<byte> hash = stackalloc byte[MaxLength];
        var length = Algorithm switch
        {
            Sha256 => SHA256.HashData(certificate, hash),
            "sha-384" => SHA384.HashData(certificate, hash),
            _ => SHA512.HashData(certificate, hash),
        };
        return CryptographicOperations.FixedTimeEquals(hash[..length], _value);
    }

    /// <inheritdoc/>
    public bool Equals(CertificateFingerprint? other) =>
        other is not null && other.Algorithm == Algorithm && other._value.AsSpan().SequenceEqual(_value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CertificateFingerprint);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Algorithm, _value[0], _value[^1]);

    /// <summary>As <c>a=fingerprint</c> has it after its colon.</summary>
    public override string ToString() => $"{Algorithm} {BitConverter.ToString(_value).Replace('-', ':')}";

    private static int LengthOf(string algorithm) => algorithm switch
    {
        Sha256 => SHA256.HashSizeInBytes,
        "sha-384" => SHA384.HashSizeInBytes,
        "sha-512" => SHA512.HashSizeInBytes,
        _ => 0,
    };
}
