namespace Atm0s.Sip.Media.Codecs.L16;

/// <summary>
/// Uncompressed 16-bit samples in network byte order (RFC 3551 §4.5.11), mono at 8, 16 or 48 kHz, all of them with dynamic payload types.
/// The static types are not supported: 10 and 11 are 44.1 kHz, a rate that nothing else here has.
/// </summary>
public sealed class L16Codec : IAudioCodec
{
    private const int MaxPayload = 1275; // as IAudioEncoder promises; it also fits an Ethernet frame

    private readonly TimeSpan _maxPacketTime;

    private L16Codec(int rate)
    {
        SampleRate = rate;
        _maxPacketTime = AudioPacketTime.Floor(TimeSpan.FromMilliseconds(MaxPayload / 2 * 1000 / rate));
    }

    /// <summary>8 kHz: 128 kbit/s, packets of up to 60 ms.</summary>
    public static L16Codec Rate8000 { get; } = new(8000);

    /// <summary>16 kHz: 256 kbit/s, packets of up to 30 ms.</summary>
    public static L16Codec Rate16000 { get; } = new(16000);

    /// <summary>48 kHz: 768 kbit/s, packets of 10 ms only, as 20 ms have 1920 bytes.</summary>
    public static L16Codec Rate48000 { get; } = new(48000);

    /// <inheritdoc/>
    public string Name => "L16";

    /// <inheritdoc/>
    public int ClockRate => SampleRate;

    /// <inheritdoc/>
    public int Channels => 1;

    /// <inheritdoc/>
    public int StaticPayloadType => -1;

    /// <inheritdoc/>
    public int SampleRate { get; }

    /// <inheritdoc/>
    public string? FormatParameters => null;

    /// <inheritdoc/>
    public TimeSpan ClosestPacketTime(AudioEncoderSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return AudioPacketTime.Floor(settings.PacketTime < _maxPacketTime ? settings.PacketTime : _maxPacketTime);
    }

    /// <inheritdoc/>
    public IAudioEncoder CreateEncoder(AudioEncoderSettings settings) => new L16Encoder(SampleRate);

    /// <inheritdoc/>
    public IAudioDecoder CreateDecoder() => new L16Decoder(SampleRate);
}
