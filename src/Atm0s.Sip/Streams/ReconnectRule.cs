namespace Atm0s.Sip.Streams;

/// <summary>
/// Whether and when a broken connection is made anew. Failures count together until a connection has lasted: a program that takes each one
/// and breaks it is given up as one is that can't be reached.
/// </summary>
/// <param name="maxReconnects">How often in a row.</param>
internal sealed class ReconnectRule(int maxReconnects)
{
    private int _failures;

    /// <summary>How long a connection must have been open so that its break is the first one again; longer than the longest wait.</summary>
    public static TimeSpan Lasting { get; } = TimeSpan.FromSeconds(30);

    /// <summary>A connection was broken, or was not made.</summary>
    /// <param name="wasOpen">How long it was open; zero when it was not made.</param>
    /// <returns>How long to wait before the next; null when there is none.</returns>
    public TimeSpan? OnBroken(TimeSpan wasOpen)
    {
        _failures = wasOpen >= Lasting ? 1 : _failures + 1;
        return _failures > maxReconnects ? null : TimeSpan.FromSeconds(Math.Min(8, 0.25 * Math.Pow(2, _failures)));
    }
}
