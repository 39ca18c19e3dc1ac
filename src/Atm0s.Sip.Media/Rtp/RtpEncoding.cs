using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>What makes packets out of audio: an encoder and what cuts the audio for it. Made on any thread; then its sender's.</summary>
internal sealed class RtpEncoding : IDisposable
{
    private static readonly TimeSpan MinPacketTime = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MaxPacketTime = TimeSpan.FromMilliseconds(120);

    private readonly RtpFormat _format;
    private readonly AudioEncoderSettings _settings;

    /// <param name="format">What is sent, and what its receiver says of it.</param>
    /// <param name="packetTime">As negotiated; the codec may do less.</param>
    public RtpEncoding(RtpFormat format, TimeSpan packetTime)
    {
        _format = format;
        Codec = format.Codec;
        _settings = SettingsOf(format, packetTime);
        Encoder = format.Codec.CreateEncoder(_settings);
        Audio = new Packetizer(SampleRate / 50, (int)(SampleRate * PacketTime.Ticks / TimeSpan.TicksPerSecond));
        Kind = EncodeKind.Of(Codec, _settings, Encoder);
    }

    public IAudioCodec Codec { get; }

    public IAudioEncoder Encoder { get; }

    /// <summary>What its payloads have in common with those of others.</summary>
    public EncodeKind Kind { get; }

    /// <summary>The class of how it encodes now.</summary>
    public OpusTuning Class => Encoder is OpusEncoderBase opus ? Kind.ClassOf(opus.Tuning) : default;

    public Packetizer Audio { get; }

    public int SampleRate => Encoder.SampleRate;

    public TimeSpan PacketTime => _settings.PacketTime;

    /// <summary>Whether what was made for one does for the other: then at most the payload type is another.</summary>
    public static bool AreAlike(RtpFormat format, TimeSpan packetTime, RtpFormat other, TimeSpan otherPacketTime) =>
        format.Codec == other.Codec && SettingsOf(format, packetTime) == SettingsOf(other, otherPacketTime);

    /// <summary>What tells encodings apart, without making one; payload types do not.</summary>
    public static (IAudioCodec Codec, AudioEncoderSettings Settings) KeyOf(RtpFormat format, TimeSpan packetTime) =>
        (format.Codec, SettingsOf(format, packetTime));

    /// <summary>Whether it does for this format: then at most the payload type is another.</summary>
    public bool Fits(RtpFormat format, TimeSpan packetTime) => format.Codec == Codec && SettingsOf(format, packetTime) == _settings;

    /// <summary>Makes an encoder of the same kind. Any thread.</summary>
    public RtpEncoding MakeAnother() => new(_format, _settings.PacketTime);

    public void Dispose() => Encoder.Dispose();

    private static AudioEncoderSettings SettingsOf(RtpFormat format, TimeSpan packetTime)
    {
        // An empty a=fmtp is one that leaves everything at its default, which is not the same as knowing nothing of the receiver.
        var wanted = new AudioEncoderSettings(packetTime, format.Parameters ?? "");
        var closest = format.Codec.ClosestPacketTime(wanted);
        return wanted with { PacketTime = closest < MinPacketTime ? MinPacketTime : closest > MaxPacketTime ? MaxPacketTime : closest };
    }
}
