using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls.Records.Capture;

/// <summary>
/// A capture in the classic format of libpcap: little endian, microseconds, LINKTYPE_RAW, which is IPv4 or IPv6 by the first four bits.
/// </summary>
internal sealed class CaptureFile
{
    private const int RawLink = 101;
    private const int MaxPacket = 262_144;
    private const int MaxSegment = 16_384;      // of a stream; a datagram is one packet

    private readonly Stream _stream;
    private readonly Dictionary<(IPEndPoint From, IPEndPoint To), uint> _sent = [];

    /// <summary>Begins the file.</summary>
    public CaptureFile(Stream stream)
    {
        _stream = stream;
        Span<byte> header = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B2C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        header[8..16].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], MaxPacket);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], RawLink);
        _stream.Write(header);
    }

    /// <summary>Adds a message, unless its addresses are not known.</summary>
    public void Add(WireTraceEntry message)
    {
        if (message.Local is null || message.Remote is null)
            return;
        var (local, remote) = (Plain(message.Local), Plain(message.Remote));
        if (local.AddressFamily != remote.AddressFamily)
            return;
        var (from, to) = message.IsSent ? (local, remote) : (remote, local);
        var bytes = message.Bytes.IsEmpty ? Encoding.UTF8.GetBytes(message.Message) : message.Bytes.Span;
        var length = Math.Max(message.Length, bytes.Length);
        if (message.Protocol == SipTransportProtocol.Udp)
            AddDatagram(message.Timestamp, from, to, bytes, length);
        else
            AddStream(message.Timestamp, from, to, bytes, length);
    }

    private static IPEndPoint Plain(IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;

    private void AddDatagram(DateTimeOffset at, IPEndPoint from, IPEndPoint to, ReadOnlySpan<byte> bytes, int length)
    {
        var udp = new byte[8 + bytes.Length];
        Ports(udp, from, to);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(4), (ushort)Math.Min(ushort.MaxValue, 8 + length));
        bytes.CopyTo(udp.AsSpan(8));
        var sum = InternetChecksum.OfSegment(from.Address, to.Address, ProtocolType.Udp, udp, 8 + length);
        // RFC 768: zero says that there is none.
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(6), sum == 0 ? ushort.MaxValue : sum);
        AddPacket(at, from, to, ProtocolType.Udp, udp, 8 + length);
    }

    // The handshake is not there; a program that reads streams begins with the first segment that it sees.
    private void AddStream(DateTimeOffset at, IPEndPoint from, IPEndPoint to, ReadOnlySpan<byte> bytes, int length)
    {
        while (length > 0)
        {
            var wire = Math.Min(length, MaxSegment);
            var part = bytes[..Math.Min(bytes.Length, wire)];
            var tcp = new byte[20 + part.Length];
            Ports(tcp, from, to);
            var sequence = _sent.GetValueOrDefault((from, to), 1u);
            BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(4), sequence);
            BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(8), _sent.GetValueOrDefault((to, from), 1u));
            tcp[12] = 5 << 4;                   // words of the header
            tcp[13] = 0x18;                     // PSH, ACK
            BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(14), ushort.MaxValue);
            part.CopyTo(tcp.AsSpan(20));
            var sum = InternetChecksum.OfSegment(from.Address, to.Address, ProtocolType.Tcp, tcp, 20 + wire);
            BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(16), sum);
            AddPacket(at, from, to, ProtocolType.Tcp, tcp, 20 + wire);
            _sent[(from, to)] = sequence + (uint)wire;
            bytes = bytes[part.Length..];
            length -= wire;
        }
    }

    private void AddPacket(DateTimeOffset at, IPEndPoint from, IPEndPoint to, ProtocolType protocol, byte[] segment, int length)
    {
        var isIPv4 = from.AddressFamily == AddressFamily.InterNetwork;
        Span<byte> packet = stackalloc byte[16 + (isIPv4 ? 20 : 40)];
        var ip = packet[16..];
        ip.Clear();
        if (isIPv4)
            WriteIPv4(ip, from, to, protocol, length);
        else
            WriteIPv6(ip, from, to, protocol, length);
        var microseconds = (at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;
        BinaryPrimitives.WriteUInt32LittleEndian(packet, (uint)(microseconds / 1_000_000));
        BinaryPrimitives.WriteUInt32LittleEndian(packet[4..], (uint)(microseconds % 1_000_000));
        BinaryPrimitives.WriteInt32LittleEndian(packet[8..], ip.Length + segment.Length);
        BinaryPrimitives.WriteInt32LittleEndian(packet[12..], ip.Length + length);
        _stream.Write(packet);
        _stream.Write(segment);
    }

    // RFC 791 §3.1
    private static void WriteIPv4(Span<byte> ip, IPEndPoint from, IPEndPoint to, ProtocolType protocol, int length)
    {
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)Math.Min(ushort.MaxValue, 20 + length));
        ip[6] = 0x40;                           // not in fragments
        ip[8] = 64;
        ip[9] = (byte)protocol;
        from.Address.TryWriteBytes(ip[12..], out _);
        to.Address.TryWriteBytes(ip[16..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], InternetChecksum.Of(ip));
    }

    // RFC 8200 §3
    private static void WriteIPv6(Span<byte> ip, IPEndPoint from, IPEndPoint to, ProtocolType protocol, int length)
    {
        ip[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)Math.Min(ushort.MaxValue, length));
        ip[6] = (byte)protocol;
        ip[7] = 64;
        from.Address.TryWriteBytes(ip[8..], out _);
        to.Address.TryWriteBytes(ip[24..], out _);
    }

    private static void Ports(Span<byte> segment, IPEndPoint from, IPEndPoint to)
    {
        BinaryPrimitives.WriteUInt16BigEndian(segment, (ushort)from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(segment[2..], (ushort)to.Port);
    }
}
