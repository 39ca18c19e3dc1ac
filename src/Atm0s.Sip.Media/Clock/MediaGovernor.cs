namespace Atm0s.Sip.Media.Clock;

/// <summary>
/// What a media thread gives up when its ticks take too much of their period: first effort of encoders, a step each second; then it takes
/// no legs of strangers, and at last none at all. It takes everything back, later than it gave it up, so that it does not swing. Pure but for what it remembers: one caller;
/// what it says may be read by any thread.
/// </summary>
internal sealed class MediaGovernor
{
    /// <summary>Steps of effort there are: the greatest complexity of encoders in each.</summary>
    private static readonly int[] Complexities = [10, 3, 1, 0];

    private const double Much = 0.8;        // of the period, from which on effort is given up
    private const double Little = 0.5;      // from which on it is taken back
    private const double TooMuch = 0.92;    // from which on nobody more is taken
    private const int Periods = 50;         // that are looked at together: a second
    private const int Calm = 10;            // seconds before anything is taken back

    private static readonly TimeSpan Second = Periods * MediaClock.Period;

    private double _busy;
    private double _mean;
    private int _periods;
    private TimeSpan _idle;
    private int _calm;
    private int _step;
    private volatile int _maxComplexity = Complexities[0];
    private volatile bool _isScarce;
    private volatile bool _isFull;

    /// <summary>Complexity that encoders must not exceed, 0 to 10.</summary>
    public int MaxComplexity => _maxComplexity;

    /// <summary>Whether what is left is for those who are known: all effort is given up, and the period is full but for a fifth.</summary>
    public bool IsScarce => _isScarce;

    /// <summary>Whether new legs are to go elsewhere.</summary>
    public bool IsFull => _isFull;

    /// <summary>Share of the time that ticks took in the last second, 0 and up.</summary>
    public double Busy => Volatile.Read(ref _mean);

    /// <summary>A period has passed.</summary>
    /// <param name="busy">Share of it that the ticks took, 0 and up.</param>
    /// <returns>Whether something has changed.</returns>
    public bool OnPeriod(double busy)
    {
        _busy += busy;
        if (++_periods < Periods)
            return false;
        var mean = _busy / _periods;
        Volatile.Write(ref _mean, mean);
        (_busy, _periods) = (0, 0);
        var (step, isFull) = (_step, _isFull);
        _isScarce = mean >= Much && _step == Complexities.Length - 1;
        Decide(mean);
        if (step != _step)
            _maxComplexity = Complexities[_step];
        return step != _step || isFull != _isFull;
    }

    /// <summary>
    /// The thread has no rooms: it takes whoever comes, and what was measured before says nothing any more. Effort of encoders comes back as
    /// in quiet seconds, for the next rooms may be as dear as the last.
    /// </summary>
    /// <param name="time">How long it has had none since it was last said.</param>
    /// <returns>Whether something has changed.</returns>
    public bool OnIdle(TimeSpan time)
    {
        (_busy, _periods) = (0, 0);
        Volatile.Write(ref _mean, 0);
        var (step, isFull) = (_step, _isFull);
        (_isScarce, _isFull) = (false, false);
        _idle += time;
        for (; _idle >= Second; _idle -= Second)
            Decide(0);
        if (step != _step)
            _maxComplexity = Complexities[_step];
        return step != _step || isFull;
    }

    private void Decide(double mean)
    {
        _calm = mean < Little ? _calm + 1 : 0;
        if (mean >= Much && _step < Complexities.Length - 1)
            _step++;
        else if (mean >= TooMuch)
            _isFull = true;
        else if (mean < Much && _isFull)
            _isFull = false;
        else if (_calm >= Calm && _step > 0)
            (_step, _calm) = (_step - 1, 0);
    }
}
