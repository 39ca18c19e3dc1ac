using System.Buffers.Binary;
using System.Text;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>
/// The control side of one RTP stream in each direction: sender and receiver reports, CNAME, BYE, round trip (RFC 3550 §6). What is not
/// about these two
/// streams is ignored. Not thread-safe.
/// </summary>
public sealed class RtcpSession
{
    /// <summary>Room that any packet written here fits into, in bytes.</summary>
    public const int MaxLength = 1200;

    private const byte SenderReport = 200;
    private const byte ReceiverReport = 201;
    private const byte SourceDescription = 202;
    private const byte Goodbye = 203;
    private const int BlockLength = 24;
    private const int Remembered = 4;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Inexact = TimeSpan.FromMilliseconds(20); // of times that are told in ticks
    private static readonly DateTimeOffset NtpEpoch = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly RtpSender _sender;
    private readonly byte[] _cname;
    private readonly (uint Middle, TimeSpan At)[] _sent = new (uint, TimeSpan)[Remembered];
    private RtpReceiver _receiver;
    private int _sentCount;
    private long _reportedPackets;
    private TimeSpan _due;
    private bool _first = true;
    private (uint Ssrc, uint Middle, TimeSpan At) _heard; // the last sender report of the peer

    /// <summary>Makes a session; the first report is due at 1.25 to 3.75 s (RFC 3550 §6.2: half the interval, randomised).</summary>
    /// <param name="sender">What we send.</param>
    /// <param name="receiver">What we receive.</param>
    /// <param name="cname">Canonical name; cut to 255 bytes. Tells nothing of the host unless the caller wants so (RFC 7022).</param>
    /// <param name="random">0 to 1, spreads the first report.</param>
    public RtcpSession(RtpSender sender, RtpReceiver receiver, string cname, double random)
    {
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(receiver);
        ArgumentNullException.ThrowIfNull(cname);
        _sender = sender;
        _receiver = receiver;
        var bytes = Encoding.UTF8.GetBytes(cname);
        _cname = bytes.Length > 255 ? bytes[..255] : bytes;
        _due = Interval * (0.25 + (Math.Clamp(random, 0, 1) / 2));
    }

    /// <summary>Network round trip, by the peer's last report about us; null before one came (RFC 3550 §6.4.1, DLSR).</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>Share of our packets that the peer lost between its last two reports, 0 to 1; null before one came.</summary>
    public double? RemoteFractionLost { get; private set; }

    /// <summary>Whether the peer said good-bye, in the source that is received.</summary>
    public bool ByeReceived { get; private set; }

    /// <summary>Whether it is time for a report.</summary>
    /// <param name="now">Monotonic time.</param>
    public bool IsReportDue(TimeSpan now) => now >= _due;

    /// <summary>Sets the time of the next report: 2.5 to 7.5 s from now, half of that the first time (RFC 3550 §6.2, §6.3.1).</summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="random">0 to 1.</param>
    public void Schedule(TimeSpan now, double random)
    {
        _due = now + (Interval * (_first ? 0.5 : 1) * (0.5 + Math.Clamp(random, 0, 1)));
        _first = false;
    }

    /// <summary>
    /// Writes a compound packet: SR when something was sent since the last one, else RR, with a report of what was received; then CNAME.
    /// </summary>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="utcNow">Wall clock, for the NTP timestamp.</param>
    /// <returns>Bytes written.</returns>
    public int WriteReport(Span<byte> destination, TimeSpan now, DateTimeOffset utcNow)
    {
        var sending = _sender.TotalPackets != _reportedPackets;
        _reportedPackets = _sender.TotalPackets;
        var length = sending ? 28 : 8;
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], _sender.Ssrc);
        if (sending)
            WriteSenderInfo(destination[8..], now, utcNow);
        var blocks = _receiver.Ssrc is null ? 0 : 1;
        if (blocks == 1)
            WriteBlock(destination.Slice(length, BlockLength), _receiver.Ssrc!.Value, now);
        length += blocks * BlockLength;
        WriteHeader(destination, blocks, sending ? SenderReport : ReceiverReport, length);
        return length + WriteCname(destination[length..]);
    }

    /// <summary>Writes a report with a BYE behind it (RFC 3550 §6.6).</summary>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="utcNow">Wall clock.</param>
    /// <returns>Bytes written.</returns>
    public int WriteBye(Span<byte> destination, TimeSpan now, DateTimeOffset utcNow)
    {
        var length = WriteReport(destination, now, utcNow);
        var bye = destination[length..];
        BinaryPrimitives.WriteUInt32BigEndian(bye[4..], _sender.Ssrc);
        WriteHeader(bye, 1, Goodbye, 8);
        return length + 8;
    }

    /// <summary>Takes a compound packet of the peer.</summary>
    /// <param name="compound">The datagram.</param>
    /// <param name="now">When it came, monotonic.</param>
    /// <returns>False when it is malformed (RFC 3550 §A.2); nothing of it was used then.</returns>
    public bool OnPacket(ReadOnlySpan<byte> compound, TimeSpan now)
    {
        if (!IsValid(compound))
            return false;
        while (!compound.IsEmpty)
        {
            var length = LengthOf(compound);
            Take(compound[..length], now);
            compound = compound[length..];
        }

        return true;
    }

    /// <summary>Another receiver goes on with what comes.</summary>
    internal void Follow(RtpReceiver receiver) => _receiver = receiver;

    private static bool IsValid(ReadOnlySpan<byte> compound)
    {
        // RFC 3550 §A.2: version 2 throughout, the first an SR or RR without padding, and the lengths add up.
        if (compound.Length < 8 || (compound[0] & 0xE0) != 0x80 || compound[1] is not (SenderReport or ReceiverReport))
            return false;
        while (!compound.IsEmpty)
        {
            if (compound.Length < 4 || compound[0] >> 6 != 2 || LengthOf(compound) > compound.Length)
                return false;
            compound = compound[LengthOf(compound)..];
        }

        return true;
    }

    private static int LengthOf(ReadOnlySpan<byte> packet) => (BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) + 1) * 4;

    private static void WriteHeader(Span<byte> destination, int count, byte type, int length)
    {
        destination[0] = (byte)(0x80 | count);
        destination[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)((length / 4) - 1));
    }

    private void WriteSenderInfo(Span<byte> info, TimeSpan now, DateTimeOffset utcNow)
    {
        // RFC 3550 §4: NTP time, seconds since 1900 with a 32-bit fraction; wraps in 2036, as it may.
        var since = (ulong)(utcNow - NtpEpoch).Ticks;
        var seconds = (uint)(since / TimeSpan.TicksPerSecond);
        var fraction = (uint)(((since % TimeSpan.TicksPerSecond) << 32) / TimeSpan.TicksPerSecond);
        BinaryPrimitives.WriteUInt32BigEndian(info, seconds);
        BinaryPrimitives.WriteUInt32BigEndian(info[4..], fraction);
        BinaryPrimitives.WriteUInt32BigEndian(info[8..], _sender.Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(info[12..], (uint)_sender.Packets);
        BinaryPrimitives.WriteUInt32BigEndian(info[16..], (uint)_sender.Octets);
        _sent[_sentCount++ % Remembered] = ((seconds << 16) | (fraction >> 16), now);
    }

    private void WriteBlock(Span<byte> block, uint source, TimeSpan now)
    {
        var statistics = _receiver.Statistics;
        var lost = (int)Math.Clamp(statistics.Lost, -0x800000, 0x7FFFFF);
        BinaryPrimitives.WriteUInt32BigEndian(block, source);
        BinaryPrimitives.WriteUInt32BigEndian(block[4..], ((uint)statistics.CloseInterval() << 24) | ((uint)lost & 0xFFFFFF));
        BinaryPrimitives.WriteUInt32BigEndian(block[8..], statistics.ExtendedHighestSequence);
        BinaryPrimitives.WriteUInt32BigEndian(block[12..], statistics.JitterTimestampUnits);
        // §6.4.1: of the last SR of this very source; zero, both, when there was none.
        var known = _heard.Middle != 0 && _heard.Ssrc == source;
        var delay = (ulong)Math.Max(0, (now - _heard.At).TotalSeconds * 65536);
        BinaryPrimitives.WriteUInt32BigEndian(block[16..], known ? _heard.Middle : 0);
        BinaryPrimitives.WriteUInt32BigEndian(block[20..], known ? (uint)Math.Min(delay, uint.MaxValue) : 0);
    }

    // RFC 3550 §6.5: one chunk, one CNAME item, null octets up to the next 32-bit boundary (at least one).
    private int WriteCname(Span<byte> destination)
    {
        var length = (8 + 2 + _cname.Length + 1 + 3) / 4 * 4;
        destination[..length].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], _sender.Ssrc);
        destination[8] = 1;
        destination[9] = (byte)_cname.Length;
        _cname.CopyTo(destination[10..]);
        WriteHeader(destination, 1, SourceDescription, length);
        return length;
    }

    private void Take(ReadOnlySpan<byte> packet, TimeSpan now)
    {
        var count = packet[0] & 0x1F;
        switch (packet[1])
        {
            case SenderReport when packet.Length >= 28:
                TakeSenderInfo(packet, now);
                TakeBlocks(packet[28..], count, now);
                break;
            case ReceiverReport when packet.Length >= 8:
                TakeBlocks(packet[8..], count, now);
                break;
            case Goodbye:
                TakeGoodbye(packet[4..], count);
                break;
        }
    }

    private void TakeSenderInfo(ReadOnlySpan<byte> packet, TimeSpan now)
    {
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        // Before the first RTP packet nobody knows whose report this is: it counts if that packet is of the same source.
        if (_receiver.Ssrc is null || _receiver.Ssrc == ssrc)
            _heard = (ssrc, BinaryPrimitives.ReadUInt32BigEndian(packet[10..]), now);
    }

    private void TakeBlocks(ReadOnlySpan<byte> blocks, int count, TimeSpan now)
    {
        for (var i = 0; i < count && blocks.Length >= BlockLength; i++, blocks = blocks[BlockLength..])
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(blocks) != _sender.Ssrc)
                continue;
            RemoteFractionLost = blocks[4] / 256.0;
            var last = BinaryPrimitives.ReadUInt32BigEndian(blocks[16..]);
            var delay = TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32BigEndian(blocks[20..]) / 65536.0);
            // Only a report that we remember: a peer that invents timestamps must not invent round trips.
            foreach (var (middle, at) in _sent)
            {
                var roundTrip = now - at - delay;
                if (last != 0 && middle == last && roundTrip > -Inexact)
                    RoundTrip = roundTrip < TimeSpan.Zero ? TimeSpan.Zero : roundTrip;
            }
        }
    }

    private void TakeGoodbye(ReadOnlySpan<byte> sources, int count)
    {
        for (var i = 0; i < count && sources.Length >= 4; i++, sources = sources[4..])
            ByeReceived |= _receiver.Ssrc == BinaryPrimitives.ReadUInt32BigEndian(sources);
    }
}
