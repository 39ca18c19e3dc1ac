using System.Buffers.Binary;
using System.Net;

namespace Atm0s.Sip.Core.Transport;

/// <summary>What counts as one source, as a value: an IPv4 address, or an IPv6 /64.</summary>
/// <param name="Value">Its bits.</param>
/// <param name="IsIPv6">Whether they are those of a /64.</param>
internal readonly record struct SourceKey(ulong Value, bool IsIPv6)
{
    /// <summary>The source of an address. Allocates nothing.</summary>
    public static SourceKey Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        if (length == 4)
            return new SourceKey(BinaryPrimitives.ReadUInt32BigEndian(bytes), false);
        // RFC 4291 §2.5.5.2: an IPv4 address that came in through an IPv6 socket.
        return address.IsIPv4MappedToIPv6 ? new SourceKey(BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]), false)
            : new SourceKey(BinaryPrimitives.ReadUInt64BigEndian(bytes), true);
    }

    /// <summary>Seeded anew in every process, so that nobody can choose addresses that meet in one place of a table.</summary>
    /// <remarks>In halves: the hash code of a number of 64 bits is the one half XOR the other, without a seed.</remarks>
    public override int GetHashCode() => HashCode.Combine((uint)Value, (uint)(Value >> 32), IsIPv6);
}
