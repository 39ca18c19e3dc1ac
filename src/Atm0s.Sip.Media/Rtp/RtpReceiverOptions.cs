using Atm0s.Sip.Media.Codecs;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>What a receiver expects.</summary>
public sealed record RtpReceiverOptions
{
    /// <summary>What decodes the audio.</summary>
    public required IAudioCodec Codec { get; init; }

    /// <summary>Payload type of the audio, 0 to 127.</summary>
    public required byte PayloadType { get; init; }

    /// <summary>Payload type of telephone-event (RFC 4733), or -1 (default) when it was not negotiated.</summary>
    public int TelephoneEventPayloadType { get; init; } = -1;

    /// <summary>Most the jitter buffer may add on its own, default 200 ms. Clamped to 40 ms to 1 s.</summary>
    public TimeSpan MaximumDelay { get; init; } = TimeSpan.FromMilliseconds(200);
}
