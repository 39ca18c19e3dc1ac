using System.Buffers.Binary;
using System.Net;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.TestKit;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>The audio side of a scripted phone: sends what the test says, keeps what comes.</summary>
internal sealed class RtpPeer
{
    private readonly VirtualWorld _world;
    private readonly IMediaSocket _rtp;
    private readonly IMediaSocket _rtcp;
    private readonly byte[] _buffer = new byte[2048];
    private ushort _sequence = 1;
    private uint _timestamp = 1;

    public RtpPeer(VirtualWorld world, string address)
    {
        _world = world;
        var local = IPEndPoint.Parse(address);
        Assert.That(world.MediaNetwork.TryBind(local.Address, local.Port, out var rtp), Is.True);
        Assert.That(world.MediaNetwork.TryBind(local.Address, local.Port + 1, out var rtcp), Is.True);
        (_rtp, _rtcp) = (rtp!, rtcp!);
    }

    /// <summary>Packets that came to the RTP port, RTCP left out.</summary>
    public List<byte[]> Rtp { get; } = [];

    /// <summary>Packets of RTCP, at either port.</summary>
    public List<(byte[] Packet, bool OnRtpPort)> Rtcp { get; } = [];

    /// <summary>Payload types of the packets that came, each once.</summary>
    public IEnumerable<int> PayloadTypes => Rtp.Select(p => p[1] & 0x7F).Distinct();

    /// <summary>Lets time go by and keeps what comes.</summary>
    public void Listen(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(20))
        {
            _world.Advance(TimeSpan.FromMilliseconds(20));
            Drain();
        }

        Drain();
    }

    /// <summary>Sends 20 ms of 8 kHz; time stands still.</summary>
    public void Send(byte[] payload, IPEndPoint to, int payloadType = 8)
    {
        Send(to, payloadType, marker: false, payload);
        _timestamp += 160;
    }

    /// <summary>Sends packets of 160 bytes every 20 ms, and keeps what comes.</summary>
    public void Talk(TimeSpan time, IPEndPoint to, int payloadType = 8)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(20))
            Say(new byte[160], to, payloadType);
    }

    /// <summary>Sends 20 ms of 8 kHz, and keeps what comes meanwhile.</summary>
    public void Say(byte[] payload, IPEndPoint to, int payloadType = 8)
    {
        Send(to, payloadType, marker: false, payload);
        _timestamp += 160;
        Listen(TimeSpan.FromMilliseconds(20));
    }

    /// <summary>Presses a key: a telephone event of 100 ms in a clock of 8000 Hz (RFC 4733 §2.5.1).</summary>
    public void Press(int digit, IPEndPoint to, int payloadType = 101)
    {
        for (var i = 1; i <= 7; i++)
        {
            var isEnd = i > 4;
            Send(
                to,
                payloadType,
                marker: i == 1,
                [(byte)digit, (byte)((isEnd ? 0x80 : 0) | 10), 0, 0],
                duration: (ushort)(Math.Min(i, 5) * 160));
            Listen(TimeSpan.FromMilliseconds(20));
        }

        _timestamp += 1600;
    }

    private void Send(IPEndPoint to, int payloadType, bool marker, byte[] payload, ushort duration = 0)
    {
        var packet = new byte[12 + payload.Length];
        packet[0] = 0x80;
        packet[1] = (byte)((marker ? 0x80 : 0) | payloadType);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), _sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), _timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), 0xCAFE);
        payload.CopyTo(packet, 12);
        if (duration > 0)
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(14), duration);
        _rtp.SendTo(packet, MediaAddress.From(to));
    }

    private void Drain()
    {
        Drain(_rtp, isRtp: true);
        Drain(_rtcp, isRtp: false);
    }

    private void Drain(IMediaSocket socket, bool isRtp)
    {
        while (socket.Receive(_buffer, out var datagram) == MediaReceive.Datagram)
        {
            var packet = _buffer.AsSpan(0, datagram.Length).ToArray();
            // RFC 6263: what keeps a NAT open while nothing is said.
            if (packet.Length < 12)
                continue;
            // RFC 5761 §4
            if (packet[1] is >= 192 and <= 223)
                Rtcp.Add((packet, isRtp));
            else
                Rtp.Add(packet);
        }
    }
}
