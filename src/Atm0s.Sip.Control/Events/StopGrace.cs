using Microsoft.AspNetCore.Http;

namespace Atm0s.Sip.Control.Events;

/// <summary>
/// Closes the connection of a watcher that has not taken its last events a second after the host began to stop: one that does not read
/// would hold up the stop for as long as it likes.
/// </summary>
internal sealed class StopGrace : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HttpContext _context;
    private readonly TimeProvider _time;
    private readonly CancellationTokenRegistration _registration;
    private ITimer? _timer;
    private bool _isOver;

    /// <param name="context">Its request.</param>
    /// <param name="time">Clock of the second.</param>
    /// <param name="stopping">The host stops.</param>
    public StopGrace(HttpContext context, TimeProvider time, CancellationToken stopping)
    {
        (_context, _time) = (context, time);
        _registration = stopping.Register(Begin);
    }

    /// <summary>How long it has.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The watcher has gone by itself.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _timer?.Dispose();
        }

        // Not under the lock: it waits for a call that runs.
        _registration.Dispose();
    }

    private void Begin()
    {
        lock (_lock)
        {
            if (!_isOver)
                _timer = _time.CreateTimer(static grace => ((StopGrace)grace!).Abort(), this, Grace, Timeout.InfiniteTimeSpan);
        }
    }

    private void Abort()
    {
        lock (_lock)
        {
            try
            {
                // The context may serve another request by now.
                if (!_isOver)
                    _context.Abort();
            }
#pragma warning disable CA1031 // Of the host's server, on a thread of the timers: whatever it is, the connection has ended.
            catch (Exception)
#pragma warning restore CA1031
            {
            }
        }
    }
}
