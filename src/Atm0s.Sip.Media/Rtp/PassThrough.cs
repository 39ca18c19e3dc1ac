using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>
/// Whether one stream may have the packets of another as they came, in place of its own encoding of the same audio. For codecs of single
/// samples always, where the formats are the same, and the frame is the packet, sample for sample. For Opus where the receiver's wishes
/// allow it, and not for a moment: each change to another stream is heard a little, until its decoder has found into it (60 ms), unless it
/// is silent before. So it makes no difference that packets which begin within a frame go up to 20 ms early, from the change on; and a
/// voice that is stretched or shortened here to change a delay goes on as it was spoken. When that comes to a packet, one is left out, or one
/// frame is encoded between them: to encode more would be two changes as well.
/// Pure but for what it
/// remembers; one caller at a time.
/// </summary>
internal sealed class PassThrough
{
    /// <summary>Frames in a row that could be passed on before one is, in the middle of a voice.</summary>
    public const int MinFrames = 5;

    private const double Share = 1.0 / 64;       // of a packet in the mean of sizes: 1.3 s
    private const double Begins = 0.9;           // of the bit rate allowed: what is on stays on somewhat longer
    private const int Factor = 2;                // of the bit rate that we would encode with

    private object? _source;    // whose packets they are
    private double _size;       // bytes of a packet, smoothed
    private int _frames;        // in a row that could be
    private bool _wasOn;
    private bool _isBetween;    // the frame before was of no packet
    private long? _next;        // number of the packet that is to follow

    /// <summary>Says whose packets come: what was seen of another says nothing of this one.</summary>
    public void Follow(object source)
    {
        if (ReferenceEquals(source, _source))
            return;
        Restart();
        _source = source;
    }

    /// <summary>Decides for a frame.</summary>
    /// <param name="packet">The packet that it is.</param>
    /// <param name="encoding">The stream's own encoding.</param>
    /// <param name="class">Of that.</param>
    /// <param name="follows">Whether the stream has been silent until now, so that a change is not heard.</param>
    public bool Allows(in OriginalPacket packet, RtpEncoding encoding, OpusTuning @class, bool follows)
    {
        var isPossible = packet.Codec is not null && encoding.Kind.CarriesAs(packet.Codec) && encoding.Kind.MayBeShared
            && (packet.IsExact || encoding.Kind.Opus is not null)
            && encoding.PacketTime == TimeSpan.FromMilliseconds(20) && encoding.Audio.Waiting == 0;
        if (isPossible && encoding.Kind.Opus is { } options)
            isPossible = Fits(packet.Payload, options, @class);
        if (encoding.Kind.Opus is not null && !Follows(packet))
            Interrupt();
        if (packet.Codec is not null)
            (_next, _isBetween) = (packet.Sequence + 1, false);
        else if (_wasOn && !_isBetween && encoding.Kind.Opus is not null)
            return !(_isBetween = true);
        _frames = isPossible ? _frames + 1 : 0;
        _wasOn = isPossible && (_wasOn || follows || encoding.Kind.Opus is null || _frames > MinFrames);
        return _wasOn;
    }

    /// <summary>This frame can't be: it is no packet's, or something goes in its place.</summary>
    public void Interrupt() => (_frames, _wasOn) = (0, false);

    /// <summary>The stream is encoded otherwise from now on, or another source's packets come.</summary>
    public void Restart() => (_source, _size, _frames, _wasOn, _next) = (null, 0, 0, false, null);

    // None twice, and no more than one left out.
    private bool Follows(in OriginalPacket packet) => packet.Sequence is not { } sequence || _next is not { } next || sequence - next is 0 or 1;

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
