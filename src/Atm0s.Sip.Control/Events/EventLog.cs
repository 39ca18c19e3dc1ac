using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Atm0s.Sip.Control.Messages;

namespace Atm0s.Sip.Control.Events;

/// <summary>
/// The last events, from the first watcher on, each written once for all watchers. A watcher reads at its own pace and may come back: it
/// names the last event it saw and gets what it missed, as far as it is still here.
/// </summary>
internal sealed class EventLog(ISipServer server)
{
    /// <summary>Name of the event that says how many were lost.</summary>
    public const string Missed = "missed";

    private const int Capacity = 1024; // events, a power of two
    private const int Batch = 64;

    // Another run of the program counts from the start again: its places are not ours.
    private readonly string _run = RandomNumberGenerator.GetHexString(8, lowercase: true);
    private readonly LoggedEvent[] _events = new LoggedEvent[Capacity];
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = NewSignal();
    private long _count;
    private bool _isStarted;
    private bool _isOver;

    /// <summary>Where a watcher begins: with the next event, or behind the last one that it saw. Nothing is lost from here on.</summary>
    /// <param name="lastEventId">What it saw last (WHATWG HTML §9.2.4), or null.</param>
    public long Open(string? lastEventId) => Open(lastEventId, out _);

    /// <summary>As <see cref="Open(string?)"/>.</summary>
    /// <param name="lastEventId">What it saw last.</param>
    /// <param name="knowsAll">Whether it gets all that has happened since; not when it is new.</param>
    public long Open(string? lastEventId, out bool knowsAll)
    {
        lock (_lock)
        {
            if (!_isStarted)
            {
                _isStarted = true;
                // Watching begins with the call.
                _ = FillAsync(server.WatchAsync());
            }

            knowsAll = TryFind(lastEventId, out var place);
            // Of another run everything is news.
            return knowsAll ? place : string.IsNullOrEmpty(lastEventId) ? _count : Math.Max(0, _count - Capacity);
        }
    }

    /// <summary>The next events of a watcher; none when it has them all.</summary>
    /// <param name="place">Where it is; moves on.</param>
    /// <param name="changed">Completes when there are more.</param>
    /// <returns>At most 64; null when there will be no more.</returns>
    public IReadOnlyList<LoggedEvent>? Read(ref long place, out Task changed)
    {
        lock (_lock)
        {
            changed = _changed.Task;
            if (place == _count)
                return _isOver ? null : [];
            var batch = new List<LoggedEvent>(Batch);
            var oldest = Math.Max(0, _count - Capacity);
            if (place < oldest)
            {
                batch.Add(new LoggedEvent(
                    IdBefore(oldest),
                    Missed,
                    JsonSerializer.SerializeToUtf8Bytes(new MissedMessage(oldest - place), ControlJson.Default.MissedMessage)));
                place = oldest;
            }

            for (; place < _count && batch.Count < Batch; place++)
                batch.Add(_events[place % Capacity]);
            return batch;
        }
    }

    /// <summary>The id that says that all before a place was seen.</summary>
    public string IdBefore(long place) => string.Create(CultureInfo.InvariantCulture, $"{_run}-{place}");

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A watcher that has seen all before the place, the snapshot of then included, comes back with this.
    private bool TryFind(string? lastEventId, out long place)
    {
        place = 0;
        return lastEventId is not null
            && lastEventId.Length > _run.Length
            && lastEventId[_run.Length] == '-'
            && lastEventId.StartsWith(_run, StringComparison.Ordinal)
            && long.TryParse(lastEventId.AsSpan(_run.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out place)
            && place <= _count;
    }

    private async Task FillAsync(IAsyncEnumerable<SipServerEvent> events)
    {
        await foreach (var what in events.ConfigureAwait(false))
        {
            var (name, data) = EventMessage.From(what);
            lock (_lock)
            {
                _events[_count % Capacity] = new LoggedEvent(IdBefore(_count + 1), name, data);
                _count++;
                Signal();
            }
        }

        lock (_lock)
        {
            _isOver = true;
            Signal();
        }
    }

    private void Signal()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }
}
