namespace Atm0s.Sip.Media.Rtp;

/// <summary>What a receiver expects.</summary>
public sealed record RtpReceiverOptions
{
    /// <summary>Payload types of audio that the peer may send, the likeliest first. At least one; no payload type twice.</summary>
    public required IReadOnlyList<RtpFormat> Formats { get; init; }

    /// <summary>Payload types of telephone events (RFC 4733) that the peer may send. Default none.</summary>
    public IReadOnlyList<RtpEventFormat> Events { get; init; } = [];

    /// <summary>Payload type of comfort noise (RFC 3389), or -1 (default) when it was not negotiated.</summary>
    public int ComfortNoisePayloadType { get; init; } = -1;

    /// <summary>
    /// Identifier of the header extension that tells the level of a packet (RFC 6464), 1 to 255 as agreed on in <c>a=extmap</c> (RFC 8285);
    /// or 0 (default) when it was not.
    /// </summary>
    public int AudioLevelExtension { get; init; }

    /// <summary>Whether the flag V means something there (RFC 6464 §4: <c>vad=on</c>). Default true.</summary>
    public bool HasVoiceFlag { get; init; } = true;

    /// <summary>How long packets may be kept back.</summary>
    public JitterBufferOptions JitterBuffer { get; init; } = JitterBufferOptions.Default;
}
