namespace Atm0s.Sip.Media.Jitter;

/// <summary>
/// How late packets come: for each half second in which some came, the largest and the smallest transit (arrival minus media time), over
/// the last 32 of these seconds. The time line waits for the largest, or for the second when there are many. That rises with the packet
/// that is late and falls when that packet is forgotten; until then it counts 0.3 ms less for every second of its age, which is as fast
/// as clocks drift apart (300 ppm).
/// </summary>
/// <param name="maximumDelay">Milliseconds behind the earliest packets that are not waited for any more.</param>
internal sealed class DelayEstimator(double maximumDelay)
{
    /// <summary>Milliseconds more than can be waited for, from which on it is not tried.</summary>
    public const double Beyond = 20;

    private const int Intervals = 64;
    private const int Recent = 8;               // intervals that tell the earliest packets: 4 s
    private const int Many = 48;                // intervals from which on the largest is left out
    private const double Alone = 5;             // ms behind all others
    private const int MaxPending = 64;
    private const double Ageing = 0.3;          // ms per s
    private const double OnTheTick = 2.5;       // ms that a packet has waited which is only known to have come by the tick
    private const double Usualness = 1.0 / 64;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Backlog = TimeSpan.FromMilliseconds(100);
    private const double Steady = 20;           // ms by which transit falls at most where nothing catches up
    private static readonly TimeSpan OtherPath = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OtherPathWhenSteady = TimeSpan.FromMilliseconds(200);

    // Both from the first packet on: a call that never speaks keeps nothing.
    private (double Max, double Min, TimeSpan At)[] _intervals = [];
    private (double Media, TimeSpan Arrival)[] _pending = [];
    private int _pendingCount;
    private int _count;
    private int _last;                          // index of the newest interval
    private double _deviation;
    private (double Max, double Second, double Min) _closed; // of all intervals but the newest
    private double _often;                      // what the maximum of three intervals in four stays below
    private TimeSpan? _beyondSince;
    private TimeSpan _beyondAt;
    private double _beyondTransit;              // of the first one there

    /// <summary>Transit of the latest packets that can be waited for, in ms.</summary>
    public double Latest { get; private set; }

    /// <summary>Transit of the earliest packets of late, in ms.</summary>
    public double Earliest { get; private set; }

    /// <summary>Smoothed transit, in ms.</summary>
    public double Mean { get; private set; }

    /// <summary>Transit that most packets stay below, in ms: what is later than this is late for its own path.</summary>
    public double Usual => Mean + _deviation + 3;

    /// <summary>
    /// Transit that the time line waits for, in ms. Rare and late packets are not waited for to the end: the last of it is bridged by
    /// stretching when it happens. Where late packets are the rule, and queue up, a little is added.
    /// </summary>
    public double Target
    {
        get
        {
            var span = Latest - Earliest;
            if (span < 30)
                return Latest + Math.Min(1.5, _deviation); // late by little, but a frame would be missing
            var rarity = (0.45 * span) - (Usual - Earliest);
            return rarity >= 0
                ? Latest - Math.Min(18, Math.Min(Latest - _often, 0.65 * rarity))
                : Latest + Math.Min(-3 * rarity, 0.2 * Math.Max(0, span - 100));
        }
    }

    /// <summary>Transit from which on the path seems to stand still, in ms.</summary>
    public double Stalled => Math.Max(Usual, Earliest + Math.Min(0.75 * (Latest - Earliest), _often - Earliest + 20));

    public void Clear() => (_count, _pendingCount, _last, _beyondSince) = (0, 0, 0, null);

    /// <summary>Notes a packet; it counts from the next <see cref="OnTick"/> on.</summary>
    /// <param name="media">Media time of its first sample, in ms.</param>
    /// <param name="arrival">When it came.</param>
    public void OnArrival(double media, TimeSpan arrival)
    {
        if (_pending.Length == 0)
            (_pending, _intervals) = (new (double, TimeSpan)[MaxPending], new (double, double, TimeSpan)[Intervals]);
        if (_pendingCount < MaxPending)
            _pending[_pendingCount++] = (media, arrival);
    }

    /// <summary>Counts what has come since the tick before.</summary>
    /// <param name="now">The tick.</param>
    /// <param name="spread">
    /// Milliseconds by which packets that came with this very tick may have come one after the other (several packets to a frame).
    /// </param>
    public void OnTick(TimeSpan now, double spread)
    {
        if (_pendingCount == 0)
            return;
        var newest = double.NegativeInfinity;
        for (var i = 0; i < _pendingCount; i++)
            newest = Math.Max(newest, _pending[i].Media);
        for (var i = 0; i < _pendingCount; i++)
        {
            var (media, arrival) = _pending[i];
            var transit = arrival.TotalMilliseconds - media;
            if (arrival == now)
                transit -= OnTheTick + Math.Min(spread, newest - media);
            Count(transit, arrival);
        }

        _pendingCount = 0;
        Summarize();
    }

    private void Count(double transit, TimeSpan arrival)
    {
        if (_count > 0 && IsBeyond(transit, arrival))
            return;
        if (_count == 0)
        {
            _count = 1;
            _last = 0;
            _intervals[0] = (transit, transit, arrival);
            _closed = (double.NegativeInfinity, double.NegativeInfinity, double.PositiveInfinity);
            (Mean, _deviation, _often) = (transit, 0, transit);
            return;
        }

        ref var interval = ref _intervals[_last];
        if (arrival - interval.At >= Interval)
        {
            _last = (_last + 1) % Intervals;
            _count = Math.Min(_count + 1, Intervals);
            _intervals[_last] = (transit, transit, arrival);
            Close(arrival);
        }
        else
        {
            interval.Max = Math.Max(interval.Max, transit);
            interval.Min = Math.Min(interval.Min, transit);
        }

        var off = transit - Mean;
        Mean += off * Usualness;
        _deviation += (Math.Abs(off) - _deviation) * Usualness;
    }

    /// <summary>
    /// A stall too long to be waited for, and what queued up behind it; when it does not end the path is another one. Sooner when nothing
    /// has queued up: the sender has paused and counts on where it was.
    /// </summary>
    private bool IsBeyond(double transit, TimeSpan arrival)
    {
        if (transit > Earliest + maximumDelay + Beyond)
        {
            if (_beyondSince is null)
                (_beyondSince, _beyondTransit) = (arrival, transit);
            _beyondAt = arrival;
        }
        else if (_beyondSince is null || arrival - _beyondAt >= Backlog || transit <= Usual)
        {
            _beyondSince = null;
            return false;
        }

        if (arrival - _beyondSince < (transit > _beyondTransit - Steady ? OtherPathWhenSteady : OtherPath))
            return true;
        Clear();
        return false;
    }

    private void Close(TimeSpan now)
    {
        var (first, second, min) = (double.NegativeInfinity, double.NegativeInfinity, double.PositiveInfinity);
        Span<double> maxima = stackalloc double[Intervals];
        for (var i = 1; i < _count; i++)
        {
            var interval = _intervals[(_last - i + Intervals) % Intervals];
            maxima[i] = interval.Max;
            var aged = interval.Max - (Ageing * Math.Max(0, (now - interval.At).TotalSeconds));
            (first, second) = aged > first ? (aged, first) : (first, Math.Max(second, aged));
            if (i < Recent)
                min = Math.Min(min, interval.Min);
        }

        _closed = (first, second, min);
        maxima = maxima[1.._count];
        maxima.Sort();
        _often = maxima[maxima.Length * 3 / 4];
    }

    private void Summarize()
    {
        var (max, min, _) = _intervals[_last];
        var (first, second) = max > _closed.Max ? (max, _closed.Max) : (_closed.Max, Math.Max(max, _closed.Second));
        Latest = _count >= Many && first - second > Alone ? second : first;
        Earliest = Math.Min(min, _closed.Min);
    }
}
