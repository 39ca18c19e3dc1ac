using System.Diagnostics.Metrics;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Diagnostics;

/// <summary>Counters of a listener for connections, in the meter <c>Atm0s.Sip.Core</c>.</summary>
internal sealed class TransportMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _closed;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _unsent;
    private readonly Counter<long> _pauses;
    private volatile bool _isOver;

    /// <param name="listener">Names the listener.</param>
    /// <param name="open">Connections open now.</param>
    /// <param name="buffered">Bytes kept for all of them.</param>
    /// <param name="ends">Time until the first certificate ends; null where there is none.</param>
    /// <param name="factory">Makes the meter; null makes one that belongs to nobody.</param>
    public TransportMetrics(Func<string> listener, Func<int> open, Func<long> buffered, Func<TimeSpan?> ends, IMeterFactory? factory = null)
    {
        _meter = factory?.Create(StackMetrics.MeterName) ?? new Meter(StackMetrics.MeterName);
        _accepted = _meter.CreateCounter<long>("atm0s.sip.connections.accepted", "{connection}", "Connections that were let in.");
        _closed = _meter.CreateCounter<long>("atm0s.sip.connections.closed", "{connection}", "Connections that were closed, by reason.");
        _refused = _meter.CreateCounter<long>("atm0s.sip.connections.refused", "{connection}", "Connections that found no place.");
        _unsent = _meter.CreateCounter<long>(
            "atm0s.sip.connections.unsent", "{message}", "Messages that were not sent because the peer reads too slowly.");
        _pauses = _meter.CreateCounter<long>(
            "atm0s.sip.connections.accept_pauses", "{pause}",
                "Times that accepting waited because there were no descriptors or no memory.");
        _meter.CreateObservableGauge(
            "atm0s.sip.connections.open", () => Of(open()), "{connection}", "Connections open now, by listener.");
        _meter.CreateObservableGauge(
            "atm0s.sip.connections.buffered",
            () => Of(buffered()),
            "By",
            "Bytes that wait to be sent, and of half-received messages, by listener.");

        _meter.CreateObservableGauge(
            "atm0s.sip.tls.certificate.expiry",
            () => ends() is { } left ? Of((long)left.TotalSeconds) : [],
            "s",
            "Time until the first certificate of a listener ends, by listener; negative when it has ended.");

        IEnumerable<Measurement<long>> Of(long value) =>
            _isOver ? [] : [new Measurement<long>(value, new KeyValuePair<string, object?>("listener", listener()))];
    }

    public void Accepted() => _accepted.Count();

    public void Closed(TcpCloseReason reason) => _closed.Count(new KeyValuePair<string, object?>("reason", reason.ToString()));

    public void Refused() => _refused.Count();

    public void Unsent() => _unsent.Count();

    public void AcceptPaused() => _pauses.Count();

    /// <summary>Tells nothing any more. A meter of a factory lives as long as that.</summary>
    public void Dispose()
    {
        _isOver = true;
        _meter.Dispose();
    }
}
