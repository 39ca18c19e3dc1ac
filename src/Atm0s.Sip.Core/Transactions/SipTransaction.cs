using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>
/// A transaction of RFC 3261 §17: a state machine without clock, socket or thread. Time comes in as monotonic <c>now</c>, the next
/// deadline goes out; after every call the owner updates its <see cref="DeadlineQueue"/>.
/// </summary>
/// <remarks>
/// Not thread-safe: one shard owns it. A machine never keeps a <see cref="SipMessage"/>: what it needs is copied before the call
/// returns, and the caller disposes the message. It does keep the bytes that it is told to send, until they can no longer be
/// needed: the caller must not change or reuse them. From the final response on only a response's bytes (or the ACK's) and the key
/// remain. Outputs are called after the new state and deadline stand, so they may call back into the machine.
/// </remarks>
internal abstract class SipTransaction : IDeadlineItem
{
    private static readonly TimeSpan Never = TimeSpan.MaxValue;

    // Every state needs at most two timers: one that repeats (A, E, G, the automatic 100) and one that ends the state
    // (B, D, F, H, I, J, K, L, M).
    private TimeSpan _repeatAt = Never;
    private TimeSpan _endAt = Never;

    private protected SipTransaction(TransactionKey key, bool isReliable, SipTimers timers, TransactionState state)
    {
        ArgumentNullException.ThrowIfNull(timers);
        if (key.IsEmpty)
            throw new ArgumentException("A transaction needs a key.", nameof(key));
        Key = key;
        IsReliable = isReliable;
        Timers = timers;
        State = state;
    }

    /// <summary>What messages of this transaction are matched by.</summary>
    public TransactionKey Key { get; }

    /// <summary>Whether the transport delivers (TCP, TLS, WebSocket): nothing is retransmitted then.</summary>
    public bool IsReliable { get; }

    /// <summary>The state of the RFC's figure.</summary>
    public TransactionState State { get; private protected set; }

    /// <summary>Whether the transaction is over.</summary>
    public bool IsTerminated => State == TransactionState.Terminated;

    /// <inheritdoc/>
    public TimeSpan? NextDeadline
    {
        get
        {
            var next = _repeatAt < _endAt ? _repeatAt : _endAt;
            return next == Never ? null : next;
        }
    }

    /// <inheritdoc/>
    int IDeadlineItem.DeadlineSlot { get; set; } = DeadlineQueue.NotQueued;

    private protected SipTimers Timers { get; }

    /// <inheritdoc/>
    /// <remarks>When a machine is woken late, time-outs go before retransmissions, and missed retransmissions are not made up
    /// for.</remarks>
    public void OnDeadline(TimeSpan now)
    {
        if (_endAt <= now)
        {
            StopTimers();
            OnEnd(now);
        }
        else if (_repeatAt <= now)
        {
            _repeatAt = Never;
            OnRepeat(now);
        }
    }

    /// <summary>The transport reports that the peer cannot be reached (ICMP error, connection lost).</summary>
    /// <param name="now">Monotonic time.</param>
    public abstract void OnTransportError(TimeSpan now);

    private protected abstract void OnRepeat(TimeSpan now);

    private protected abstract void OnEnd(TimeSpan now);

    /// <summary>Whether the repeating timer is set.</summary>
    private protected bool IsRepeating => _repeatAt != Never;

    private protected void RepeatAt(TimeSpan deadline) => _repeatAt = deadline;

    private protected void StopRepeating() => _repeatAt = Never;

    private protected void EndAt(TimeSpan deadline) => _endAt = deadline;

    private protected void StopTimers() => _repeatAt = _endAt = Never;
}
