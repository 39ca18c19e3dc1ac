using System.Diagnostics;

namespace Atm0s.Sip.LoadGenerator;

/// <summary>One clock for all: nanoseconds that only go forward.</summary>
internal static class Clock
{
    public const long Millisecond = 1_000_000;
    public const long Second = 1_000_000_000;

    /// <summary>Nanoseconds since some moment.</summary>
    public static long Now => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));
}
