using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Atm0s.Sip.Watching;

/// <summary>
/// Gives every event to every watcher. A watcher that does not keep up loses the oldest events, and is told how many; nobody waits for it.
/// </summary>
internal sealed class EventHub
{
    private ImmutableArray<Watcher> _watchers = [];
    private volatile bool _completed;

    /// <summary>Whether anybody watches: without, an event costs nothing.</summary>
    public bool IsWatched => !_watchers.IsEmpty;

    public void Tell(SipServerEvent what)
    {
        foreach (var watcher in _watchers)
            watcher.Tell(what);
    }

    /// <summary>Ends all watching: the server stops.</summary>
    public void Complete()
    {
        _completed = true;
        foreach (var watcher in _watchers)
            watcher.Complete();
    }

    /// <summary>Events from now on. Watching begins with the call, not with the first step of the enumeration.</summary>
    public IAsyncEnumerable<SipServerEvent> Watch(CancellationToken cancellationToken)
    {
        var watcher = new Watcher();
        ImmutableInterlocked.Update(ref _watchers, static (all, one) => all.Add(one), watcher);
        if (_completed)
            watcher.Complete();
        // Whoever gives up before the first step is not kept.
        var registration = cancellationToken.Register(() => Remove(watcher));
        return ReadAsync(watcher, registration, cancellationToken);
    }

    private void Remove(Watcher watcher) => ImmutableInterlocked.Update(ref _watchers, static (all, one) => all.Remove(one), watcher);

    private async IAsyncEnumerable<SipServerEvent> ReadAsync(
        Watcher watcher, CancellationTokenRegistration registration, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var _ = registration.ConfigureAwait(false);
        try
        {
            await foreach (var what in watcher.ReadAsync(cancellationToken).ConfigureAwait(false))
                yield return what;
        }
        finally
        {
            Remove(watcher);
        }
    }
}
