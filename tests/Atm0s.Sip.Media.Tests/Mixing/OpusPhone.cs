using System.Net;
using Atm0s.Sip.Media.Audio;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit.Net;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>A phone that speaks Opus, and decodes what it hears without a jitter buffer.</summary>
internal sealed class OpusPhone : IRtpLegObserver, IDisposable
{
    private static readonly OpusCodec Codec =
        new(LibOpusCodecProvider.Instance, new OpusEncoderOptions { ExpectedLossPercent = 0 });

    private readonly IMediaSocket _socket;
    private readonly IMediaSocket _rtcp;
    private readonly IAudioDecoder _decoder = Codec.CreateDecoder();
    private readonly byte[] _buffer = new byte[2048];
    private readonly short[] _pcm = new short[5760];
    private readonly int _levels;
    private ushort _sequence;
    private uint _timestamp;

    public OpusPhone(MediaEngine engine, InMemoryMediaNetwork network, MixRoom room, int number, int levels = 0, bool passThrough = false)
    {
        _levels = levels;
        var address = new IPEndPoint(new IPAddress([10, 0, 1, (byte)number]), 4000);
        Assert.That(network.TryBind(address.Address, address.Port, out var socket));
        _socket = socket!;
        Assert.That(network.TryBind(address.Address, address.Port + 1, out var rtcp));
        _rtcp = rtcp!;
        Leg = engine.TryOpenLeg(MediaWorld.Host, this)!;
        Parameters = new RtpLegParameters
        {
            SendFormat = new RtpFormat(96, Codec, "useinbandfec=1"),
            ReceiveFormats = [new RtpFormat(96, Codec)],
            Remote = address,
            SignallingAddress = address.Address,
            AudioLevelExtension = levels,
            PassThrough = passThrough,
        };
        Leg.Start(Parameters, room);
        Leg.Confirm();
    }

    public RtpLeg Leg { get; }

    public RtpLegParameters Parameters { get; }

    /// <summary>The last frame that it heard; empty when none came.</summary>
    public short[] Heard { get; private set; } = [];

    public List<byte[]> Packets { get; } = [];

    /// <summary>Encodes frames of 20 ms.</summary>
    public static (byte[] Payload, int Level)[] Encode(IEnumerable<short[]> frames)
    {
        using var encoder = Codec.CreateEncoder(AudioEncoderSettings.Default);
        var buffer = new byte[1275];
        return [.. frames.Select(pcm => (buffer[..encoder.Encode(pcm, buffer)], AudioLevel.Measure(pcm)))];
    }

    /// <summary>Says 20 ms.</summary>
    public void Say((byte[] Payload, int Level) frame)
    {
        var extension = _levels > 0 ? 8 : 0;
        var packet = new byte[RtpHeader.Length + extension + 1275];
        RtpHeader.Write(packet, 96, false, _sequence++, _timestamp, (uint)Leg.LocalEndPoint.Port);
        _timestamp += 960;
        if (extension > 0)
        {
            packet[0] |= 0x10;
            var flagged = (byte)((frame.Level < 45 ? 0x80 : 0) | frame.Level);
            ((byte[])[0xBE, 0xDE, 0, 1, (byte)(_levels << 4), flagged, 0, 0]).CopyTo(packet, RtpHeader.Length);
        }

        var length = frame.Payload.Length;
        frame.Payload.CopyTo(packet, RtpHeader.Length + extension);
        _socket.SendTo(packet.AsSpan(0, RtpHeader.Length + extension + length), MediaAddress.From(Leg.LocalEndPoint));
    }

    /// <summary>Tells the leg what share of its packets is lost (RFC 3550 §6.4.2).</summary>
    public void ReportLoss(double share)
    {
        byte[] report =
        [
            0x81, 201, 0, 7, 0, 0, 0, 7, .. Packets[^1][8..12], (byte)(share * 256), 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0x81, 202, 0, 3, 0, 0, 0, 7, 1, 1, (byte)'a', 0, 0, 0, 0, 0,
        ];
        _rtcp.SendTo(report, MediaAddress.From(new IPEndPoint(Leg.LocalEndPoint.Address, Leg.LocalEndPoint.Port + 1)));
    }

    /// <summary>A packet is lost on the way.</summary>
    public void Lose()
    {
        _sequence++;
        _timestamp += 960;
    }

    /// <summary>Takes what has come.</summary>
    /// <param name="listens">Whether it is decoded.</param>
    public void Hear(bool listens)
    {
        Heard = [];
        while (_socket.Receive(_buffer, out var datagram) != MediaReceive.None)
        {
            if (_buffer[1] is >= 192 and <= 223)
                continue;
            Packets.Add(_buffer[..datagram.Length]);
            if (listens)
                Heard = _pcm[..Math.Max(0, _decoder.Decode(_buffer.AsSpan(RtpHeader.Length, datagram.Length - RtpHeader.Length), _pcm))];
        }
    }

    public void Dispose()
    {
        _decoder.Dispose();
        _socket.Dispose();
        _rtcp.Dispose();
    }

    void IRtpLegObserver.OnLatched(IPEndPoint source)
    {
    }

    void IRtpLegObserver.OnMediaTimeout()
    {
    }

    void IRtpLegObserver.OnDtmf(DtmfEvent e)
    {
    }
}
