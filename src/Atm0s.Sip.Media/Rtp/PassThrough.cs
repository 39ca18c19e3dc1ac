using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>
/// Whether one stream may have the packets of another as they came, in place of its own encoding of the same audio. For codecs of single
/// samples always, where the formats are the same. For Opus where the receiver's wishes allow it, and not for a moment: each change to
/// another stream is heard a little, until its decoder has found into it (60 ms), unless it is silent before. Pure but for what it
/// remembers; one caller at a time.
/// </summary>
internal sealed class PassThrough
{
    /// <summary>Frames in a row that could be passed on before one is, in the middle of a voice.</summary>
    public const int MinFrames = 5;

    private const double Share = 1.0 / 64;       // of a packet in the mean of sizes: 1.3 s
    private const double Begins = 0.9;           // of the bit rate allowed: what is on stays on somewhat longer
    private const int Factor = 2;                // of the bit rate that we would encode with

    private double _size;       // bytes of a packet, smoothed
    private int _frames;        // in a row that could be
    private bool _wasOn;

    /// <summary>Decides for a frame.</summary>
    /// <param name="packet">The packet that it is.</param>
    /// <param name="encoding">The stream's own encoding.</param>
    /// <param name="class">Of that.</param>
    /// <param name="follows">Whether the stream has been silent until now, so that a change is not heard.</param>
    public bool Allows(in OriginalPacket packet, RtpEncoding encoding, OpusTuning @class, bool follows)
    {
        var isPossible = packet.Codec is not null && ReferenceEquals(packet.Codec, encoding.Codec) && encoding.Kind.MayBeShared
            && encoding.PacketTime == TimeSpan.FromMilliseconds(20) && encoding.Audio.Waiting == 0;
        if (isPossible && encoding.Kind.Opus is { } options)
            isPossible = Fits(packet.Payload, options, @class);
        _frames = isPossible ? _frames + 1 : 0;
        _wasOn = isPossible && (_wasOn || follows || encoding.Kind.Opus is null || _frames > MinFrames);
        return _wasOn;
    }

    /// <summary>This frame can't be: it is no packet's, or something goes in its place.</summary>
    public void Interrupt() => (_frames, _wasOn) = (0, false);

    private bool Fits(ReadOnlySpan<byte> payload, OpusEncoderOptions options, OpusTuning @class)
    {
        _size = _size == 0 ? payload.Length : _size + ((payload.Length - _size) * Share);
        // RFC 7587 §6.1: what the receiver said of its bit rate, of a constant one, of channels and of bandwidth.
        return OpusPacket.TryParse(payload, out var opus)
            && !opus.IsStereo
            && !options.UseConstantBitrate
            && opus.Bandwidth <= options.MaxBandwidth
            && (!@class.UseInBandFec || opus.HasFec) // who loses packets needs copies of them
            && _size * 8 * 50 <= Limit(options, @class) * (_wasOn ? 1 : Begins);
    }

    // When the peer tells of losses we send less: then nothing goes to it that is more.
    private static double Limit(OpusEncoderOptions options, OpusTuning @class) => Math.Min(
        options.MaxAverageBitrate ?? int.MaxValue,
        @class.Bitrate < options.Bitrate ? @class.Bitrate : (double)Factor * options.Bitrate);
}
