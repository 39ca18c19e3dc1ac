using System.Buffers.Binary;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>One sender, one receiver and a clock between them that only the test moves. What is sent comes at once.</summary>
internal sealed class Link : IDisposable
{
    private readonly byte[] _datagram = new byte[2000];
    private readonly Dictionary<byte, IAudioEncoder> _encoders = [];
    private readonly RtpReceiverOptions _options;

    public Link(params RtpFormat[] formats)
        : this(new RtpReceiverOptions { Formats = formats })
    {
    }

    public Link(RtpReceiverOptions options)
    {
        _options = options;
        Receiver = new RtpReceiver(options);
    }

    public RtpReceiver Receiver { get; }

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(1);

    public ushort Sequence { get; set; } = 1000;

    public uint Timestamp { get; set; } = 5_000_000;

    public uint Ssrc { get; set; } = 7;

    /// <summary>All frames read, those of each rate apart.</summary>
    public List<(int Rate, short[] Pcm)> Frames { get; } = [];

    public List<DtmfEvent> Keys { get; } = [];

    public short[] Heard => [.. Frames.SelectMany(frame => frame.Pcm)];

    /// <summary>Encodes and sends a packet, or loses it.</summary>
    public RtpArrival Audio(ReadOnlySpan<short> pcm, byte? type = null, bool lost = false, double ago = 0)
    {
        var format = _options.Formats.First(format => format.PayloadType == (type ?? _options.Formats[0].PayloadType));
        if (!_encoders.TryGetValue(format.PayloadType, out var encoder))
        {
            var packetTime = TimeSpan.FromSeconds((double)pcm.Length / format.Codec.SampleRate);
            _encoders[format.PayloadType] = encoder = format.Codec.CreateEncoder(new AudioEncoderSettings(packetTime));
        }

        var length = encoder.Encode(pcm, _datagram.AsSpan(RtpHeader.Length));
        var arrival = lost ? RtpArrival.Invalid : Packet(format.PayloadType, _datagram.AsSpan(RtpHeader.Length, length), ago);
        Sequence++;
        Timestamp += (uint)((long)pcm.Length * format.Codec.ClockRate / format.Codec.SampleRate);
        return arrival;
    }

    /// <summary>Sends a packet with the numbers that are due.</summary>
    public RtpArrival Packet(byte type, ReadOnlySpan<byte> payload, double ago = 0)
    {
        Span<byte> datagram = stackalloc byte[RtpHeader.Length + payload.Length];
        RtpHeader.Write(datagram, type, false, Sequence, Timestamp, Ssrc);
        payload.CopyTo(datagram[RtpHeader.Length..]);
        return Receiver.OnPacket(datagram, Now - TimeSpan.FromMilliseconds(ago));
    }

    public RtpArrival Event(byte type, byte code, int duration, bool end, uint timestamp)
    {
        Span<byte> payload = [code, (byte)(end ? 0x8A : 10), 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], (ushort)duration);
        var before = Timestamp;
        Timestamp = timestamp;
        var arrival = Packet(type, payload);
        Timestamp = before;
        Sequence++;
        return arrival;
    }

    public bool Read()
    {
        Now += TimeSpan.FromMilliseconds(20);
        Receiver.Prepare();
        var frame = new short[Receiver.SampleRate / 50];
        var heard = Receiver.ReadFrame(frame, Now);
        Frames.Add((Receiver.SampleRate, frame));
        while (Receiver.TryReadEvent(out var key))
            Keys.Add(key);
        return heard;
    }

    public void Read(int frames)
    {
        for (var i = 0; i < frames; i++)
            Read();
    }

    public void Dispose()
    {
        Receiver.Dispose();
        foreach (var encoder in _encoders.Values)
            encoder.Dispose();
    }
}
