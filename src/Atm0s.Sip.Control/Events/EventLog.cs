using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Atm0s.Sip.Control.Messages;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Control.Events;

/// <summary>
/// The last events, from the first watcher on, each written once for all watchers. A watcher reads at its own pace and may come back: it
/// names the last event it saw and gets what it missed, as far as it is still here.
/// </summary>
/// <param name="server">Whose events.</param>
/// <param name="logger">Log.</param>
internal sealed class EventLog(ISipServer server, ILogger<EventLog> logger)
{
    /// <summary>Name of the event that says how many were lost.</summary>
    public const string Missed = "missed";

    private const int Capacity = 1024; // events, a power of two
    private const int Batch = 64;

    private readonly LoggedEvent[] _events = new LoggedEvent[Capacity];
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = NewSignal();
    // Another run, of the program or after events were lost, is no continuation: its ids are not ours.
    private string _run = "";
    private long _first;    // place of the run's first event
    private long _count;
    private bool _isFilling;
    private Type? _skipped;

    /// <summary>Where a watcher begins: with the next event, or behind the last one that it saw. Nothing is lost from here on.</summary>
    /// <param name="lastEventId">What it saw last (WHATWG HTML §9.2.4), or null.</param>
    /// <exception cref="InvalidOperationException">The server is not running.</exception>
    public long Open(string? lastEventId) => Open(lastEventId, out _);

    /// <summary>As <see cref="Open(string?)"/>.</summary>
    /// <param name="lastEventId">What it saw last.</param>
    /// <param name="knowsAll">Whether it gets all that has happened since; not when it is new.</param>
    /// <exception cref="InvalidOperationException">The server is not running.</exception>
    public long Open(string? lastEventId, out bool knowsAll)
    {
        lock (_lock)
        {
            if (!_isFilling)
                Begin();
            knowsAll = TryFind(lastEventId, out var place);
            // Of another run everything is news.
            return knowsAll ? place : string.IsNullOrEmpty(lastEventId) ? _count : Oldest();
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
            // Between two runs events were lost: who comes back gets a snapshot.
            if (place < _first)
                return null;
            if (place == _count)
                return _isFilling ? [] : null;
            var batch = new List<LoggedEvent>(Batch);
            var oldest = Oldest();
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
            && place >= _first
            && place <= _count;
    }

    private long Oldest() => Math.Max(_first, _count - Capacity);

    private void Begin()
    {
        // Watching begins with the call, which throws while the server is not running: then the next watcher tries again.
        var events = server.WatchAsync();
        if (_run.Length > 0)
            _first = ++_count;
        _run = RandomNumberGenerator.GetHexString(8, lowercase: true);
        _isFilling = true;
        _ = FillAsync(events);
    }

    private async Task FillAsync(IAsyncEnumerable<SipServerEvent> events)
    {
        try
        {
            await foreach (var what in events.ConfigureAwait(false))
                Add(what);
        }
#pragma warning disable CA1031 // Whatever it is, those who watch must not wait for events that never come.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ControlLog.EventsFailed(logger, exception);
        }

        lock (_lock)
        {
            _isFilling = false;
            Signal();
        }
    }

    private void Add(SipServerEvent what)
    {
        if (Write(what) is not var (name, data))
            return;
        lock (_lock)
        {
            _events[_count % Capacity] = new LoggedEvent(IdBefore(_count + 1), name, data);
            _count++;
            Signal();
        }
    }

    // One that can't be told is no reason to tell nothing any more.
    private (string Name, byte[] Data)? Write(SipServerEvent what)
    {
        Exception? problem = null;
        try
        {
            if (EventMessage.From(what) is { } message)
                return message;
        }
#pragma warning disable CA1031 // Whatever is wrong with it is logged.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            problem = exception;
        }

        // Once in a row: it may come with every call.
        if (_skipped != what.GetType())
            ControlLog.EventSkipped(logger, problem, what.GetType().Name);
        _skipped = what.GetType();
        return null;
    }

    private void Signal()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }
}
