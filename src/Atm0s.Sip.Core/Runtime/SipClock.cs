namespace Atm0s.Sip.Core.Runtime;

/// <summary>The monotonic clock of one stack: time since it was made, read from an injected <see cref="System.TimeProvider"/>.</summary>
/// <param name="timeProvider">Source of time; tests pass one they move by hand.</param>
internal sealed class SipClock(TimeProvider timeProvider)
{
    private readonly long _start = timeProvider.GetTimestamp();

    /// <summary>Time since the clock was made. Never goes back.</summary>
    public TimeSpan Now => timeProvider.GetElapsedTime(_start);

    /// <summary>Wall-clock time (UTC), for people and time stamps only.</summary>
    public DateTimeOffset UtcNow => timeProvider.GetUtcNow();

    /// <summary>The source of time.</summary>
    public TimeProvider TimeProvider => timeProvider;
}
