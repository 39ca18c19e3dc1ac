namespace Atm0s.Sip.Hooks;

/// <summary>How much an <see cref="IOpusRoomSeat"/> may need.</summary>
public sealed record OpusSeatOptions
{
    private static readonly TimeSpan MinTime = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);

    /// <summary>All as by default.</summary>
    public static OpusSeatOptions Default { get; } = new();

    /// <summary>How many sources the phone hears at a time: the loudest, when there are more. 1 to 16; default 3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of that range.</exception>
    public int MaxSpeakers
    {
        get;
        init => field = Checked(value, 1, 16, nameof(MaxSpeakers));
    } = 3;

    /// <summary>Sources that there may be at a time, 1 to 1,000; default 16. Each has a decoder and a buffer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of that range.</exception>
    public int MaxSources
    {
        get;
        init => field = Checked(value, 1, 1000, nameof(MaxSources));
    } = 16;

    /// <summary>
    /// Audio of one source that may wait for the media thread, 20 ms to 10 s; default 200 ms. More than that, or than it has bytes at
    /// 510 kbit/s, costs the source its oldest frames.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of that range.</exception>
    public TimeSpan MaxQueued
    {
        get;
        init => field = Checked(value, MinTime, MaxTime, nameof(MaxQueued));
    } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Audio of the phone that may wait for <see cref="IOpusAudio.TryRead"/>, 20 ms to 10 s; default 500 ms. More than that, or than it has
    /// bytes at 510 kbit/s, costs the oldest frames, and the seat is told.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of that range.</exception>
    public TimeSpan MaxUnread
    {
        get;
        init => field = Checked(value, MinTime, MaxTime, nameof(MaxUnread));
    } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Whether packets of a single speaker go to a phone that speaks Opus as they are; default true. False: the phone always gets a mix,
    /// encoded for it.
    /// </summary>
    public bool ForwardsSingleSpeaker { get; init; } = true;

    /// <summary>
    /// Bits per second, 6,000 to 510,000, at which the audio of a phone is encoded that does not speak Opus; default 24,000. Packets of one
    /// that does go through as they are.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of that range.</exception>
    public int Bitrate
    {
        get;
        init => field = Checked(value, 6000, 510_000, nameof(Bitrate));
    } = 24_000;

    private static T Checked<T>(T value, T min, T max, string name)
        where T : IComparable<T> => value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} is from {min} to {max}.");
}
