using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Net;

/// <summary>struct sockaddr_in and sockaddr_in6 of Linux, to and from <see cref="MediaAddress"/>.</summary>
internal static class SocketName
{
    /// <summary>Bytes of the longer one.</summary>
    public const int MaxLength = 28;

    private const int Length4 = 16;
    private const ushort Family4 = 2;
    private const ushort Family6 = 10;

    /// <summary>Writes an address for a socket of this family.</summary>
    /// <returns>Bytes written; 0 when a socket of this family does not reach the address.</returns>
    public static int Write(MediaAddress address, AddressFamily family, Span<byte> name)
    {
        name.Clear();
        if (address.IsIPv4 != (family == AddressFamily.InterNetwork))
            return 0;
        BinaryPrimitives.WriteUInt16BigEndian(name[2..], address.Port);
        if (address.IsIPv4)
        {
            MemoryMarshal.Write(name, Family4);
            BinaryPrimitives.WriteUInt32BigEndian(name[4..], (uint)address.Low);
            return Length4;
        }

        MemoryMarshal.Write(name, Family6);
        BinaryPrimitives.WriteUInt64BigEndian(name[8..], address.High);
        BinaryPrimitives.WriteUInt64BigEndian(name[16..], address.Low);
        MemoryMarshal.Write(name[24..], address.Scope);
        return MaxLength;
    }

    /// <summary>Reads what the kernel told; <see cref="MediaAddress.IsNone"/> for anything else.</summary>
    public static MediaAddress Read(ReadOnlySpan<byte> name)
    {
        if (name.Length < Length4)
            return default;
        var port = BinaryPrimitives.ReadUInt16BigEndian(name[2..]);
        return MemoryMarshal.Read<ushort>(name) switch
        {
            Family4 => MediaAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(name[4..]), port),
            Family6 when name.Length >= MaxLength => new MediaAddress(
                BinaryPrimitives.ReadUInt64BigEndian(name[8..]),
                BinaryPrimitives.ReadUInt64BigEndian(name[16..]),
                MemoryMarshal.Read<uint>(name[24..]),
                port),
            _ => default,
        };
    }
}
