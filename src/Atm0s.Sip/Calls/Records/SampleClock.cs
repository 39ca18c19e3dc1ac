using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Diagnostics;

namespace Atm0s.Sip.Calls.Records;

/// <summary>Writes down at intervals what the audio of each call is like, and drops what is too old to be kept.</summary>
internal sealed class SampleClock : IDisposable
{
    private readonly CallDirectory _calls;
    private readonly CallHistory _history;
    private readonly WireTraces _traces;
    private readonly SipClock _clock;
    private readonly Faults? _faults;
    private readonly bool _takesSamples;
    private readonly ITimer _timer;
    private int _isAtWork;

    public SampleClock(
        CallRecordOptions options, CallDirectory calls, CallHistory history, WireTraces traces, SipClock clock, Faults? faults = null)
    {
        _faults = faults;
        _calls = calls;
        _history = history;
        _traces = traces;
        _clock = clock;
        _takesSamples = options.MaxSamples > 0;
        _timer = clock.TimeProvider.CreateTimer(
            static state => ((SampleClock)state!).OnTick(), this, options.SampleInterval, options.SampleInterval);
    }

    public void Dispose() => _timer.Dispose();

    private void OnTick()
    {
        // A tick that is late is not met by the next.
        if (Interlocked.Exchange(ref _isAtWork, 1) != 0)
            return;
        try
        {
            _history.Sweep();
            _traces.Sweep();
            if (_takesSamples)
                _calls.Visit(Sample);
        }
#pragma warning disable CA1031 // On a thread of the timers: the next round is to come, and the process to stay.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _faults?.Tell(exception, "records");
        }
        finally
        {
            Volatile.Write(ref _isAtWork, 0);
        }
    }

    private void Sample(Call call)
    {
        try
        {
            if (call.State == CallState.Answered && call.Audio is { IsStarted: true } audio)
                call.Record.Sample(_clock.UtcNow, audio.Rtp.GetStatistics());
        }
#pragma warning disable CA1031 // One call's sample must not cost the others theirs.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _faults?.Tell(exception, "records");
        }
    }
}
