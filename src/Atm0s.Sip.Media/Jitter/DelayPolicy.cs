namespace Atm0s.Sip.Media.Jitter;

/// <summary>
/// When the delay changes, and by how much. Frames are read every 20 ms, so a packet that starts inside a frame waits for nothing
/// until the next packet fits: that part of the delay, the offset, protects against nothing. What protects comes in steps, the greatest
/// common divisor of packet and frame. Changes are made in pauses at once, in speech after a while, or at once when they are urgent.
/// </summary>
internal sealed class DelayPolicy
{
    private const double Frame = 20;
    private const double MinSpare = 1;          // ms that the latest packets are to have left
    private const double Hysteresis = 2.5;      // ms beyond a whole step before it is taken back

    private TimeSpan? _shortSince;
    private TimeSpan? _longSince;
    private TimeSpan _lastChange = TimeSpan.FromDays(-1);

    /// <summary>Milliseconds that the latest packets have left.</summary>
    /// <param name="lag">Clock minus media time of the next sample to be read.</param>
    /// <param name="transit">Transit of the latest packets.</param>
    /// <param name="offset">Where in a step packets start.</param>
    /// <param name="step">The step.</param>
    public static double Spare(double lag, double transit, double offset, double step) => lag - offset - (Frame - step) - transit;

    /// <summary>Milliseconds to wait longer so that the latest packets are in time.</summary>
    public static double Lack(double spare, double step) => spare >= MinSpare ? 0 : step * Math.Ceiling((MinSpare - spare) / step);

    /// <summary>Milliseconds that can be saved and the latest packets are still in time.</summary>
    public static double Excess(double spare, double offset, double step) =>
        offset + (spare < step + Hysteresis ? 0 : step * Math.Floor((spare - Hysteresis) / step));

    public void Restart() => (_shortSince, _longSince) = (null, null);

    /// <summary>What to do at this tick.</summary>
    public DelayAdvice Advise(double spare, double offset, double step, TimeSpan now)
    {
        var lack = Lack(spare, step);
        if (lack > 0)
        {
            _longSince = null;
            _shortSince ??= now;
            var urgent = spare < MinSpare / 2 || now - _shortSince > TimeSpan.FromSeconds(1);
            return new DelayAdvice(lack - offset, urgent ? DelayAdvice.Anywhere : DelayAdvice.InPauses);
        }

        _shortSince = null;
        var excess = Excess(spare, offset, step);
        if (excess < 0.5)
        {
            _longSince = null;
            return DelayAdvice.Keep;
        }

        _longSince ??= now;
        return new DelayAdvice(-excess, LeastAlike(excess, now - _longSince.Value, now - _lastChange));
    }

    /// <summary>A change was made.</summary>
    public void Changed(TimeSpan now) => _lastChange = now;

    private static float LeastAlike(double excess, TimeSpan dwell, TimeSpan rest) => excess switch
    {
        >= 100 when rest >= TimeSpan.FromMilliseconds(40) => 0.5f,
        >= 50 when dwell >= TimeSpan.FromSeconds(0.5) && rest >= TimeSpan.FromMilliseconds(60) => 0.6f,
        >= 20 when dwell >= TimeSpan.FromSeconds(3) && rest >= TimeSpan.FromMilliseconds(200) => 0.8f,
        _ when dwell >= TimeSpan.FromSeconds(10) && rest >= TimeSpan.FromMilliseconds(200) => 0.9f,
        _ => DelayAdvice.InPauses,
    };
}
