using System.Diagnostics.Metrics;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;

namespace Atm0s.Sip.Core.Diagnostics;

/// <summary>Counters of the stack, in the meter <c>Atm0s.Sip.Core</c>.</summary>
internal sealed class StackMetrics : IDisposable
{
    public const string MeterName = "Atm0s.Sip.Core";

    private static readonly string[] Reasons = Enum.GetNames<DropReason>();

    private readonly Meter _meter;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _overflow;
    private readonly Counter<long> _sendFailed;
    private long _refusedTotal;
    private volatile bool _isOver;

    /// <param name="factory">Makes the meter; null makes one that belongs to nobody.</param>
    public StackMetrics(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _refused = _meter.CreateCounter<long>(
            "atm0s.sip.messages.refused", "{message}", "Received messages that are malformed, by reason.");
        _dropped = _meter.CreateCounter<long>(
            "atm0s.sip.messages.dropped", "{message}", "Received messages that nobody wanted or had room for, by reason.");
        _overflow = _meter.CreateCounter<long>(
            "atm0s.sip.udp.dropped", "{datagram}", "Datagrams that the system dropped unread because the receive buffer was full.");
        _sendFailed = _meter.CreateCounter<long>("atm0s.sip.udp.send_failed", "{message}", "Messages that could not be sent over UDP.");
    }

    public long RefusedTotal => Interlocked.Read(ref _refusedTotal);

    /// <summary>From now on the transactions of these shards are told when somebody asks. Their figures may be of a moment ago.</summary>
    public void ObserveTransactions(IReadOnlyList<SipShard> shards)
    {
        _meter.CreateObservableUpDownCounter(
            "atm0s.sip.transactions",
            () => WhileRunning(() =>
            [
                Of("server", shards.Sum(shard => (long)shard.Transactions.LiveCount)),
                Of("lingering", shards.Sum(shard => (long)shard.Transactions.Lingering.Count)),
                Of("client", shards.Sum(shard => (long)shard.Transactions.ClientCount)),
            ]),
            "{transaction}",
            "Transactions: of servers at work, of servers that are answered and only remembered, and of clients.");
        _meter.CreateObservableUpDownCounter(
            "atm0s.sip.transactions.bytes",
            () => WhileRunning(() => [new Measurement<long>(shards.Sum(shard => shard.Transactions.Bytes))]),
            "By",
            "Bytes that server transactions count for.");
        _meter.CreateObservableCounter(
            "atm0s.sip.transactions.evicted",
            () => WhileRunning(() => [new Measurement<long>(shards.Sum(shard => shard.Transactions.Evicted))]),
            "{transaction}",
            "Answered server transactions that had to give way before their time.");
        _meter.CreateObservableGauge(
            "atm0s.sip.shards.overloaded",
            () => WhileRunning(() => [new Measurement<long>(shards.Count(shard => shard.IsOverloaded))]),
            "{shard}",
            "Shards that answer a part of the new requests 503 because messages wait too long.");

        static Measurement<long> Of(string state, long value) => new(value, new KeyValuePair<string, object?>("state", state));
    }

    public void Refused(SipRefusal refusal)
    {
        Interlocked.Increment(ref _refusedTotal);
        _refused.Count(new KeyValuePair<string, object?>("reason", refusal.ToTag()));
    }

    public void Dropped(DropReason reason) => _dropped.Count(new KeyValuePair<string, object?>("reason", Reasons[(int)reason]));

    public void ReceiveOverflow(long datagrams) => _overflow.Count(datagrams);

    public void SendFailed() => _sendFailed.Count();

    /// <summary>Tells nothing any more. A meter of a factory lives as long as that.</summary>
    public void Dispose()
    {
        _isOver = true;
        _meter.Dispose();
    }

    private Measurement<long>[] WhileRunning(Func<Measurement<long>[]> measure) => _isOver ? [] : measure();
}
