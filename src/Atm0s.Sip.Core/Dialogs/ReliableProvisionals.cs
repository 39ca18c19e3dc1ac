using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Requests;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>
/// The reliable provisional responses of one INVITE that we answer (RFC 3262 §3): numbers them, has one outstanding at a time, repeats
/// it after T1, doubling without limit, until its PRACK comes or 64*T1 are over. Sans-IO like a transaction.
/// </summary>
internal sealed class ReliableProvisionals : IDeadlineItem
{
    private readonly uint _inviteCSeq;
    private readonly SipTimers _timers;
    private readonly IReliableProvisionalsOutput _output;
    private readonly int _capacity;
    private readonly Queue<ReliableProvisional> _waiting = new();
    private State _state;
    private TimeSpan _interval;
    private TimeSpan _repeatAt;
    private TimeSpan _endAt;

    /// <summary>Creates it for an INVITE that supports or requires 100rel.</summary>
    /// <param name="inviteCSeq">Sequence number of the INVITE.</param>
    /// <param name="timers">Timer values.</param>
    /// <param name="ids">Source of the first RSeq.</param>
    /// <param name="output">Where to send and report to.</param>
    /// <param name="capacity">Most responses without PRACK, with the one that is out. Default 8.</param>
    public ReliableProvisionals(
        uint inviteCSeq, SipTimers timers, ISipIdGenerator ids, IReliableProvisionalsOutput output, int capacity = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _inviteCSeq = inviteCSeq;
        _timers = timers;
        _output = output;
        _capacity = capacity;
        // RFC 3262 §3: the first number is 1 to 2^31 - 1, best chosen uniformly.
        NextRSeq = (uint)ids.Next(int.MaxValue) + 1;
    }

    private enum State : byte
    {
        Idle,
        Outstanding,
        Final,
        Ended,
    }

    /// <summary>RSeq of the response to write next; it also has Require: 100rel. Every number is one above the last (§3).</summary>
    public uint NextRSeq { get; private set; }

    /// <summary>Whether no response waits for its PRACK.</summary>
    public bool IsIdle => _waiting.Count == 0;

    /// <summary>RFC 3262 §3, §5: whether a 2xx has to wait, because a response with a session description has no PRACK yet.</summary>
    public bool MustHoldSuccess
    {
        get
        {
            foreach (var response in _waiting)
            {
                if (response.HasSdp && _state != State.Final)
                    return true;
            }

            return false;
        }
    }

    /// <summary>
    /// Whether the response acknowledged last carried an offer or an answer: an answer holds from its PRACK on (RFC 3311 §5.1).
    /// </summary>
    public bool HasAcknowledgedSdp { get; private set; }

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => _state != State.Outstanding ? null : _repeatAt < _endAt ? _repeatAt : _endAt;

    /// <inheritdoc/>
    int IDeadlineItem.DeadlineSlot { get; set; } = DeadlineQueue.NotQueued;

    /// <summary>Whether a provisional response is sent reliably when it can be: the INVITE supports or requires 100rel (§3).</summary>
    /// <param name="invite">The INVITE.</param>
    public static bool IsPossible(SipMessage invite) => invite.Supports(OptionTags.Reliable);

    /// <summary>Whether every provisional response but 100 must be reliable: the INVITE requires 100rel (§3).</summary>
    /// <param name="invite">The INVITE.</param>
    public static bool IsMandatory(SipMessage invite) => invite.Requires(OptionTags.Reliable);

    /// <summary>Sends a response, or keeps it until those before it are acknowledged.</summary>
    /// <param name="response">The whole response, 101 to 199, with <see cref="NextRSeq"/>; must not change afterwards.</param>
    /// <param name="hasSdp">Whether it carries an offer or an answer.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>False when a final response was sent, it was given up, or too many wait: nothing happened.</returns>
    public bool TrySend(ReadOnlyMemory<byte> response, bool hasSdp, TimeSpan now)
    {
        // RFC 3262 §3: no new one after the final response.
        if (_state is State.Final or State.Ended || _waiting.Count >= _capacity || NextRSeq == 0)
            return false;
        // RFC 3262 §3: no wrap; behind 2^32 - 1 comes 0, which ends it.
        _waiting.Enqueue(new ReliableProvisional(NextRSeq++, response, hasSdp));
        if (_state == State.Idle)
            SendFirst(now);
        return true;
    }

    /// <summary>A PRACK within the dialog. When it is Ok, the next response that waits has been sent.</summary>
    /// <param name="prack">The PRACK; not kept.</param>
    /// <param name="now">Monotonic time.</param>
    public PrackVerdict OnPrack(SipMessage prack, TimeSpan now)
    {
        if (!RAckView.TryRead(prack, out var rack))
            return PrackVerdict.Malformed;
        // RFC 3262 §3: method, CSeq-num and response-num match those of the response that is out.
        if (_state is not (State.Outstanding or State.Final)
            || !_waiting.TryPeek(out var first)
            || rack.RSeq != first.RSeq
            || rack.CSeq != _inviteCSeq
            || !rack.Method.SequenceEqual(SipMethod.Invite.ToToken()))
            return PrackVerdict.NoMatch;
        _waiting.Dequeue();
        HasAcknowledgedSdp = first.HasSdp;
        if (_state == State.Final)
            return PrackVerdict.Ok;
        _state = State.Idle;
        if (_waiting.Count > 0)
            SendFirst(now);
        return PrackVerdict.Ok;
    }

    /// <summary>The final response is sent: nothing is repeated any more, but the PRACK of the response that is out is answered.</summary>
    public void OnFinal()
    {
        if (_state == State.Ended)
            return;
        // RFC 3262 §3: those never sent are not sent any more.
        if (_state == State.Outstanding && _waiting.TryPeek(out var first))
        {
            _waiting.Clear();
            _waiting.Enqueue(first with { Response = default });
        }

        _state = State.Final;
    }

    /// <inheritdoc/>
    public void OnDeadline(TimeSpan now)
    {
        if (_state != State.Outstanding)
            return;
        if (_endAt <= now)
        {
            _state = State.Ended;
            _waiting.Clear();
            _output.OnTimeout(this);
        }
        else if (_repeatAt <= now)
        {
            // RFC 3262 §3: it doubles for each repetition; unlike that of a 2xx it is not capped at T2.
            _interval *= 2;
            _repeatAt = now + _interval;
            _output.Send(this, _waiting.Peek().Response);
        }
    }

    private void SendFirst(TimeSpan now)
    {
        _state = State.Outstanding;
        _interval = _timers.T1;
        _repeatAt = now + _interval;
        _endAt = now + _timers.TransactionTimeout;
        _output.Send(this, _waiting.Peek().Response);
    }
}
