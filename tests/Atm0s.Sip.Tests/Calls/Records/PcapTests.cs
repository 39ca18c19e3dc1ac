using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Tests.Calls.Records;

/// <summary>The capture file, read by another reader: headers, lengths, checksums, streams.</summary>
public sealed class PcapTests
{
    private static readonly DateTimeOffset At = new(2030, 1, 1, 0, 0, 1, 234, 567, TimeSpan.Zero);

    [TestCase("192.0.2.7", "10.0.0.1", SipTransportProtocol.Udp)]
    [TestCase("192.0.2.7", "10.0.0.1", SipTransportProtocol.Tcp)]
    [TestCase("2001:db8::7", "2001:db8::1", SipTransportProtocol.Udp)]
    [TestCase("2001:db8::7", "2001:db8::1", SipTransportProtocol.Tcp)]
    [TestCase("::ffff:192.0.2.7", "10.0.0.1", SipTransportProtocol.Udp)]
    public void Message_IsAPacketWithRightChecksums(string remote, string local, SipTransportProtocol protocol)
    {
        var packets = Write(
            Entry("INVITE sip:a@b SIP/2.0\r\n\r\n", remote, local, protocol), Entry("odd", remote, local, protocol, isSent: true));

        Assert.That(packets.Select(packet => packet.Payload), Is.EqualTo(new[] { "INVITE sip:a@b SIP/2.0\r\n\r\n", "odd" }));
        Assert.That(packets.Select(packet => packet.IsSound), Has.All.True);
        var (from, to) = (new IPEndPoint(IPAddress.Parse(remote.Replace("::ffff:", "", StringComparison.Ordinal)), 5080),
            new IPEndPoint(IPAddress.Parse(local), 5060));
        Assert.That((packets[0].From, packets[0].To), Is.EqualTo((from, to)));
        Assert.That((packets[1].From, packets[1].To), Is.EqualTo((to, from)));
        Assert.That(packets[0].At, Is.EqualTo(At));
    }

    [Test]
    public void Stream_HasSequenceNumbersThatFollowEachOther()
    {
        var packets = Write(
            Entry(new string('a', 40_000), "192.0.2.7", "10.0.0.1", SipTransportProtocol.Tcp),
            Entry("bb", "192.0.2.7", "10.0.0.1", SipTransportProtocol.Tcp, isSent: true),
            Entry("c", "192.0.2.7", "10.0.0.1", SipTransportProtocol.Tcp));

        Assert.That(packets.Select(p => (p.Sequence, p.Acknowledged, p.Payload.Length)), Is.EqualTo(new[]
        {
            (1u, 1u, 16_384), (16_385u, 1u, 16_384), (32_769u, 1u, 7_232), (1u, 40_001u, 2), (40_001u, 3u, 1),
        }));
        Assert.That(packets.Select(packet => packet.IsSound), Has.All.True);
    }

    [Test]
    public void MessageThatWasCutOff_SaysHowLongItWas()
    {
        var packets = Write(Entry("abc", "192.0.2.7", "10.0.0.1", SipTransportProtocol.Udp) with { Length = 1_000 });

        Assert.That((packets[0].Captured, packets[0].OnWire), Is.EqualTo((20 + 8 + 3, 20 + 8 + 1_000)));
    }

    [Test]
    public void MessageWithoutAddresses_IsLeftOut() =>
        Assert.That(
            Write(new WireTraceEntry(At, true, "udp://x", "x"), Entry("y", "192.0.2.7", "::1", SipTransportProtocol.Udp)), Is.Empty);

    [Test]
    public void Messages_AreInTheOrderOfTime()
    {
        var packets = Write(
            Entry("2", "192.0.2.7", "10.0.0.1", SipTransportProtocol.Udp) with { Timestamp = At.AddSeconds(1) },
            Entry("1", "192.0.2.8", "10.0.0.1", SipTransportProtocol.Udp));
        Assert.That(packets.Select(packet => packet.Payload), Is.EqualTo(new[] { "1", "2" }));
    }

    private static WireTraceEntry Entry(string text, string remote, string local, SipTransportProtocol protocol, bool isSent = false) =>
        new(At, isSent, "", text)
        {
            Protocol = protocol,
            Local = new IPEndPoint(IPAddress.Parse(local), 5060),
            Remote = new IPEndPoint(IPAddress.Parse(remote), 5080),
        };

    private static List<Packet> Write(params WireTraceEntry[] entries)
    {
        var stream = new MemoryStream();
        PcapWriter.Write(stream, entries);
        var file = stream.ToArray().AsSpan();
        Assert.That(Convert.ToHexString(file[..24]), Is.EqualTo("D4C3B2A10200040000000000000000000000040065000000"));
        var packets = new List<Packet>();
        for (var rest = file[24..]; !rest.IsEmpty;)
        {
            var (captured, wire) = (BinaryPrimitives.ReadInt32LittleEndian(rest[8..]), BinaryPrimitives.ReadInt32LittleEndian(rest[12..]));
            var at = DateTimeOffset.UnixEpoch.AddSeconds(BinaryPrimitives.ReadUInt32LittleEndian(rest))
                .AddMicroseconds(BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]));
            packets.Add(Packet.Read(rest.Slice(16, captured), at, wire));
            rest = rest[(16 + captured)..];
        }

        return packets;
    }

    private sealed record Packet(DateTimeOffset At, IPEndPoint From, IPEndPoint To, string Payload, bool IsSound)
    {
        public uint Sequence { get; init; }

        public uint Acknowledged { get; init; }

        public int Captured { get; init; }

        public int OnWire { get; init; }

        public static Packet Read(ReadOnlySpan<byte> ip, DateTimeOffset at, int wire)
        {
            var isIPv4 = ip[0] >> 4 == 4;
            var header = isIPv4 ? 20 : 40;
            var protocol = (ProtocolType)ip[isIPv4 ? 9 : 6];
            var length = BinaryPrimitives.ReadUInt16BigEndian(ip[(isIPv4 ? 2 : 4)..]) + (isIPv4 ? 0 : 40);
            var addresses = isIPv4 ? ip[12..20] : ip[8..40];
            var half = addresses.Length / 2;
            var segment = ip[header..];
            // One's complement sums of what is right, checksum included, are all ones.
            byte[] pseudo = [.. addresses, 0, (byte)protocol, (byte)(segment.Length >> 8), (byte)segment.Length, .. segment];
            var sound = length == wire && (!isIPv4 || Sum(ip[..20]) == 0xFFFF) && Sum(pseudo) == 0xFFFF
                && (protocol != ProtocolType.Udp || BinaryPrimitives.ReadUInt16BigEndian(segment[4..]) == wire - header);
            var payload = protocol == ProtocolType.Udp ? segment[8..] : segment[(segment[12] >> 4 << 2)..];
            var isStream = protocol == ProtocolType.Tcp;
            return new Packet(
                at,
                new IPEndPoint(new IPAddress(addresses[..half]), BinaryPrimitives.ReadUInt16BigEndian(segment)),
                new IPEndPoint(new IPAddress(addresses[half..]), BinaryPrimitives.ReadUInt16BigEndian(segment[2..])),
                Encoding.UTF8.GetString(payload),
                sound)
            {
                Sequence = isStream ? BinaryPrimitives.ReadUInt32BigEndian(segment[4..]) : 0,
                Acknowledged = isStream ? BinaryPrimitives.ReadUInt32BigEndian(segment[8..]) : 0,
                Captured = ip.Length,
                OnWire = wire,
            };
        }

        private static int Sum(ReadOnlySpan<byte> bytes)
        {
            var sum = 0;
            for (var i = 0; i < bytes.Length; i++)
            {
                sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
                sum = (sum & 0xFFFF) + (sum >> 16);
            }

            return sum;
        }
    }
}
