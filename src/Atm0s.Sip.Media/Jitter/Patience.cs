namespace Atm0s.Sip.Media.Jitter;

/// <summary>
/// Whether it pays to hold out for a packet that is overdue, by what became of the ones before: not on a path that loses more than it
/// delays, and with later packets there already only where packets overtake each other.
/// </summary>
internal sealed class Patience
{
    private const double Least = 0.4;
    private static readonly TimeSpan ReorderMemory = TimeSpan.FromSeconds(5);

    private double _trust = 1;                  // that what is overdue comes, 0 to 1
    private long _awaited = -1;
    private TimeSpan? _reorderAt;

    /// <summary>When the last packet came.</summary>
    public TimeSpan LastArrival { get; private set; }

    /// <summary>Samples put in since to hold out at the end of what is there.</summary>
    public int Bridged { get; set; }

    public bool IsLeft => _trust >= Least;

    public void Restart() => (_trust, _awaited, _reorderAt, Bridged) = (1, -1, null, 0);

    /// <summary>A packet came while it could be played.</summary>
    public void OnArrival(TimeSpan arrival, bool isOvertaken)
    {
        (LastArrival, Bridged) = (arrival, 0);
        if (isOvertaken)
            _reorderAt = arrival;
    }

    /// <summary>A packet came after its turn: it would have been worth waiting for.</summary>
    public void OnLate(TimeSpan arrival)
    {
        _reorderAt = arrival;
        _trust = Math.Min(1, _trust + 0.25);
    }

    public bool MayBeOvertaken(TimeSpan now) => now - _reorderAt < ReorderMemory;

    /// <summary>This number is held out for.</summary>
    public void Await(long sequence) => _awaited = _awaited < 0 ? sequence : _awaited;

    /// <summary>Its turn is over now, or not yet.</summary>
    public void Settle(long next, PacketStore store)
    {
        if (_awaited < 0 || next <= _awaited)
            return;
        _trust = store.Knows(_awaited) ? Math.Min(1, _trust + 0.25) : _trust / 2;
        _awaited = -1;
    }
}
