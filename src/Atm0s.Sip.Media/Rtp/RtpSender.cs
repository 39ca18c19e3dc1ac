using System.Buffers.Binary;
using Atm0s.Sip.Media.Codecs;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>Makes the packets of one outgoing stream, 20 ms each. One caller at a time; allocates nothing per packet.</summary>
public sealed class RtpSender : IDisposable
{
    private const int EventVolume = 10; // -10 dBm0

    private IAudioEncoder _encoder;
    private byte _payloadType;
    private ushort _sequence;
    private uint _frame;            // 20 ms in timestamp units
    private bool _marker = true;

    /// <summary>Starts a stream.</summary>
    /// <param name="codec">What encodes it.</param>
    /// <param name="payloadType">As negotiated, 0 to 127.</param>
    /// <param name="ssrc">Chosen at random (RFC 3550 §8.1).</param>
    /// <param name="firstSequence">Chosen at random (§5.1).</param>
    /// <param name="firstTimestamp">Chosen at random (§5.1).</param>
    public RtpSender(IAudioCodec codec, byte payloadType, uint ssrc, ushort firstSequence, uint firstTimestamp)
    {
        ArgumentNullException.ThrowIfNull(codec);
        _encoder = codec.CreateEncoder(AudioEncoderSettings.Default);
        _payloadType = payloadType;
        _sequence = firstSequence;
        _frame = (uint)(codec.ClockRate / 50);
        ClockRate = codec.ClockRate;
        Timestamp = firstTimestamp;
        Ssrc = ssrc;
    }

    /// <summary>Rate of the PCM that <see cref="Write"/> takes, in Hz.</summary>
    public int SampleRate => _encoder.SampleRate;

    /// <summary>Timestamp units per second of the codec in use.</summary>
    public int ClockRate { get; private set; }

    /// <summary>Synchronization source of the stream; stays when the codec changes.</summary>
    public uint Ssrc { get; }

    /// <summary>Packets written since the start (RFC 3550 §6.4.1).</summary>
    public long Packets { get; private set; }

    /// <summary>Payload bytes written since the start, headers not counted (§6.4.1).</summary>
    public long Octets { get; private set; }

    /// <summary>Timestamp of the frame to be written next.</summary>
    public uint Timestamp { get; private set; }

    /// <summary>Tells a codec that can repeat itself how much is lost on the way; others do not care.</summary>
    /// <param name="fraction">Share lost by the peer's reports, 0 to 1.</param>
    public void ExpectLoss(double fraction)
    {
        if (_encoder is ILossAwareEncoder encoder)
            encoder.ExpectedLossPercent = (int)Math.Round(Math.Clamp(fraction, 0, 1) * 100);
    }

    /// <summary>Writes the packet of one frame.</summary>
    /// <param name="pcm">20 ms at <see cref="SampleRate"/>.</param>
    /// <param name="datagram">Receives header and payload; 1500 bytes always suffice.</param>
    /// <returns>Bytes written; 0 when the codec had nothing to send (DTX) or the buffer is too short: then it counts as <see cref="Skip"/>.</returns>
    public int Write(ReadOnlySpan<short> pcm, Span<byte> datagram)
    {
        var length = datagram.Length > RtpHeader.Length ? _encoder.Encode(pcm, datagram[RtpHeader.Length..]) : 0;
        if (length <= 0)
        {
            Skip();
            return 0;
        }

        RtpHeader.Write(datagram, _payloadType, _marker, _sequence, Timestamp, Ssrc);
        _marker = false;
        _sequence++;
        Timestamp += _frame;
        Packets++;
        Octets += length;
        return RtpHeader.Length + length;
    }

    /// <summary>Writes a packet of a telephone event in place of 20 ms of audio (RFC 4733 §2.3).</summary>
    /// <param name="payloadType">Of telephone-event, 0 to 127; its clock is that of the codec.</param>
    /// <param name="code">Event code, 0 to 255.</param>
    /// <param name="end">Whether the event is over.</param>
    /// <param name="duration">Its length so far, in timestamp units.</param>
    /// <param name="first">Whether it begins: then the packet has the marker (§2.2.1).</param>
    /// <param name="start">Timestamp of its first packet, which all of them have.</param>
    /// <param name="datagram">Receives 16 bytes.</param>
    /// <returns>16, or 0 when the buffer is too short: then it counts as <see cref="Skip"/>.</returns>
    public int WriteEvent(byte payloadType, byte code, bool end, ushort duration, bool first, uint start, Span<byte> datagram)
    {
        Skip();
        if (datagram.Length < RtpHeader.Length + 4) return 0;
        RtpHeader.Write(datagram, payloadType, first, _sequence++, start, Ssrc);
        var payload = datagram[RtpHeader.Length..];
        payload[0] = code;
        payload[1] = (byte)((end ? 0x80 : 0) | EventVolume);
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], duration);
        Packets++;
        Octets += 4;
        return RtpHeader.Length + 4;
    }

    /// <summary>20 ms pass without a packet: the timestamp moves on, and the next packet carries the marker (RFC 3551 §4.1).</summary>
    public void Skip()
    {
        Timestamp += _frame;
        _marker = true;
    }

    /// <summary>Goes on with another codec after a new offer and answer: same SSRC, and sequence and timestamp go on.</summary>
    /// <param name="codec">What encodes from now on.</param>
    /// <param name="payloadType">Its payload type.</param>
    public void ChangeCodec(IAudioCodec codec, byte payloadType)
    {
        ArgumentNullException.ThrowIfNull(codec);
        var encoder = codec.CreateEncoder(AudioEncoderSettings.Default);
        _encoder.Dispose();
        _encoder = encoder;
        _payloadType = payloadType;
        _frame = (uint)(codec.ClockRate / 50);
        ClockRate = codec.ClockRate;
        _marker = true;
    }

    /// <summary>Releases the encoder.</summary>
    public void Dispose() => _encoder.Dispose();
}
