namespace Atm0s.Sip.Hooks;

/// <summary>
/// One Opus packet (RFC 6716), with what RTP tells of it (RFC 7587 §4). Valid as long as its <see cref="Payload"/> is.
/// </summary>
public readonly ref struct OpusFrame
{
    /// <summary>Longest <see cref="Payload"/>, in bytes.</summary>
    public const int MaxBytes = 1500;

    /// <summary>
    /// One more than in the frame before, modulo 2^16. What is missing was lost; a number that follows after a gap of
    /// <see cref="Timestamp"/> begins a new stretch of talk.
    /// </summary>
    public required ushort SequenceNumber { get; init; }

    /// <summary>Of the first sample, in units of 1/48,000 s, modulo 2^32. It goes on through pauses.</summary>
    public required uint Timestamp { get; init; }

    /// <summary>Samples at 48 kHz: 120 to 5,760, mostly 960. Of what the host says it is read from the packet instead.</summary>
    public int Samples { get; init; }

    /// <summary>
    /// How loud it is, in -dBov as RFC 6464 §3 counts: 0 (loudest) to 127 (silence); null: not known. Of a phone's own packets it is what
    /// the phone tells, else that of what was heard last.
    /// </summary>
    public int? Level { get; init; }

    /// <summary>Whether the speaker is taken to speak: by the encoder's own flag (RFC 6716 §4.2.3), else by the level.</summary>
    public bool HasVoice { get; init; }

    /// <summary>The packet, at most <see cref="MaxBytes"/>.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>How long it is: 2.5 to 120 ms.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks(Samples * TimeSpan.TicksPerSecond / 48_000);
}
