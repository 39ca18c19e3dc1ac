using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Atm0s.Sip.Core.Cryptography;

/// <summary>The 128 bits of a <see cref="SipHash"/> key.</summary>
/// <param name="Low">The first 8 bytes, little endian.</param>
/// <param name="High">The last 8 bytes, little endian.</param>
internal readonly record struct SipHashKey(ulong Low, ulong High)
{
    /// <summary>A key that nobody knows.</summary>
    internal static SipHashKey NewRandom()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return Read(bytes);
    }

    /// <summary>
    /// The key for one purpose, out of a secret that may serve several. Each purpose has a key that tells nothing of another's.
    /// </summary>
    /// <param name="secret">The secret, of any length.</param>
    /// <param name="purpose">What the key is for.</param>
    internal static SipHashKey Derive(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> purpose)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, purpose, hash);
        return Read(hash);
    }

    /// <summary>The key that 16 bytes are.</summary>
    internal static SipHashKey Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));

    /// <summary>Does not show the key.</summary>
    public override string ToString() => nameof(SipHashKey);
}
