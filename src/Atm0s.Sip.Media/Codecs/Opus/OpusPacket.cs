using System.Diagnostics.CodeAnalysis;

namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>What the outside of an Opus packet tells (RFC 6716 §3): no audio is decoded for it.</summary>
public readonly struct OpusPacket
{
    /// <summary>Samples per second of all figures here, the RTP clock rate of RFC 7587 §4.1.</summary>
    public const int SampleRate = 48_000;

    /// <summary>Longest packet, in samples: 120 ms (RFC 6716 §3.2.5, R5).</summary>
    public const int MaxSamples = SampleRate * 120 / 1000;

    /// <summary>Longest frame, in bytes (RFC 6716 §3.2.1).</summary>
    public const int MaxFrameBytes = 1275;

    private OpusPacket(int frameSamples, int frameCount, bool isStereo, bool hasFec, bool? hasVoice, OpusBandwidth bandwidth)
    {
        Bandwidth = bandwidth;
        FrameSamples = frameSamples;
        FrameCount = frameCount;
        IsStereo = isStereo;
        HasFec = hasFec;
        HasVoice = hasVoice;
    }

    /// <summary>Samples of one frame: 120, 240, 480, 960, 1920 or 2880.</summary>
    public int FrameSamples { get; }

    /// <summary>Frames in the packet, 1 to 48.</summary>
    public int FrameCount { get; }

    /// <summary>Samples of the packet, 120 to <see cref="MaxSamples"/>.</summary>
    public int Samples => FrameSamples * FrameCount;

    /// <summary>Whether two channels are coded.</summary>
    public bool IsStereo { get; }

    /// <summary>Whether the first frame carries a copy of the frame before it (LBRR, RFC 6716 §4.2.4).</summary>
    public bool HasFec { get; }

    /// <summary>How much of the spectrum it carries.</summary>
    internal OpusBandwidth Bandwidth { get; }

    /// <summary>
    /// Whether the encoder took the first frame for voice (RFC 6716 §4.2.3); null where no SILK is in it, which alone tells.
    /// </summary>
    public bool? HasVoice { get; }

    /// <summary>Reads the framing of a packet.</summary>
    /// <param name="payload">The RTP payload.</param>
    /// <param name="packet">What it says.</param>
    /// <returns>False when the packet breaks a rule of RFC 6716 §3.4.</returns>
    public static bool TryParse(ReadOnlySpan<byte> payload, [MaybeNullWhen(false)] out OpusPacket packet)
    {
        packet = default;
        if (payload.IsEmpty)
            return false; // R1: at least one byte
        var toc = payload[0];
        var frameSamples = SamplesPerFrame(toc >> 3);
        var body = payload[1..];
        int count;
        ReadOnlySpan<byte> first;
        switch (toc & 3)
        {
            case 0: // RFC 6716 §3.2.2: one frame
                count = 1;
                first = body;
                break;
            case 1: // §3.2.3: two frames of equal size; R3: an even number of bytes
                if ((body.Length & 1) != 0)
                    return false;
                count = 2;
                first = body[..(body.Length / 2)];
                break;
            case 2: // §3.2.4: two frames, the size of the first in front; R4
                if (!TryReadSize(ref body, out var size) || size > body.Length || body.Length - size > MaxFrameBytes)
                    return false;
                count = 2;
                first = body[..size];
                break;
            default:
                if (!TryReadMany(body, out count, out first))
                    return false;
                break;
        }

        if (first.Length > MaxFrameBytes || frameSamples * count > MaxSamples)
            return false; // R2, R5
        packet = new OpusPacket(
            frameSamples, count, (toc & 4) != 0, FirstFrameHasFec(toc, frameSamples, first), FirstFrameHasVoice(toc, frameSamples, first),
            BandwidthOf(toc >> 3));
        return true;
    }

    /// <summary>RFC 6716 §3.2.5: a count byte, padding, then frames of equal (CBR) or of told (VBR) size.</summary>
    private static bool TryReadMany(ReadOnlySpan<byte> body, out int count, out ReadOnlySpan<byte> first)
    {
        count = 0;
        first = default;
        if (body.IsEmpty)
            return false; // R6, R7
        var header = body[0];
        body = body[1..];
        count = header & 0x3F;
        if (count == 0)
            return false;
        if ((header & 0x40) != 0)
        {
            var padding = 0;
            while (true)
            {
                if (body.IsEmpty)
                    return false;
                var length = body[0];
                body = body[1..];
                padding += Math.Min(length, (byte)254); // 255 means 254 and more to come
                if (length != 255)
                    break;
            }

            if (padding > body.Length)
                return false;
            body = body[..^padding];
        }

        if ((header & 0x80) == 0)
        {
            if (body.Length % count != 0)
                return false; // R6
            first = body[..(body.Length / count)];
            return true;
        }

        var firstSize = -1;
        var total = 0;
        for (var i = 0; i < count - 1; i++)
        {
            if (!TryReadSize(ref body, out var size))
                return false;
            if (firstSize < 0)
                firstSize = size;
            total += size;
        }

        if (total > body.Length || body.Length - total > MaxFrameBytes)
            return false; // R7
        first = firstSize < 0 ? body : body[..firstSize];
        return true;
    }

    /// <summary>RFC 6716 §3.2.1: one byte up to 251, else two.</summary>
    private static bool TryReadSize(ref ReadOnlySpan<byte> body, out int size)
    {
        size = 0;
        if (body.IsEmpty)
            return false;
        size = body[0];
        if (size < 252)
        {
            body = body[1..];
            return true;
        }

        if (body.Length < 2)
            return false;
        size += 4 * body[1];
        body = body[2..];
        return true;
    }

    /// <summary>RFC 6716 §3.1, Table 2.</summary>
    private static int SamplesPerFrame(int config) => config switch
    {
        < 12 => (config & 3) switch { 0 => 480, 1 => 960, 2 => 1920, _ => 2880 }, // SILK: 10, 20, 40, 60 ms
        < 16 => (config & 1) == 0 ? 480 : 960,                                    // hybrid: 10, 20 ms
        _ => 120 << (config & 3),                                                 // CELT: 2.5, 5, 10, 20 ms
    };

    /// <summary>RFC 6716 §3.1, Table 2.</summary>
    private static OpusBandwidth BandwidthOf(int config) => config switch
    {
        < 4 or (>= 16 and < 20) => OpusBandwidth.Narrow,
        < 8 => OpusBandwidth.Medium,
        < 12 or (>= 20 and < 24) => OpusBandwidth.Wide,
        12 or 13 or (>= 24 and < 28) => OpusBandwidth.SuperWide,
        _ => OpusBandwidth.Full,
    };

    /// <summary>
    /// RFC 6716 §4.2.3: a SILK layer opens, per channel, with one VAD bit for every 20 ms and one LBRR bit, each of even
    /// probability and therefore plain bits from the top of the first byte.
    /// </summary>
    private static bool FirstFrameHasFec(byte toc, int frameSamples, ReadOnlySpan<byte> frame)
    {
        if ((toc >> 3) >= 16 || frame.IsEmpty)
            return false; // CELT has none
        var silkFrames = Math.Max(1, frameSamples / 960);
        if (((frame[0] >> (7 - silkFrames)) & 1) != 0)
            return true;
        return (toc & 4) != 0 && ((frame[0] >> (6 - (2 * silkFrames))) & 1) != 0;
    }

    /// <summary>The same bits: of each channel one for every 20 ms, then the one of LBRR.</summary>
    private static bool? FirstFrameHasVoice(byte toc, int frameSamples, ReadOnlySpan<byte> frame)
    {
        if ((toc >> 3) >= 16 || frame.IsEmpty)
            return null;
        var silkFrames = Math.Max(1, frameSamples / 960);
        var flags = ((1 << silkFrames) - 1) << (8 - silkFrames);
        if ((toc & 4) != 0)
            flags |= flags >> (silkFrames + 1);
        return (frame[0] & flags) != 0;
    }
}
