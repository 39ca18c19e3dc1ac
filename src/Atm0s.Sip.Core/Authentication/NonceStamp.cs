using System.Buffers.Binary;

namespace Atm0s.Sip.Core.Authentication;

/// <summary>What tells a nonce from all others: when it was made, and chance. The first 12 of its bytes.</summary>
/// <param name="Milliseconds">When it was made, of the clock of who made it; 48 bits.</param>
/// <param name="Chance">48 random bits.</param>
internal readonly record struct NonceStamp(ulong Milliseconds, ulong Chance)
{
    public const int Length = 12;

    private const ulong Mask = (1UL << 48) - 1;

    public TimeSpan Made => TimeSpan.FromMilliseconds((long)Milliseconds);

    public static NonceStamp At(TimeSpan now, ulong chance) => new((ulong)now.TotalMilliseconds & Mask, chance & Mask);

    public static NonceStamp Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16, BinaryPrimitives.ReadUInt64BigEndian(bytes[4..]) & Mask);

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Milliseconds << 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)(Chance >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], (uint)Chance);
    }
}
