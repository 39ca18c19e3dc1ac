using System.Diagnostics;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Native;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Media.Tests.Engine;

/// <summary>Wakes every 5 ms as a media thread does, and does nothing: how late it is tells what the machine is like.</summary>
internal sealed class BareThread : IDisposable
{
    private readonly Thread _thread;
    private volatile bool _stops;
    private long _wakes;
    private long _late;

    public BareThread()
    {
        _thread = new Thread(Run) { IsBackground = true, Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    /// <summary>Share of the times that it was more than 5 ms late.</summary>
    public double LateShare => (double)Volatile.Read(ref _late) / Math.Max(1, Volatile.Read(ref _wakes));

    private static TimeSpan Now => Stopwatch.GetElapsedTime(0, Stopwatch.GetTimestamp());

    public void Dispose()
    {
        _stops = true;
        _thread.Join();
    }

    private void Run()
    {
        ThreadPriorities.Raise(NullLogger.Instance);
        var sleeper = new TickSleeper();
        for (var due = Now; !_stops; due += MediaClock.SubTick)
        {
            sleeper.SleepUntil(due, Now);
            Volatile.Write(ref _wakes, _wakes + 1);
            if (Now - due > MediaClock.SubTick)
                Volatile.Write(ref _late, _late + 1);
            if (Now - due > 5 * MediaClock.Period)
                due = Now;
        }
    }
}
