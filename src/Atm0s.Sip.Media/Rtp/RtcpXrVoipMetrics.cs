using System.Buffers.Binary;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>
/// The VoIP Metrics report block of RTCP XR (RFC 3611 §4.7, block type 7): what a receiver thinks of one stream. Null stands for
/// "unavailable". Out of range, values are clamped when they are written, and unavailable when they are read.
/// </summary>
public readonly record struct RtcpXrVoipMetrics
{
    /// <summary>RTCP packet type of extended reports (§2).</summary>
    public const byte PacketType = 207;

    /// <summary>Bytes of an extended report with this block alone.</summary>
    public const int PacketLength = HeaderLength + BlockLength;

    private const int HeaderLength = 8;
    private const int BlockLength = 36;
    private const byte BlockType = 7;
    private const byte Unavailable = 127;

    /// <summary>All zero or unavailable.</summary>
    public RtcpXrVoipMetrics()
    {
    }

    /// <summary>SSRC of the stream that is reported on.</summary>
    public uint Source { get; init; }

    /// <summary>Losses and how they lie.</summary>
    public BurstGapMetrics Losses { get; init; }

    /// <summary>The last round trip known, up to 65.5 s; zero when none is.</summary>
    public TimeSpan RoundTrip { get; init; }

    /// <summary>From the microphone to the packet and from the packet to the ear, up to 65.5 s; zero when unknown.</summary>
    public TimeSpan EndSystemDelay { get; init; }

    /// <summary>Of voice, in dBm0, -128 to 126.</summary>
    public int? SignalLevel { get; init; }

    /// <summary>Of pauses, in dBm0, -128 to 126.</summary>
    public int? NoiseLevel { get; init; }

    /// <summary>RERL, in dB, 0 to 126. A server hears no echo of its own: null.</summary>
    public int? ResidualEchoReturnLoss { get; init; }

    /// <summary>Gmin, 1 to 255.</summary>
    public int GapThreshold { get; init; } = BurstGapMeter.GapThreshold;

    /// <summary>R, 0 to 100.</summary>
    public double? Rating { get; init; }

    /// <summary>R of a network behind the other end, 0 to 100.</summary>
    public double? ExternalRating { get; init; }

    /// <summary>MOS-LQ, without the effect of delay, 1 to 5.</summary>
    public double? ListeningScore { get; init; }

    /// <summary>MOS-CQ, with the effect of delay, 1 to 5.</summary>
    public double? ConversationalScore { get; init; }

    /// <summary>How losses are filled.</summary>
    public LossConcealment Concealment { get; init; }

    /// <summary>Whether the jitter buffer changes its size.</summary>
    public JitterBufferKind JitterBuffer { get; init; }

    /// <summary>Half the frames that the jitter buffer takes to get used to 100 ms of jitter, 1 to 15; 0 when unknown.</summary>
    public int JitterBufferRate { get; init; }

    /// <summary>Delay of a packet that comes in time.</summary>
    public TimeSpan JitterBufferNominal { get; init; }

    /// <summary>Delay of the earliest packet that would be kept now.</summary>
    public TimeSpan JitterBufferMaximum { get; init; }

    /// <summary>The most that <see cref="JitterBufferMaximum"/> can become.</summary>
    public TimeSpan JitterBufferAbsoluteMaximum { get; init; }

    /// <summary>Writes an extended report with this block alone, to follow an SR or RR in its compound packet.</summary>
    /// <param name="sender">SSRC of who reports.</param>
    /// <param name="destination">Receives <see cref="PacketLength"/> bytes.</param>
    /// <returns>Bytes written: <see cref="PacketLength"/>, or 0 when they do not fit.</returns>
    public int Write(uint sender, Span<byte> destination)
    {
        if (destination.Length < PacketLength)
            return 0;
        destination[0] = 0x80;
        destination[1] = PacketType;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (PacketLength / 4) - 1);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], sender);
        WriteBlock(destination.Slice(HeaderLength, BlockLength));
        return PacketLength;
    }

    /// <summary>Finds the block about one stream in an extended report. Never throws.</summary>
    /// <param name="packet">One packet of type 207, its header included, whatever came in it.</param>
    /// <param name="source">SSRC of the stream.</param>
    /// <param name="metrics">The first block about it.</param>
    /// <returns>False when there is none, or a length lies.</returns>
    public static bool TryRead(ReadOnlySpan<byte> packet, uint source, out RtcpXrVoipMetrics metrics)
    {
        metrics = default;
        if (packet.Length < HeaderLength || packet[0] >> 6 != 2 || packet[1] != PacketType)
            return false;
        var length = (BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) + 1) * 4;
        if (length < HeaderLength || length > packet.Length)
            return false;
        packet = packet[..length];
        if ((packet[0] & 0x20) != 0)
        {
            // RFC 3550 §6.4.1: the last byte counts the padding, itself included.
            var padding = packet[^1];
            if (padding == 0 || padding > length - HeaderLength)
                return false;
            packet = packet[..^padding];
        }

        // §3: each block tells its length in words after the first.
        for (var blocks = packet[HeaderLength..]; blocks.Length >= 4;)
        {
            var size = (BinaryPrimitives.ReadUInt16BigEndian(blocks[2..]) + 1) * 4;
            if (size > blocks.Length)
                return false;
            if (blocks[0] == BlockType && size == BlockLength && BinaryPrimitives.ReadUInt32BigEndian(blocks[4..]) == source)
            {
                metrics = ReadBlock(blocks[..BlockLength]);
                return true;
            }

            blocks = blocks[size..];
        }

        return false;
    }

    private void WriteBlock(Span<byte> block)
    {
        block[0] = BlockType;
        block[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(block[2..], (BlockLength / 4) - 1);
        BinaryPrimitives.WriteUInt32BigEndian(block[4..], Source);
        block[8] = Share(Losses.LossRate);
        block[9] = Share(Losses.DiscardRate);
        block[10] = Share(Losses.BurstDensity);
        block[11] = Share(Losses.GapDensity);
        WriteTime(block[12..], Losses.BurstDuration);
        WriteTime(block[14..], Losses.GapDuration);
        WriteTime(block[16..], RoundTrip);
        WriteTime(block[18..], EndSystemDelay);
        block[20] = Level(SignalLevel, -128);
        block[21] = Level(NoiseLevel, -128);
        block[22] = Level(ResidualEchoReturnLoss, 0);
        block[23] = (byte)Math.Clamp(GapThreshold, 1, 255);
        block[24] = Score(Rating, 1, 0, 100);
        block[25] = Score(ExternalRating, 1, 0, 100);
        block[26] = Score(ListeningScore, 10, 10, 50);
        block[27] = Score(ConversationalScore, 10, 10, 50);
        block[28] = (byte)((((int)Concealment & 3) << 6) | (((int)JitterBuffer & 3) << 4) | Math.Clamp(JitterBufferRate, 0, 15));
        block[29] = 0;
        WriteTime(block[30..], JitterBufferNominal);
        WriteTime(block[32..], JitterBufferMaximum);
        WriteTime(block[34..], JitterBufferAbsoluteMaximum);
    }

    private static RtcpXrVoipMetrics ReadBlock(ReadOnlySpan<byte> block) => new()
    {
        Source = BinaryPrimitives.ReadUInt32BigEndian(block[4..]),
        Losses = new BurstGapMetrics(
            block[8] / 256.0, block[9] / 256.0, block[10] / 256.0, block[11] / 256.0, ReadTime(block[12..]), ReadTime(block[14..])),
        RoundTrip = ReadTime(block[16..]),
        EndSystemDelay = ReadTime(block[18..]),
        SignalLevel = block[20] == Unavailable ? null : (sbyte)block[20],
        NoiseLevel = block[21] == Unavailable ? null : (sbyte)block[21],
        ResidualEchoReturnLoss = block[22] >= Unavailable ? null : block[22],
        GapThreshold = block[23],
        Rating = block[24] <= 100 ? block[24] : null,
        ExternalRating = block[25] <= 100 ? block[25] : null,
        ListeningScore = block[26] is >= 10 and <= 50 ? block[26] / 10.0 : null,
        ConversationalScore = block[27] is >= 10 and <= 50 ? block[27] / 10.0 : null,
        Concealment = (LossConcealment)(block[28] >> 6),
        JitterBuffer = (JitterBufferKind)((block[28] >> 4) & 3),
        JitterBufferRate = block[28] & 15,
        JitterBufferNominal = ReadTime(block[30..]),
        JitterBufferMaximum = ReadTime(block[32..]),
        JitterBufferAbsoluteMaximum = ReadTime(block[34..]),
    };

    // §4.7.1: 256 times the share, its integer part, at most 255.
    private static byte Share(double share) => share > 0 ? (byte)Math.Min(share * 256, 255) : (byte)0;

    private static byte Level(int? level, int least) =>
        level is { } known ? unchecked((byte)Math.Clamp(known, least, Unavailable - 1)) : Unavailable;

    private static byte Score(double? score, int scale, int least, int most) =>
        score is { } known && !double.IsNaN(known) ? (byte)Math.Clamp(Math.Round(known * scale), least, most) : Unavailable;

    private static void WriteTime(Span<byte> field, TimeSpan time) =>
        BinaryPrimitives.WriteUInt16BigEndian(field, (ushort)Math.Clamp(Math.Round(time.TotalMilliseconds), 0, ushort.MaxValue));

    private static TimeSpan ReadTime(ReadOnlySpan<byte> field) => TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt16BigEndian(field));
}
