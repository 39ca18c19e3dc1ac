using System.Diagnostics.Metrics;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Diagnostics;

/// <summary>Counters of the stack, in the meter <c>Atm0s.Sip.Core</c>.</summary>
internal sealed class StackMetrics : IDisposable
{
    public const string MeterName = "Atm0s.Sip.Core";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _refused;
    private readonly Counter<long> _dropped;
    private long _refusedTotal;

    public StackMetrics()
    {
        _refused = _meter.CreateCounter<long>(
            "atm0s.sip.messages.refused", "{message}", "Received messages that are malformed, by reason.");
        _dropped = _meter.CreateCounter<long>(
            "atm0s.sip.messages.dropped", "{message}", "Received messages that nobody wanted or had room for, by reason.");
    }

    public long RefusedTotal => Interlocked.Read(ref _refusedTotal);

    public void Refused(SipRefusal refusal)
    {
        Interlocked.Increment(ref _refusedTotal);
        _refused.Add(1, new KeyValuePair<string, object?>("reason", refusal.ToTag()));
    }

    public void Dropped(DropReason reason) => _dropped.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));

    public void Dispose() => _meter.Dispose();
}
