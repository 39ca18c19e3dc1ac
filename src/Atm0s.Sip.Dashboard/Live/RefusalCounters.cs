using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Atm0s.Sip.Dashboard.Messages;

namespace Atm0s.Sip.Dashboard.Live;

/// <summary>
/// What the libraries count of refusals, drops and lateness, through their meters. Meters are the program's: several servers in one
/// program count together. Any thread; counting allocates nothing once a case is known.
/// </summary>
internal sealed class RefusalCounters : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, RefusalCounter> _counters = new(StringComparer.Ordinal);

    public RefusalCounters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (RefusalNames.IsWanted(instrument))
                listener.EnableMeasurementEvents(instrument, CounterOf(instrument));
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((RefusalCounter)state!).Count(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((RefusalCounter)state!).Count(value, tags));
    }

    /// <summary>Begins to count.</summary>
    public void Start() => _listener.Start();

    /// <summary>Asks the counters that are read only when somebody asks. One thread at a time.</summary>
    public void Poll()
    {
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException)
        {
            // An instrument of the host's that can't be read: all others have been, before this is thrown.
        }

        foreach (var (_, counter) in _counters)
            counter.EndPoll();
    }

    /// <summary>Everything that was counted, a row for each case that ever happened.</summary>
    public IEnumerable<(RefusalCounter Counter, string? Case, long Count)> Read()
    {
        foreach (var (_, counter) in _counters)
        {
            foreach (var (name, count) in counter.Read())
            {
                if (count > 0)
                    yield return (counter, name, count);
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    // One for the name: a second server in the program has instruments of its own.
    private RefusalCounter CounterOf(Instrument instrument) => _counters.GetOrAdd(
        instrument.Name,
        static (name, made) => new RefusalCounter(name, made.Description ?? "", made.IsObservable, RefusalNames.IsLateness(made)),
        instrument);
}
