using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Control.Events;

/// <summary>Bounds how many watch at one time.</summary>
internal sealed class WatcherPlaces(IOptions<SipControlOptions> options)
{
    private int _taken;

    /// <summary>Takes a place; false when there is none.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _taken) <= options.Value.MaxWatchers)
            return true;
        Leave();
        return false;
    }

    /// <summary>Gives the place back.</summary>
    public void Leave() => Interlocked.Decrement(ref _taken);
}
