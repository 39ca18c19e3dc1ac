using System.Buffers.Binary;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Stun;

/// <summary>The value of XOR-MAPPED-ADDRESS (RFC 8489 §14.2).</summary>
internal static class StunAddress
{
    /// <summary>Bytes of an IPv6 address with its port.</summary>
    public const int MaxLength = 20;

    private const byte FamilyIPv4 = 1;
    private const byte FamilyIPv6 = 2;

    /// <summary>Reads it.</summary>
    /// <returns>None when it is malformed.</returns>
    public static MediaAddress Read(ReadOnlySpan<byte> value, ReadOnlySpan<byte> transaction)
    {
        if (value.Length < 8)
            return default;
        var port = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ (StunFormat.MagicCookie >> 16));
        var first = BinaryPrimitives.ReadUInt32BigEndian(value[4..]) ^ StunFormat.MagicCookie;
        if (value[1] == FamilyIPv4 && value.Length == 8)
            return MediaAddress.FromIPv4(first, port);
        if (value[1] != FamilyIPv6 || value.Length != MaxLength)
            return default;
        var second = BinaryPrimitives.ReadUInt32BigEndian(value[8..]) ^ BinaryPrimitives.ReadUInt32BigEndian(transaction);
        var low = BinaryPrimitives.ReadUInt64BigEndian(value[12..]) ^ BinaryPrimitives.ReadUInt64BigEndian(transaction[4..]);
        return new MediaAddress(((ulong)first << 32) | second, low, 0, port);
    }

    /// <summary>Writes it.</summary>
    /// <returns>Its length.</returns>
    public static int Write(MediaAddress address, ReadOnlySpan<byte> transaction, Span<byte> value)
    {
        value[0] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(address.Port ^ (StunFormat.MagicCookie >> 16)));
        if (address.IsIPv4)
        {
            value[1] = FamilyIPv4;
            BinaryPrimitives.WriteUInt32BigEndian(value[4..], (uint)address.Low ^ StunFormat.MagicCookie);
            return 8;
        }

        value[1] = FamilyIPv6;
        var high = ((ulong)StunFormat.MagicCookie << 32) | BinaryPrimitives.ReadUInt32BigEndian(transaction);
        BinaryPrimitives.WriteUInt64BigEndian(value[4..], address.High ^ high);
        BinaryPrimitives.WriteUInt64BigEndian(value[12..], address.Low ^ BinaryPrimitives.ReadUInt64BigEndian(transaction[4..]));
        return MaxLength;
    }
}
