using System.Threading.Channels;

namespace Atm0s.Sip.Watching;

/// <summary>One that watches, with the events it has not taken yet.</summary>
internal sealed class Watcher
{
    private const int Capacity = 1024;
    private readonly Channel<SipServerEvent> _events;
    private long _missed;

    public Watcher()
    {
        var options = new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };
        _events = Channel.CreateBounded<SipServerEvent>(options, _ => Interlocked.Increment(ref _missed));
    }

    public void Tell(SipServerEvent what) => _events.Writer.TryWrite(what);

    public void Complete() => _events.Writer.TryComplete();

    public async IAsyncEnumerable<SipServerEvent> ReadAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var what in _events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (Interlocked.Exchange(ref _missed, 0) is > 0 and var missed)
                yield return new SipServerEvent.Missed(missed);
            yield return what;
        }
    }
}
