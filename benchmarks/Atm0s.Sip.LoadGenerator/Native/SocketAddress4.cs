using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.LoadGenerator.Native;

/// <summary><c>sockaddr_in</c>: an IPv4 address and a port, in network order.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct SocketAddress4
{
    public ushort Family;
    public ushort NetworkPort;
    public uint NetworkAddress;

    /// <summary>Makes one.</summary>
    /// <param name="address">In host order: 0x7F000001 is 127.0.0.1.</param>
    /// <param name="port">In host order.</param>
    public SocketAddress4(uint address, int port)
    {
        Family = LibC.InterNetwork;
        NetworkPort = BinaryPrimitives.ReverseEndianness((ushort)port);
        NetworkAddress = BinaryPrimitives.ReverseEndianness(address);
    }

    public readonly uint Address => BinaryPrimitives.ReverseEndianness(NetworkAddress);

    public readonly int Port => BinaryPrimitives.ReverseEndianness(NetworkPort);
}
