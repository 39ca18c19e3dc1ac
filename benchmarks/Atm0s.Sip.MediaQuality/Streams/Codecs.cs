using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Codecs.G722;
using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.MediaQuality.Streams;

/// <summary>The codecs of phones, and of the bridge where it runs in this process.</summary>
internal static class Codecs
{
    private static readonly Lazy<IAudioCodec> Opus = new(() => new OpusCodec(LibOpusCodecProvider.Instance));

    /// <summary>Whether there is a libopus.</summary>
    public static bool HasOpus => LibOpusCodecProvider.Instance.IsAvailable;

    /// <summary>A codec by the name SDP has for it.</summary>
    public static IAudioCodec Get(string name) => name switch
    {
        "PCMA" => PcmaCodec.Instance,
        "PCMU" => PcmuCodec.Instance,
        "G722" => G722Codec.Instance,
        "opus" => Opus.Value,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not a codec of this program."),
    };

    /// <summary>Payload type that phones use here.</summary>
    public static byte PayloadType(IAudioCodec codec) => codec.StaticPayloadType >= 0 ? (byte)codec.StaticPayloadType : (byte)100;
}
