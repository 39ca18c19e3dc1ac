namespace Atm0s.Sip.Media.Dtmf;

/// <summary>
/// Tells a key once that comes as an event and as a tone as well. A key of one kind is the press that came as the other kind when their
/// times are
/// near; each is matched once, so that a key pressed twice is told twice. No clock; media thread only; allocates nothing in use.
/// </summary>
internal sealed class KeyMerge
{
    private const int Capacity = 16;

    // A tone waits in the jitter buffer, and is told after a pause of 40 ms.
    private static readonly TimeSpan Near = TimeSpan.FromMilliseconds(700);

    private readonly (char Digit, bool IsTone, TimeSpan End)[] _unmatched = new (char, bool, TimeSpan)[Capacity];
    private int _next;

    /// <summary>Whether this is a press that was not told yet.</summary>
    /// <param name="key">The key, just released.</param>
    /// <param name="isTone">Whether it came as a tone.</param>
    /// <param name="now">Monotonic.</param>
    public bool IsNew(DtmfEvent key, bool isTone, TimeSpan now)
    {
        for (var i = 0; i < Capacity; i++)
        {
            ref var press = ref _unmatched[i];
            if (press.Digit != key.Digit || press.IsTone == isTone || now - key.Duration - press.End > Near)
                continue;
            press = default;
            return false;
        }

        _unmatched[_next] = (key.Digit, isTone, now);
        _next = (_next + 1) % Capacity;
        return true;
    }
}
