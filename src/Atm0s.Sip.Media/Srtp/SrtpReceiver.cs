using System.Buffers.Binary;

namespace Atm0s.Sip.Media.Srtp;

/// <summary>
/// Checks and decrypts what is received with one key (RFC 3711 §3.3, §3.4). What is not authentic leaves no trace in it. Not thread-safe;
/// allocates nothing per packet.
/// </summary>
public sealed class SrtpReceiver : IDisposable
{
    private readonly SrtpKey _key;
    private readonly SrtpTransform _rtp;
    private readonly SrtpTransform _rtcp;
    private readonly SrtpStreams _rtpStreams = new();
    private readonly SrtpStreams _rtcpStreams = new();

    /// <summary>Makes the session keys.</summary>
    /// <param name="key">The peer's key.</param>
    public SrtpReceiver(SrtpKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _key = key;
        _rtp = SrtpTransform.Create(key, isRtcp: false);
        _rtcp = SrtpTransform.Create(key, isRtcp: true);
    }

    internal SrtpKey Key => _key;

    /// <summary>Checks and decrypts a packet of SRTP in place. Unless it is accepted, what is in the buffer is of no use.</summary>
    /// <param name="packet">The packet, 2048 bytes at most.</param>
    /// <param name="length">Length of the packet of RTP.</param>
    public SrtpVerdict UnprotectRtp(Span<byte> packet, out int length)
    {
        length = packet.Length - _key.Suite.RtpTagLength - _key.Identifier.Length;
        if (packet.Length > SrtpPacket.MaxLength || length < 0 || !SrtpPacket.TryGetClear(packet[..length], out var clear))
            return SrtpVerdict.Malformed;
        var layout = new SrtpLayout(_key, length, word: 0, _key.Suite.RtpTagLength);
        if (!layout.Identifier(packet).SequenceEqual(_key.Identifier))
            return SrtpVerdict.Unauthentic;
        var stream = _rtpStreams.Find(BinaryPrimitives.ReadUInt32BigEndian(packet[8..]));
        var index = stream.Guess(BinaryPrimitives.ReadUInt16BigEndian(packet[2..]));
        if (index > PacketIndex.Max)
            return SrtpVerdict.KeyExhausted;
        if (index < 0 || stream.IsReplay(index))
            return SrtpVerdict.Replayed;
        Span<byte> counter = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, (uint)(index >> 16));
        if (!_rtp.TryUnprotect(packet[..length], clear, counter, layout.Tag(packet), new PacketNumber(stream.Ssrc, index)))
            return SrtpVerdict.Unauthentic;
        stream.Add(index);
        _rtpStreams.Keep(stream);
        return SrtpVerdict.Accepted;
    }

    /// <summary>Checks and decrypts a packet of SRTCP in place. Unless it is accepted, what is in the buffer is of no use.</summary>
    /// <param name="packet">The packet, 2048 bytes at most.</param>
    /// <param name="length">Length of the compound packet of RTCP.</param>
    public SrtpVerdict UnprotectRtcp(Span<byte> packet, out int length)
    {
        length = packet.Length - _key.Suite.RtcpTagLength - SrtpPacket.RtcpWord - _key.Identifier.Length;
        if (packet.Length > SrtpPacket.MaxLength || length < 0 || !SrtpPacket.IsRtcp(packet[..length]))
            return SrtpVerdict.Malformed;
        var layout = new SrtpLayout(_key, length, SrtpPacket.RtcpWord, _key.Suite.RtcpTagLength);
        if (!layout.Identifier(packet).SequenceEqual(_key.Identifier))
            return SrtpVerdict.Unauthentic;
        var word = BinaryPrimitives.ReadUInt32BigEndian(layout.Word(packet));
        var index = (long)(word & ~SrtpPacket.EncryptedFlag);
        var stream = _rtcpStreams.Find(BinaryPrimitives.ReadUInt32BigEndian(packet[4..]));
        if (stream.IsReplay(index))
            return SrtpVerdict.Replayed;
        // RFC 3711 §3.4: without the flag it is authenticated only.
        var clear = (word & SrtpPacket.EncryptedFlag) != 0 ? SrtpPacket.RtcpClear : length;
        var number = new PacketNumber(stream.Ssrc, index);
        if (!_rtcp.TryUnprotect(packet[..length], clear, layout.Word(packet), layout.Tag(packet), number))
            return SrtpVerdict.Unauthentic;
        stream.Add(index);
        _rtcpStreams.Keep(stream);
        return SrtpVerdict.Accepted;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }
}
