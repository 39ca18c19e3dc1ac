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
    public long Open(string? lastEventId)
    {
        lock (_lock)
        {
            if (!_isStarted)
            {
                _isStarted = true;
                // Watching begins with the call.
                _ = FillAsync(server.WatchAsync());
            }

            return string.IsNullOrEmpty(lastEventId) ? _count : PlaceBehind(lastEventId);
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
                batch.Add(Missed(oldest - place, oldest));
                place = oldest;
            }

            for (; place < _count && batch.Count < Batch; place++)
                batch.Add(_events[place % Capacity]);
            return batch;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LoggedEvent Missed(long count, long place) => new(
        IdOf(place - 1), "missed", JsonSerializer.SerializeToUtf8Bytes(new MissedMessage(count), ControlJson.Default.MissedMessage));

    private string IdOf(long place) => string.Create(CultureInfo.InvariantCulture, $"{_run}-{place}");

    // Of another run everything is news.
    private long PlaceBehind(string lastEventId)
    {
        var dash = lastEventId.IndexOf('-', StringComparison.Ordinal);
        return dash == _run.Length && lastEventId.StartsWith(_run, StringComparison.Ordinal)
            && long.TryParse(lastEventId.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var seen) && seen < _count
                ? seen + 1
                : Math.Max(0, _count - Capacity);
    }

    private async Task FillAsync(IAsyncEnumerable<SipServerEvent> events)
    {
        await foreach (var what in events.ConfigureAwait(false))
        {
            var (name, data) = EventMessage.From(what);
            lock (_lock)
            {
                _events[_count % Capacity] = new LoggedEvent(IdOf(_count), name, data);
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
