namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>Opus as an RTP codec (RFC 7587): dynamic payload type, <c>opus/48000/2</c> in SDP, 48 kHz mono PCM.</summary>
public sealed class OpusCodec : IAudioCodec
{
    private readonly IOpusCodecProvider _provider;

    /// <summary>Makes the codec.</summary>
    /// <param name="provider">The implementation of Opus.</param>
    /// <param name="options">How to encode; defaults when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="InvalidOperationException">The provider is not available.</exception>
    public OpusCodec(IOpusCodecProvider provider, OpusEncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(provider);
        Options = options ?? new OpusEncoderOptions();
        Options.Validate();
        if (!provider.IsAvailable)
            throw new InvalidOperationException(provider.Status);
        _provider = provider;
    }

    /// <summary>How this codec encodes.</summary>
    public OpusEncoderOptions Options { get; }

    /// <inheritdoc/>
    public string Name => "opus";

    /// <inheritdoc/>
    public int ClockRate => OpusPacket.SampleRate;

    /// <inheritdoc/>
    public int Channels => 2; // RFC 7587 §7: always 2 in a=rtpmap, whatever is sent

    /// <inheritdoc/>
    public int StaticPayloadType => -1;

    /// <inheritdoc/>
    public int SampleRate => OpusPacket.SampleRate;

    /// <inheritdoc/>
    // RFC 7587 §6.1: our decoder makes use of FEC; packets down to 10 ms are welcome; stereo and sprop-stereo default to 0.
    public string? FormatParameters => "minptime=10;useinbandfec=1";

    /// <inheritdoc/>
    /// <remarks>10, 20, 40 or 60 ms (RFC 6716 §2.1.4); within the receiver's <c>minptime</c> and <c>maxptime</c>.</remarks>
    public TimeSpan ClosestPacketTime(AudioEncoderSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return OpusPeerParameters.Parse(settings.PeerParameters).ClosestPacketTime(settings.PacketTime);
    }

    /// <inheritdoc/>
    public IAudioEncoder CreateEncoder(AudioEncoderSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return _provider.CreateEncoder(OpusPeerParameters.Parse(settings.PeerParameters).Limit(Options));
    }

    /// <inheritdoc/>
    public IAudioDecoder CreateDecoder() => _provider.CreateDecoder();
}
