using System.Buffers.Binary;

namespace Atm0s.Sip.Media.Srtp;

/// <summary>Protects what is sent with one key (RFC 3711 §3.3, §3.4). Not thread-safe; allocates nothing per packet.</summary>
public sealed class SrtpSender : IDisposable
{
    private readonly SrtpKey _key;
    private readonly SrtpTransform _rtp;
    private readonly SrtpTransform _rtcp;
    private readonly SrtpStreams _rtpStreams = new();
    private readonly SrtpStreams _rtcpStreams = new();

    /// <summary>Makes the session keys.</summary>
    /// <param name="key">Our key. It must never have been used with one of our sources before.</param>
    public SrtpSender(SrtpKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _key = key;
        _rtp = SrtpTransform.Create(key, isRtcp: false);
        _rtcp = SrtpTransform.Create(key, isRtcp: true);
    }

    /// <summary>Bytes that a packet of RTP grows by.</summary>
    public int RtpOverhead => _key.Suite.RtpTagLength + _key.Identifier.Length;

    /// <summary>Bytes that a packet of RTCP grows by.</summary>
    public int RtcpOverhead => _key.Suite.RtcpTagLength + SrtpPacket.RtcpWord + _key.Identifier.Length;

    internal SrtpKey Key => _key;

    /// <summary>Protects a packet of RTP in place.</summary>
    /// <param name="buffer">The packet, and <see cref="RtpOverhead"/> bytes behind it at least.</param>
    /// <param name="length">Length of the packet, before and after.</param>
    /// <returns>
    /// False, and nothing must be sent: it is no RTP, there is no room, or it was protected before (the same key stream must never be used
    /// twice, RFC 3711 §9.1), or the key is used up.
    /// </returns>
    public bool TryProtectRtp(Span<byte> buffer, ref int length)
    {
        if (buffer.Length - length < RtpOverhead || !SrtpPacket.TryGetClear(buffer[..length], out var clear))
            return false;
        var stream = _rtpStreams.Find(BinaryPrimitives.ReadUInt32BigEndian(buffer[8..]));
        var index = stream.Guess(BinaryPrimitives.ReadUInt16BigEndian(buffer[2..]));
        if (index is < 0 or > PacketIndex.Max || stream.IsReplay(index))
            return false;
        Span<byte> counter = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, (uint)(index >> 16));
        var layout = new SrtpLayout(_key, length, word: 0, _key.Suite.RtpTagLength);
        _rtp.Protect(buffer[..length], clear, counter, layout.Tag(buffer), new PacketNumber(stream.Ssrc, index));
        _key.Identifier.CopyTo(layout.Identifier(buffer));
        length = layout.Length;
        stream.Add(index);
        _rtpStreams.Keep(stream);
        return true;
    }

    /// <summary>Protects a compound packet of RTCP in place.</summary>
    /// <param name="buffer">The packet, and <see cref="RtcpOverhead"/> bytes behind it at least.</param>
    /// <param name="length">Length of the packet, before and after.</param>
    /// <returns>False, and nothing must be sent: it is no RTCP, there is no room, or the key is used up.</returns>
    public bool TryProtectRtcp(Span<byte> buffer, ref int length)
    {
        if (buffer.Length - length < RtcpOverhead || !SrtpPacket.IsRtcp(buffer[..length]))
            return false;
        var stream = _rtcpStreams.Find(BinaryPrimitives.ReadUInt32BigEndian(buffer[4..]));
        var index = stream.Next;
        // RFC 3711 §9.2: at most 2^31 packets of RTCP.
        if (index > int.MaxValue)
            return false;
        var layout = new SrtpLayout(_key, length, SrtpPacket.RtcpWord, _key.Suite.RtcpTagLength);
        var word = layout.Word(buffer);
        BinaryPrimitives.WriteUInt32BigEndian(word, SrtpPacket.EncryptedFlag | (uint)index);
        _rtcp.Protect(
            buffer[..length], SrtpPacket.RtcpClear, word, layout.Tag(buffer), new PacketNumber(stream.Ssrc, index));
        _key.Identifier.CopyTo(layout.Identifier(buffer));
        length = layout.Length;
        stream.Add(index);
        _rtcpStreams.Keep(stream);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }
}
