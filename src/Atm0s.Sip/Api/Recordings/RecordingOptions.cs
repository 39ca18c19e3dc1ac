namespace Atm0s.Sip;

/// <summary>How something is recorded.</summary>
public sealed record RecordingOptions
{
    /// <summary>What is written. Default: by the name of the file.</summary>
    public RecordingFormat Format { get; init; }

    /// <summary>Rate of the file, in Hz: 8000, 16000 (default) or 48000. Opus plays at 48000 whatever was recorded.</summary>
    public int SampleRate
    {
        get;
        init
        {
            if (value is not (8000 or 16_000 or 48_000))
                throw new ArgumentOutOfRangeException(nameof(value), value, "Rates are 8000, 16000 and 48000 Hz.");
            field = value;
        }
    }

    = 16_000;

    /// <summary>
    /// Of a call: whether what the phone says is the left channel and what it hears the right one (default), or both are mixed into one. A
    /// room has one channel always.
    /// </summary>
    public bool TwoChannels { get; init; } = true;

    /// <summary>Whether it begins with a pause, to be ended by <see cref="Recording.Resume"/>. Default false.</summary>
    public bool StartPaused { get; init; }

    /// <summary>Longest recording, pauses left out: up to 30 days, default 24 h.</summary>
    public TimeSpan MaxDuration
    {
        get;
        init
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(30))
                throw new ArgumentOutOfRangeException(nameof(value), value, "More than zero, at most 30 days.");
            field = value;
        }
    }

    = TimeSpan.FromHours(24);

    /// <summary>
    /// How much may wait for a slow disk, 1 to 60 s, default 5 s: beyond, silence of the same length takes its place
    /// (<see cref="Recording.Lost"/>).
    /// </summary>
    public TimeSpan MaxWaiting
    {
        get;
        init
        {
            if (value < TimeSpan.FromSeconds(1) || value > TimeSpan.FromSeconds(60))
                throw new ArgumentOutOfRangeException(nameof(value), value, "From 1 to 60 s.");
            field = value;
        }
    }

    = TimeSpan.FromSeconds(5);
}
