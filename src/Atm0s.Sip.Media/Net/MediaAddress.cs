using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Media.Net;

/// <summary>Address and port as a value: compared and kept without allocating. IPv4 is kept as IPv4-mapped IPv6.</summary>
/// <param name="High">First eight bytes of the address, in network order.</param>
/// <param name="Low">Last eight bytes of the address, in network order.</param>
/// <param name="Scope">IPv6 scope, 0 when there is none.</param>
/// <param name="Port">UDP port.</param>
public readonly record struct MediaAddress(ulong High, ulong Low, uint Scope, ushort Port)
{
    private const ulong Mapped = 0xFFFF_0000_0000;

    /// <summary>Whether this is no address at all.</summary>
    public bool IsNone => Port == 0;

    /// <summary>Whether it is an IPv4 address.</summary>
    public bool IsIPv4 => High == 0 && Low >> 32 == Mapped >> 32;

    /// <summary>
    /// Whether nobody outside its own network can reach it, so that a NAT may stand before it: RFC 1918, RFC 6598, unique local (RFC
    /// 4193) and link-local addresses. The loopback is not: no NAT stands before it.
    /// </summary>
    internal bool IsPrivate => IsIPv4
        ? (Low >> 24 & 0xFF) == 10
            || (Low >> 20 & 0xFFF) == 0xAC1
            || (Low >> 16 & 0xFFFF) is 0xC0A8 or 0xA9FE
            || (Low >> 22 & 0x3FF) == 0x191
        : High >> 57 == 0x7E || High >> 54 == 0x3FA;

    /// <summary>
    /// Whether media may go there: no port below 1024, and no multicast, reserved or broadcast address, none that stands for any address
    /// or for the host's own services on the link (169.254/16). Broadcast addresses of a subnet are left to the system, which refuses
    /// them.
    /// </summary>
    internal bool IsUsable => Port >= 1024 && (IsIPv4
        ? (Low >> 24 & 0xFF) is > 0 and < 224 && (Low >> 16 & 0xFFFF) != 0xA9FE
        : High >> 56 != 0xFF && (High, Low) != (0UL, 0UL));

    /// <summary>What counts as one network: an IPv4 address, or an IPv6 /64; 0 when this is no address.</summary>
    internal ulong Network => IsIPv4 ? Low : High;

    /// <summary>Takes an end point.</summary>
    /// <param name="endPoint">IPv4 or IPv6.</param>
    public static MediaAddress From(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        Span<byte> bytes = stackalloc byte[16];
        if (!endPoint.Address.TryWriteBytes(bytes, out var length))
            return default;
        var port = (ushort)endPoint.Port;
        if (length == 4)
            return FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), port);
        return FromBytes(bytes, (uint)endPoint.Address.ScopeId, port);
    }

    /// <summary>Takes an operating system's address.</summary>
    /// <param name="address">IPv4 or IPv6; anything else gives <see cref="IsNone"/>.</param>
    public static MediaAddress From(SocketAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var bytes = address.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (address.Family == AddressFamily.InterNetwork)
            return FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port);
        return address.Family == AddressFamily.InterNetworkV6 && bytes.Length >= 28
            ? FromBytes(bytes[8..24], BitConverter.ToUInt32(bytes[24..]), port)
            : default;
    }

    /// <summary>Whether both are the same host, whatever the port.</summary>
    /// <param name="other">The other one.</param>
    public bool SameHost(MediaAddress other) => High == other.High && Low == other.Low;

    /// <summary>Makes an end point; allocates.</summary>
    public IPEndPoint ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return new IPEndPoint(IsIPv4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes, Scope), Port);
    }

    /// <inheritdoc/>
    public override string ToString() => ToEndPoint().ToString();

    internal static MediaAddress FromIPv4(uint address, ushort port) => new(0, Mapped | address, 0, port);

    private static MediaAddress FromBytes(ReadOnlySpan<byte> bytes, uint scope, ushort port) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), scope, port);
}
