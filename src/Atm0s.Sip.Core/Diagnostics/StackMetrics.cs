using System.Diagnostics.Metrics;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;

namespace Atm0s.Sip.Core.Diagnostics;

/// <summary>Counters of the stack, in the meter <c>Atm0s.Sip.Core</c>.</summary>
internal sealed class StackMetrics : IDisposable
{
    public const string MeterName = "Atm0s.Sip.Core";

    private static readonly string[] Reasons = Enum.GetNames<DropReason>();

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _refused;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _overflow;
    private readonly Counter<long> _sendFailed;
    private long _refusedTotal;

    public StackMetrics()
    {
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
            () => new[]
            {
                Of("server", shards.Sum(shard => (long)shard.Transactions.LiveCount)),
                Of("lingering", shards.Sum(shard => (long)shard.Transactions.Lingering.Count)),
                Of("client", shards.Sum(shard => (long)shard.Transactions.ClientCount)),
            },
            "{transaction}",
            "Transactions: of servers at work, of servers that are answered and only remembered, and of clients.");
        _meter.CreateObservableUpDownCounter(
            "atm0s.sip.transactions.bytes",
            () => shards.Sum(shard => shard.Transactions.Bytes),
            "By",
            "Bytes that server transactions count for.");
        _meter.CreateObservableCounter(
            "atm0s.sip.transactions.evicted",
            () => shards.Sum(shard => shard.Transactions.Evicted),
            "{transaction}",
            "Answered server transactions that had to give way before their time.");

        static Measurement<long> Of(string state, long value) => new(value, new KeyValuePair<string, object?>("state", state));
    }

    public void Refused(SipRefusal refusal)
    {
        Interlocked.Increment(ref _refusedTotal);
        _refused.Add(1, new KeyValuePair<string, object?>("reason", refusal.ToTag()));
    }

    public void Dropped(DropReason reason) => _dropped.Add(1, new KeyValuePair<string, object?>("reason", Reasons[(int)reason]));

    public void ReceiveOverflow(long datagrams) => _overflow.Add(datagrams);

    public void SendFailed() => _sendFailed.Add(1);

    public void Dispose() => _meter.Dispose();
}
