namespace Atm0s.Sip.Media.Codecs.G711;

/// <summary>G.711 mu-law as an RTP codec (RFC 3551 §4.5.14): static payload type 0, 8 kHz, one byte per sample.</summary>
public sealed class PcmuCodec : IAudioCodec
{
    private PcmuCodec()
    {
    }

    /// <summary>The one instance.</summary>
    public static PcmuCodec Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "PCMU";

    /// <inheritdoc/>
    public int ClockRate => 8000;

    /// <inheritdoc/>
    public int Channels => 1;

    /// <inheritdoc/>
    public int StaticPayloadType => 0;

    /// <inheritdoc/>
    public int SampleRate => 8000;

    /// <inheritdoc/>
    public string? FormatParameters => null;

    /// <inheritdoc/>
    public IAudioEncoder CreateEncoder(AudioEncoderSettings settings) => new PcmuEncoder();

    /// <inheritdoc/>
    public IAudioDecoder CreateDecoder() => new PcmuDecoder();
}
