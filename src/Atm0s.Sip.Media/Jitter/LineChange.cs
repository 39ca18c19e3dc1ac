namespace Atm0s.Sip.Media.Jitter;

/// <summary>
/// When packets that do not fit the time line are a new one: two in a row with timestamps that have jumped alike, or four in a row and
/// nothing else for 100 ms whose turn is over. A stray packet changes nothing.
/// </summary>
internal sealed class LineChange
{
    private const double MaxApart = 120;        // ms of media between the two
    private const int LateRun = 4;
    private static readonly TimeSpan LateTime = TimeSpan.FromMilliseconds(100);

    private (long Sequence, double Media) _jump = (-1, 0);
    private (long Sequence, int Count, TimeSpan Since) _late = (-1, 0, default);

    /// <summary>A packet fits.</summary>
    public void Reset() => (_jump.Sequence, _late.Sequence) = (-1, -1);

    /// <summary>A packet is far from the time line.</summary>
    /// <returns>Whether it is the second one there.</returns>
    public bool OnJump(long sequence, double media)
    {
        var isSecond = sequence == _jump.Sequence + 1 && Math.Abs(media - _jump.Media) <= MaxApart;
        _jump = (sequence, media);
        return isSecond;
    }

    /// <summary>The turn of a packet is over.</summary>
    /// <returns>Whether such packets are all that comes.</returns>
    public bool OnLate(long sequence, TimeSpan arrival)
    {
        if (sequence != _late.Sequence + 1)
            _late = (sequence, 0, arrival);
        _late.Sequence = sequence;
        return ++_late.Count >= LateRun && arrival - _late.Since >= LateTime;
    }
}
