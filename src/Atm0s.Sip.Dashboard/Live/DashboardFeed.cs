using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Dashboard.Live;

/// <summary>
/// Looks at the server now and then, once for all pages, and keeps what they have to be told. A page that does not keep up gets everything
/// anew instead of what it missed, so nothing is queued for it. While the server can't be read all streams end: a page that shows what
/// was must not look alive.
/// </summary>
internal sealed class DashboardFeed : IDisposable
{
    private const int Kept = 8; // updates

    private readonly ISipServer _server;
    private readonly SipDashboardOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DashboardState _state;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Queue<byte[]> _updates = new(Kept);
    private TaskCompletionSource _changed = NewSignal();
    private byte[]? _all;
    private long _sequence;
    private int _watchers;
    private bool _isBroken;       // the look
    private bool _isSecondBroken; // what is counted by the second

    public DashboardFeed(ISipServer server, SipDashboardOptions options, TimeProvider time, ILogger<DashboardFeed> logger)
    {
        (_server, _options, _time, _logger) = (server, options, time, logger);
        _state = new DashboardState(server, options);
    }

    /// <summary>Time between two updates.</summary>
    public TimeSpan Interval => _options.UpdateInterval;

    /// <summary>Whether it is over: the host stops.</summary>
    public bool IsOver => _end.IsCancellationRequested;

    /// <summary>Whether the server could be read at the last look.</summary>
    public bool CanBeRead
    {
        get
        {
            lock (_lock)
                return !_isBroken;
        }
    }

    /// <summary>The host has started: begins to look.</summary>
    public void Start()
    {
        IAsyncEnumerable<SipServerEvent> events;
        try
        {
            events = _server.WatchAsync(_end.Token);
        }
        catch (InvalidOperationException)
        {
            // A host that starts its server later, or not at all: the page shows one that has nothing.
            events = AsyncEnumerable.Empty<SipServerEvent>();
        }

        _state.Start();
        _ = ListenAsync(events);
        _ = LookAsync();
    }

    /// <summary>Another page looks; false when there are enough, or the server can't be read.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (IsOver || _watchers >= _options.MaxWatchers)
                return false;
            // The first one shall not wait for the next look.
            if ((_watchers == 0 || _isBroken) && !TryLook())
                return false;
            _watchers++;
            return true;
        }
    }

    /// <summary>A page has gone.</summary>
    public void Leave()
    {
        lock (_lock)
            _watchers--;
    }

    /// <summary>What a page has to be told next.</summary>
    /// <param name="seen">The last update it has, 0 for none; moves on.</param>
    /// <param name="changed">Completes when there is more.</param>
    /// <returns>An update, or null when it has them all.</returns>
    public byte[]? Read(ref long seen, out Task changed)
    {
        lock (_lock)
        {
            changed = _changed.Task;
            if (seen == _sequence)
                return null;
            var behind = _sequence - seen;
            if (seen == 0 || behind > _updates.Count)
            {
                seen = _sequence;
                return _all ??= _state.All(_time.GetUtcNow(), _sequence);
            }

            seen++;
            return _updates.ElementAt((int)(_updates.Count - behind));
        }
    }

    /// <summary>The host stops: all streams end.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (IsOver)
                return;
            _end.Cancel();
            _state.Dispose();
            Signal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task ListenAsync(IAsyncEnumerable<SipServerEvent> events)
    {
        try
        {
            await foreach (var what in events.ConfigureAwait(false))
                Add(what);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
#pragma warning disable CA1031 // Whatever it is, the tables go on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            DashboardLog.EventsFailed(_logger, exception);
        }
    }

    private void Add(SipServerEvent what)
    {
        try
        {
            lock (_lock)
                _state.Add(what, _time.GetUtcNow());
        }
#pragma warning disable CA1031 // One event that can't be shown is no reason to show none.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            DashboardLog.EventSkipped(_logger, exception, what.GetType().Name);
        }
    }

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
            {
                lock (_lock)
                {
                    if (IsOver)
                        return;
                    if (Try(() => _state.StepSecond(_time.GetUtcNow(), _watchers > 0), ref _isSecondBroken) && _watchers > 0)
                        TryLook();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private bool TryLook() => Try(Look, ref _isBroken);

    // Whatever a server, a codec or a meter of the host throws is told once, and looked past.
    private bool Try(Action look, ref bool isBroken)
    {
        try
        {
            look();
            isBroken = false;
            return true;
        }
#pragma warning disable CA1031
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!isBroken)
                DashboardLog.LookFailed(_logger, exception);
            isBroken = true;
            // What this look had found is lost to the tables' differences: whoever looks gets everything anew.
            _updates.Clear();
            _sequence += Kept;
            Signal();
            return false;
        }
    }

    private void Look()
    {
        var update = _state.Look(_time.GetUtcNow(), _sequence + 1);
        _sequence++;
        if (_updates.Count == Kept)
            _updates.Dequeue();
        _updates.Enqueue(update);
        _all = null;
        Signal();
    }

    private void Signal()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }
}
