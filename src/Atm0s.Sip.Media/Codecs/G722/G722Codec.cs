namespace Atm0s.Sip.Media.Codecs.G722;

/// <summary>
/// G.722 at 64 kbit/s as an RTP codec (ITU-T G.722 mode 1; RFC 3551 §4.5.2): static payload type 9, 16 kHz audio, one byte for two samples.
/// Payloads of any duration are decoded; the encoder takes frames of any even number of samples.
/// </summary>
public sealed class G722Codec : IAudioCodec
{
    private G722Codec()
    {
    }

    /// <summary>The one instance.</summary>
    public static G722Codec Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "G722";

    /// <summary>8000, though the audio has 16,000 samples a second: RFC 3551 §4.5.2 keeps the mistake of RFC 1890.</summary>
    public int ClockRate => 8000;

    /// <inheritdoc/>
    public int Channels => 1;

    /// <inheritdoc/>
    public int StaticPayloadType => 9;

    /// <inheritdoc/>
    public int SampleRate => G722Encoder.Rate;

    /// <inheritdoc/>
    public string? FormatParameters => null;

    /// <inheritdoc/>
    public IAudioEncoder CreateEncoder(AudioEncoderSettings settings) => new G722Encoder();

    /// <inheritdoc/>
    public IAudioDecoder CreateDecoder() => new G722Decoder();
}
