namespace Atm0s.Sip;

/// <summary>How digits are asked for (<see cref="ISipCall.GatherDigitsAsync"/>).</summary>
public sealed record GatherOptions
{
    /// <summary>What is played first; the first digit ends it. Null for nothing.</summary>
    public AudioClip? Prompt { get; init; }

    /// <summary>What is played before the next try; null takes <see cref="Prompt"/> again.</summary>
    public AudioClip? RetryPrompt { get; init; }

    /// <summary>Fewer digits do not count: 1 to 64, default 1.</summary>
    public int MinDigits
    {
        get;
        init => field = Within(value, 1, 64);
    }

    = 1;

    /// <summary>So many digits end it: 1 to 64, default 16.</summary>
    public int MaxDigits
    {
        get;
        init => field = Within(value, 1, 64);
    }

    = 16;

    /// <summary>
    /// The key that ends it and is no digit, of <c>0123456789*#ABCD</c>; null for none. Default <c>#</c>.
    /// </summary>
    public char? Terminator
    {
        get;
        init => field = value is null || "0123456789*#ABCD".Contains(value.Value, StringComparison.Ordinal)
            ? value
            : throw new ArgumentException("A key is one of 0 to 9, *, #, and A to D.", nameof(value));
    }

    = '#';

    /// <summary>
    /// Whether keys of the five seconds before count, for who knows what will be asked types it before. False for what a host asks because
    /// of a key. A key that has ended something that was played never counts. Default true.
    /// </summary>
    public bool TakesEarlierDigits { get; init; } = true;

    /// <summary>How long it may take to the first digit, after the prompt: up to 10 min, default 10 s.</summary>
    public TimeSpan FirstDigitTimeout
    {
        get;
        init => field = Positive(value);
    }

    = TimeSpan.FromSeconds(10);

    /// <summary>How long it may take from digit to digit; then what has come counts. Up to 10 min, default 4 s.</summary>
    public TimeSpan BetweenDigitsTimeout
    {
        get;
        init => field = Positive(value);
    }

    = TimeSpan.FromSeconds(4);

    /// <summary>How often it is asked for: 1 to 10, default 3.</summary>
    public int Tries
    {
        get;
        init => field = Within(value, 1, 10);
    }

    = 3;

    /// <summary>Refuses what could never come.</summary>
    internal static GatherOptions Check(GatherOptions options, string name) => options.MinDigits <= options.MaxDigits
        ? options
        : throw new ArgumentException("MinDigits is at most MaxDigits: so many digits could never come.", name);

    private static int Within(int value, int min, int max)
    {
        if (value < min || value > max)
            throw new ArgumentOutOfRangeException(nameof(value), value, $"From {min} to {max}.");
        return value;
    }

    private static TimeSpan Positive(TimeSpan value)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromMinutes(10))
            throw new ArgumentOutOfRangeException(nameof(value), value, "More than zero, at most 10 minutes.");
        return value;
    }
}
