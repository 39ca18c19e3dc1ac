namespace Atm0s.Sip.Configuration.Formats;

/// <summary>Times that never end.</summary>
internal static class EndlessTime
{
    extension(TimeSpan time)
    {
        /// <summary>Whether it means that there is no limit.</summary>
        public bool IsEndless() => time == Timeout.InfiniteTimeSpan || time == TimeSpan.MaxValue;

        /// <summary>The time, or zero for one that never ends: for settings whose zero means that there is no limit.</summary>
        public TimeSpan OrZero() => time.IsEndless() ? TimeSpan.Zero : time;
    }
}
