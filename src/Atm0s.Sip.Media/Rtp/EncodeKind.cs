using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Codecs.L16;
using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>What makes the payloads of two streams the same, if they carry the same audio.</summary>
/// <param name="Codec">The codec.</param>
/// <param name="PacketTime">Audio of each packet.</param>
/// <param name="Opus">How Opus encodes for the receiver when nothing is known of the way there; null for other codecs.</param>
internal sealed record EncodeKind(IAudioCodec Codec, TimeSpan PacketTime, OpusEncoderOptions? Opus)
{
    /// <summary>
    /// Whether a receiver may change over from one stream to another of this kind: codecs of single samples have no memory, and a decoder
    /// of Opus finds into another stream within three frames. One of G.722 would need to be told the scale, and of a host's codec
    /// nothing is known.
    /// </summary>
    public bool MayBeShared => Opus is not null || Codec is PcmaCodec or PcmuCodec or L16Codec;

    /// <summary>
    /// Whether a packet of another codec is, on the wire, one of this: all of Opus are alike, whoever encoded them by whatever options.
    /// </summary>
    public bool CarriesAs(IAudioCodec other) => ReferenceEquals(other, Codec) || (other is OpusCodec && Codec is OpusCodec);

    /// <summary>The kind of an encoder.</summary>
    /// <param name="codec">Its codec.</param>
    /// <param name="settings">What it was made with.</param>
    /// <param name="encoder">The encoder.</param>
    public static EncodeKind Of(IAudioCodec codec, AudioEncoderSettings settings, IAudioEncoder encoder) =>
        new(codec, settings.PacketTime, (encoder as OpusEncoderBase)?.Options);

    /// <summary>
    /// How a shared encoder does for one that is tuned like this: bit rate and losses in a few classes, so that those who lose packets
    /// share as well, and those who lose none are not made to pay for it.
    /// </summary>
    public OpusTuning ClassOf(OpusTuning tuning)
    {
        var limit = Opus?.Bitrate ?? tuning.Bitrate;
        var loss = !tuning.UseInBandFec ? 0 : tuning.ExpectedLossPercent switch { 0 => 0, <= 5 => 5, <= 10 => 10, <= 20 => 20, _ => 40 };
        return new OpusTuning(BitrateClass(tuning.Bitrate, limit), tuning.Complexity, loss > 0, loss);
    }

    private static int BitrateClass(int bitrate, int limit) =>
        bitrate >= limit ? limit : bitrate >= limit * 3 / 4 ? limit * 3 / 4 : bitrate >= limit / 2 ? limit / 2 : Math.Min(bitrate, 12_000);
}
