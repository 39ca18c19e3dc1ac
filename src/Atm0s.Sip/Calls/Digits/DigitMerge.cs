namespace Atm0s.Sip.Calls.Digits;

/// <summary>
/// Tells a key once, though a phone may send it in more ways than one. A key that comes one way is the same press as one that came another
/// way, when the times are near: each press is matched once, so that a key pressed twice is told twice. No clock; one caller at a time.
/// </summary>
internal sealed class DigitMerge
{
    private const int Capacity = 32;

    // An INFO that was lost comes again after T1 and twice T1 (RFC 3261 §17.1.2.2).
    private static readonly TimeSpan Near = TimeSpan.FromSeconds(2);

    private readonly List<Press> _unmatched = [];

    /// <summary>Whether this is a press that was not told yet.</summary>
    /// <param name="path">How it came.</param>
    /// <param name="digit">The key.</param>
    /// <param name="duration">How long it was pressed: one way tells its beginning, another its end.</param>
    /// <param name="now">When it came; monotonic.</param>
    public bool IsNew(DigitPath path, char digit, TimeSpan duration, TimeSpan now)
    {
        var press = new Press(path, digit, duration, now);
        for (var i = 0; i < _unmatched.Count; i++)
        {
            if (!_unmatched[i].IsSameAs(press))
                continue;
            _unmatched.RemoveAt(i);
            return false;
        }

        if (_unmatched.Count == Capacity)
            _unmatched.RemoveAt(0);
        _unmatched.Add(press);
        return true;
    }

    private readonly record struct Press(DigitPath Path, char Digit, TimeSpan Duration, TimeSpan At)
    {
        public bool IsSameAs(Press later) =>
            later.Path != Path && later.Digit == Digit && later.At - At <= Near + (Duration > later.Duration ? Duration : later.Duration);
    }
}
