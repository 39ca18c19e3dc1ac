namespace Atm0s.Sip.Hooks;

/// <summary>How much an <see cref="IOpusRoomSeat"/> may need.</summary>
public sealed record OpusSeatOptions
{
    /// <summary>All as by default.</summary>
    public static OpusSeatOptions Default { get; } = new();

    /// <summary>How many sources the phone hears at a time: the loudest, when there are more. 1 to 16; default 3.</summary>
    public int MaxSpeakers { get; init; } = 3;

    /// <summary>Sources that there may be at a time, 1 to 1,000; default 16. Each has a decoder and a buffer.</summary>
    public int MaxSources { get; init; } = 16;

    /// <summary>
    /// Audio of one source that may wait for the media thread, 20 ms to 10 s; default 200 ms. More than that, or than it has bytes at
    /// 510 kbit/s, costs the source its oldest frames.
    /// </summary>
    public TimeSpan MaxQueued { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Audio of the phone that may wait for <see cref="IOpusAudio.TryRead"/>, 20 ms to 10 s; default 500 ms. More than that, or than it has
    /// bytes at 510 kbit/s, costs the oldest frames, and the seat is told.
    /// </summary>
    public TimeSpan MaxUnread { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Whether packets of a single speaker go to a phone that speaks Opus as they are; default true. False: the phone always gets a mix,
    /// encoded for it.
    /// </summary>
    public bool ForwardsSingleSpeaker { get; init; } = true;

    /// <summary>
    /// Bits per second, 6,000 to 510,000, at which the audio of a phone is encoded that does not speak Opus; default 24,000. Packets of one
    /// that does go through as they are.
    /// </summary>
    public int Bitrate { get; init; } = 24_000;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public void Validate()
    {
        Check(MaxSpeakers, 1, 16, nameof(MaxSpeakers));
        Check(MaxSources, 1, 1000, nameof(MaxSources));
        Check(MaxQueued.TotalMilliseconds, 20, 10_000, nameof(MaxQueued));
        Check(MaxUnread.TotalMilliseconds, 20, 10_000, nameof(MaxUnread));
        Check(Bitrate, 6000, 510_000, nameof(Bitrate));
    }

    private static void Check(double value, double min, double max, string name)
    {
        if (value < min || value > max)
            throw new ArgumentOutOfRangeException(name, value, $"{min} to {max}.");
    }
}
