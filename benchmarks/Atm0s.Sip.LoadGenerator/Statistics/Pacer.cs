namespace Atm0s.Sip.LoadGenerator.Statistics;

/// <summary>
/// An open loop: says when each request is due by an absolute clock, whatever became of those before. What is late is told, never left
/// out.
/// </summary>
internal sealed class Pacer
{
    private const long Tolerance = 5 * Clock.Millisecond;
    private readonly double _perSecond;
    private long _start;
    private long _taken;

    /// <param name="perSecond">More than 0.</param>
    /// <param name="start">When the first is due, on <see cref="Clock"/>.</param>
    public Pacer(double perSecond, long start) => (_perSecond, _start) = (perSecond, start);

    /// <summary>Those that were taken more than 5 ms after they were due.</summary>
    public long Late { get; private set; }

    /// <summary>The latest of all, in nanoseconds.</summary>
    public long MaxLateness { get; private set; }

    /// <summary>When the next is due.</summary>
    public long Due => _start + (long)(_taken * (Clock.Second / _perSecond));

    /// <summary>Takes the next if it is due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="due">When it was due.</param>
    public bool TryTake(long now, out long due)
    {
        due = Due;
        if (now < due)
            return false;
        _taken++;
        MaxLateness = Math.Max(MaxLateness, now - due);
        if (now - due > Tolerance)
            Late++;
        return true;
    }

    /// <summary>Goes on from here without what was missed.</summary>
    public void Restart(long now) => (_start, _taken) = (now, 0);
}
