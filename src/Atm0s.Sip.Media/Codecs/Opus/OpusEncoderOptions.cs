namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>How Opus is encoded. Validated when an <see cref="OpusCodec"/> or an encoder is made of it.</summary>
public sealed record OpusEncoderOptions
{
    /// <summary>
    /// Bits per second, 6,000 to 510,000. Default 24,000: full-band speech (RFC 7587 §3.1.1 names 28 to 40 kbit/s as its sweet spot, 16 to
    /// 20 for wideband).
    /// </summary>
    public int Bitrate { get; init; } = 24_000;

    /// <summary>
    /// Bits per second that are not exceeded on average, 6,000 to 510,000; or null (default): a variable bit rate then is near
    /// <see cref="Bitrate"/>, up to a tenth
    /// above it for a while.
    /// </summary>
    public int? MaxAverageBitrate { get; init; }

    /// <summary>Effort, 0 to 10. Default 5: the last step that pays for speech; 10 costs about twice the time.</summary>
    public int Complexity { get; init; } = 5;

    /// <summary>Whether packets may carry a coarse copy of the frame before (RFC 6716 §2.1.7). Default true.</summary>
    public bool UseInBandFec { get; init; } = true;

    /// <summary>
    /// Loss to prepare for, 0 to 100 percent. Default 10: at the default bit rate the encoder spends bits on in-band FEC only above 5.
    /// </summary>
    public int ExpectedLossPercent { get; init; } = 10;

    /// <summary>
    /// Whether nothing is sent in silence (RFC 7587 §3.1.3). Default false: a steady stream keeps NAT bindings and loss figures honest.
    /// </summary>
    public bool UseDtx { get; init; }

    /// <summary>Whether every packet has the same size (RFC 7587 §3.1.2). Default false.</summary>
    public bool UseConstantBitrate { get; init; }

    /// <summary>Widest audio that is sent. Default <see cref="OpusBandwidth.Full"/>: the encoder chooses by bit rate and signal.</summary>
    public OpusBandwidth MaxBandwidth { get; init; } = OpusBandwidth.Full;

    /// <summary>What the encoder is tuned for. Default <see cref="OpusApplication.Voip"/>.</summary>
    public OpusApplication Application { get; init; } = OpusApplication.Voip;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Bitrate, 6_000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Bitrate, 510_000);
        if (MaxAverageBitrate is { } limit)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(limit, 6_000, nameof(MaxAverageBitrate));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 510_000, nameof(MaxAverageBitrate));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(Complexity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Complexity, 10);
        ArgumentOutOfRangeException.ThrowIfNegative(ExpectedLossPercent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ExpectedLossPercent, 100);
        if (!Enum.IsDefined(MaxBandwidth))
            throw new ArgumentOutOfRangeException(nameof(MaxBandwidth), MaxBandwidth, "Not an Opus bandwidth.");
        if (!Enum.IsDefined(Application))
            throw new ArgumentOutOfRangeException(nameof(Application), Application, "Not an Opus application.");
    }
}
