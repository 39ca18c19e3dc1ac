using System.Buffers.Binary;
using System.Net;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Srtp;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls.Security;

/// <summary>The audio of a scripted phone with keys: protects what it sends, and sorts what comes into authentic and not.</summary>
internal sealed class SecureAudio : IDisposable
{
    private readonly VirtualWorld _world;
    private readonly IPEndPoint _local;
    private readonly IMediaSocket _rtp;
    private readonly IMediaSocket _rtcp;
    private readonly byte[] _buffer = new byte[2048];
    private readonly List<SrtpReceiver> _openers = [];
    private SrtpSender? _protector;
    private ushort _sequence = 100;
    private uint _timestamp = 1;

    public SecureAudio(VirtualWorld world, string address = "10.0.2.2:4000")
    {
        _world = world;
        _local = IPEndPoint.Parse(address);
        Assert.That(world.MediaNetwork.TryBind(_local.Address, _local.Port, out var rtp), Is.True);
        Assert.That(world.MediaNetwork.TryBind(_local.Address, _local.Port + 1, out var rtcp), Is.True);
        (_rtp, _rtcp) = (rtp!, rtcp!);
    }

    /// <summary>Packets that came with the right key.</summary>
    public int Authentic { get; private set; }

    /// <summary>Payloads of the RTP among them.</summary>
    public List<byte[]> Payloads { get; } = [];

    /// <summary>Packets that came in the clear, or with another key.</summary>
    public List<byte[]> Strange { get; } = [];

    /// <summary>A description with one stream at its address.</summary>
    public string Sdp(string profile = "RTP/SAVP", params string[] lines) => string.Join(
        "\r\n",
        [
            "v=0", $"o=- 1 1 IN IP4 {_local.Address}", "s=-", $"c=IN IP4 {_local.Address}", "t=0 0",
            $"m=audio {_local.Port} {profile} 8 101", "a=rtpmap:101 telephone-event/8000", .. lines, "",
        ]);

    /// <summary>A line with a key of ours, which protects what is sent from now on.</summary>
    public string NewLine(int tag = 1, string suite = "AES_CM_128_HMAC_SHA1_80", byte key = 1)
    {
        var found = SrtpSuite.Find(suite)!;
        var bytes = Enumerable.Repeat(key, found.KeyLength + found.SaltLength).ToArray();
        _protector?.Dispose();
        _protector = new SrtpSender(new SrtpKey(found, bytes.AsSpan(0, found.KeyLength), bytes.AsSpan(found.KeyLength)));
        return "a=crypto:" + new CryptoAttribute(tag, suite, bytes).ToValue();
    }

    /// <summary>Takes the only key of a description: packets with it are authentic from now on.</summary>
    public CryptoAttribute Open(SipText message, int tag)
    {
        var line = LinesOf(message).Single(l => l.Tag == tag);
        var suite = SrtpSuite.Find(line.Suite)!;
        _openers.Add(new SrtpReceiver(new SrtpKey(suite, line.KeyAndSalt[..suite.KeyLength], line.KeyAndSalt[suite.KeyLength..])));
        return line;
    }

    /// <summary>Uses keys from now on.</summary>
    /// <param name="keys">As the server has them.</param>
    public void Use(SrtpKeys keys)
    {
        _protector?.Dispose();
        _protector = new SrtpSender(keys.Receive);
        _openers.Add(new SrtpReceiver(keys.Send));
    }

    public static List<CryptoAttribute> LinesOf(SipText message) =>
    [
        .. message.Body.Split("\r\n").Where(l => l.StartsWith("a=crypto:", StringComparison.Ordinal)).Select(l =>
        {
            Assert.That(CryptoAttribute.TryParse(l.AsSpan("a=crypto:".Length), out var line), Is.True, l);
            return line!;
        }),
    ];

    public static string ProfileOf(SipText message) =>
        message.Body.Split("\r\n").Single(l => l.StartsWith("m=audio", StringComparison.Ordinal)).Split(' ')[2];

    /// <summary>Sends packets every 20 ms, and keeps what comes.</summary>
    public void Talk(double seconds, IPEndPoint to, bool isPlain = false)
    {
        for (var i = 0; i < seconds * 50; i++)
        {
            _rtp.SendTo(NewPacket(isPlain), MediaAddress.From(to));
            _world.Advance(TimeSpan.FromMilliseconds(20));
            Drain();
        }
    }

    /// <summary>The next packet, not sent.</summary>
    public byte[] NewPacket(bool isPlain = false)
    {
        var packet = new byte[172];
        (packet[0], packet[1]) = (0x80, 8);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), _sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), _timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), 0xCAFE);
        packet.AsSpan(12).Fill(0xD5);
        _timestamp += 160;
        if (isPlain)
            return packet;
        var (buffer, length) = (new byte[256], packet.Length);
        packet.CopyTo(buffer, 0);
        Assert.That(_protector!.TryProtectRtp(buffer, ref length), Is.True);
        return buffer[..length];
    }

    /// <summary>Sends a packet as it is.</summary>
    public void Send(byte[] packet, IPEndPoint to) => _rtp.SendTo(packet, MediaAddress.From(to));

    /// <summary>Forgets what has come.</summary>
    public void Clear()
    {
        (Authentic, _) = (0, 0);
        Payloads.Clear();
        Strange.Clear();
    }

    public void Drain()
    {
        Drain(_rtp);
        Drain(_rtcp);
    }

    public void Dispose()
    {
        _protector?.Dispose();
        _openers.ForEach(opener => opener.Dispose());
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    private void Drain(IMediaSocket socket)
    {
        while (socket.Receive(_buffer, out var datagram) == MediaReceive.Datagram)
        {
            // RFC 6263: what keeps a NAT open while nothing is said.
            if (datagram.Length < 12)
                continue;
            var packet = _buffer.AsSpan(0, datagram.Length).ToArray();
            var isRtcp = packet[1] is >= 192 and <= 223;
            if (!_openers.Exists(opener => IsAuthentic(opener, packet, isRtcp)))
                Strange.Add(packet);
        }
    }

    private bool IsAuthentic(SrtpReceiver opener, byte[] packet, bool isRtcp)
    {
        var copy = packet.ToArray();
        var verdict = isRtcp ? opener.UnprotectRtcp(copy, out var length) : opener.UnprotectRtp(copy, out length);
        if (verdict != SrtpVerdict.Accepted)
            return false;
        Authentic++;
        if (!isRtcp)
            Payloads.Add(copy[12..length]);
        return true;
    }
}
