namespace Atm0s.Sip.Configuration.Formats;

/// <summary>Times that never end.</summary>
internal static class EndlessTime
{
    /// <summary>Whether it means that there is no limit.</summary>
    public static bool IsEndless(this TimeSpan time) => time == Timeout.InfiniteTimeSpan || time == TimeSpan.MaxValue;

    /// <summary>The time, or zero for one that never ends: for settings whose zero means that there is no limit.</summary>
    public static TimeSpan OrZero(this TimeSpan time) => time.IsEndless() ? TimeSpan.Zero : time;
}
