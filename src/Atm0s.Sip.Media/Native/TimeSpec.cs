using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Native;

/// <summary>struct timespec of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    public long Seconds;
    public long Nanoseconds;

    public TimeSpec(TimeSpan time) =>
        (Seconds, Nanoseconds) = (time.Ticks / TimeSpan.TicksPerSecond, time.Ticks % TimeSpan.TicksPerSecond * 100);

    /// <summary>As a time span, rounded down to 100 ns.</summary>
    public readonly TimeSpan ToTimeSpan() => new((Seconds * TimeSpan.TicksPerSecond) + (Nanoseconds / 100));
}
