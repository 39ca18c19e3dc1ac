namespace Atm0s.Sip.Media.Codecs.L16;

/// <summary>
/// Uncompressed 16-bit samples in network byte order (RFC 3551 §4.5.11), mono at 8, 16 or 48 kHz, all of them with dynamic payload types.
/// The static types are not supported: 10 and 11 are 44.1 kHz, a rate that nothing else here has.
/// </summary>
public sealed class L16Codec : IAudioCodec
{
    // 1500 bytes of Ethernet less IPv6, UDP and RTP headers.
    private const int MaxPayload = 1500 - 40 - 8 - 12;

    private L16Codec(int rate)
    {
        SampleRate = rate;
        MaxPacketTime = TimeSpan.FromMilliseconds(Math.Min(60, MaxPayload / 2 * 1000 / rate / 10 * 10));
    }

    /// <summary>8 kHz: 128 kbit/s, packets of up to 60 ms.</summary>
    public static L16Codec Rate8000 { get; } = new(8000);

    /// <summary>16 kHz: 256 kbit/s, packets of up to 40 ms.</summary>
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

    /// <summary>
    /// The longest packet, in steps of 10 ms up to 60 ms, that an Ethernet frame carries whole: the encoder takes longer frames too, but no
    /// datagram of 1500 bytes holds what it makes of them.
    /// </summary>
    public TimeSpan MaxPacketTime { get; }

    /// <inheritdoc/>
    /// <remarks>At most <see cref="MaxPacketTime"/>.</remarks>
    public TimeSpan ClosestPacketTime(AudioEncoderSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var closest = AudioPacketTime.Floor(settings.PacketTime);
        return closest < MaxPacketTime ? closest : MaxPacketTime;
    }

    /// <inheritdoc/>
    public IAudioEncoder CreateEncoder(AudioEncoderSettings settings) => new L16Encoder(SampleRate);

    /// <inheritdoc/>
    public IAudioDecoder CreateDecoder() => new L16Decoder(SampleRate);
}
