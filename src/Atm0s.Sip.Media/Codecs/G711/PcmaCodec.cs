namespace Atm0s.Sip.Media.Codecs.G711;

/// <summary>G.711 A-law as an RTP codec (RFC 3551 §4.5.14): static payload type 8, 8 kHz, one byte per sample.</summary>
public sealed class PcmaCodec : IAudioCodec
{
    private PcmaCodec()
    {
    }

    /// <summary>The one instance.</summary>
    public static PcmaCodec Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "PCMA";

    /// <inheritdoc/>
    public int ClockRate => 8000;

    /// <inheritdoc/>
    public int Channels => 1;

    /// <inheritdoc/>
    public int StaticPayloadType => 8;

    /// <inheritdoc/>
    public int SampleRate => 8000;

    /// <inheritdoc/>
    public string? FormatParameters => null;

    /// <inheritdoc/>
    public IAudioEncoder CreateEncoder(AudioEncoderSettings settings) => new PcmaEncoder();

    /// <inheritdoc/>
    public IAudioDecoder CreateDecoder() => new PcmaDecoder();
}
