using Atm0s.Sip.Media.Clock;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>Counts frames of 20 ms against the clock, so that ticks that were skipped are known of. Media thread only.</summary>
internal sealed class FrameClock
{
    private TimeSpan? _start;
    private long _frames;

    /// <summary>A frame is due.</summary>
    /// <returns>Frames that have passed since the last call: 1 without skipped ticks. The first time 1.</returns>
    public int Advance(TimeSpan now)
    {
        _start ??= now;
        // Rounded: the tick of another room is up to 20 ms off, which must not add up.
        var passed = (int)Math.Clamp(((now - _start.Value) / MediaClock.Period) + 1.5 - _frames, 1, int.MaxValue);
        _frames += passed;
        return passed;
    }
}
