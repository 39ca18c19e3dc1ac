using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>The INVITE server transaction: RFC 3261 §17.2.1 with figure 7 of RFC 6026.</summary>
/// <remarks>
/// A 2xx is sent once here; <c>InviteServer2xx</c> of Dialogs repeats it until the ACK. That may go straight to the transport or
/// through <see cref="ServerTransaction.Respond"/>, which sends any further 2xx while the INVITE is accepted.
/// </remarks>
internal sealed class InviteServerTransaction : ServerTransaction
{
    // The 100 as it was made: what the last answer of all is made from, when nobody else gives one.
    private readonly byte[] _trying;
    private TimeSpan _interval;
    private int _repeatsLeft = int.MaxValue;

    // RFC 3261 §17.2.3, RFC 2543 peers only: an ACK must carry the To tag of our response.
    private byte[]? _ackToTag;
    private bool _isDistrusted;

    /// <summary>Creates the transaction of a received INVITE and prepares its automatic 100.</summary>
    /// <param name="request">The INVITE; not kept.</param>
    /// <param name="isReliable">Whether the transport is reliable.</param>
    /// <param name="timers">Timer values.</param>
    /// <param name="output">Where to send and report to.</param>
    /// <exception cref="ArgumentException">The request is no INVITE.</exception>
    public InviteServerTransaction(SipMessage request, bool isReliable, SipTimers timers, IServerTransactionOutput output)
        : base(request, isReliable, timers, output, TransactionState.Proceeding)
    {
        if (request.Method != SipMethod.Invite)
            throw new ArgumentException("Not an INVITE.", nameof(request));
        _trying = CreateTrying(request);
        Trying = _trying;
    }

    /// <summary>
    /// Answers 500 when whoever should have answered is gone. Proceeding has no timer (RFC 3261 §17.2.1): without a final response the
    /// transaction would stay for ever, and the caller's phone would ring on.
    /// </summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="toTag">The To tag of this transaction's responses.</param>
    /// <returns>False when there is a final response already.</returns>
    internal bool TryGiveUp(TimeSpan now, string toTag)
    {
        if (State != TransactionState.Proceeding
            || !SipParser.TryParse(_trying, OwnMessages.Limits, isStream: false, out var trying, out _))
            return false;
        using (trying)
            return Respond(now, 500, SipResponseWriter.Create(trying, 500, null, toTag));
    }

    /// <summary>
    /// The client has not shown that it is where its packet says. Then a refusal is not repeated to it, but for twice when a provisional
    /// response has silenced the client's own retransmissions: one forged packet must not become eleven (RFC 3261 §26.1.5, §17.2.1).
    /// </summary>
    internal void DistrustClient() => _isDistrusted = true;

    /// <inheritdoc/>
    internal override LingerRest? Rest => State switch
    {
        TransactionState.Accepted => new LingerRest(LingerKind.Accepted, Timers.TimerL, default),
        TransactionState.Confirmed => new LingerRest(LingerKind.Confirmed, Timers.TimerI(IsReliable), default),
        // RFC 3261 §17.2.3: the ACK of an RFC 2543 peer has to be looked at.
        TransactionState.Completed when !IsRepeating && _ackToTag is null =>
            new LingerRest(LingerKind.Refused, Timers.TimerH, Response),
        _ => null,
    };

    /// <inheritdoc/>
    public override void OnRequest(TimeSpan now, SipMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!IsStarted)
            return;
        var isAck = request.Method == SipMethod.Ack;
        switch (State)
        {
            case TransactionState.Proceeding:
                InProceeding(now, isAck);
                break;
            case TransactionState.Completed:
                InCompleted(now, request, isAck);
                break;
            case TransactionState.Accepted:
                InAccepted(request, isAck);
                break;
            // Confirmed absorbs further ACKs and late INVITEs.
            default:
                break;
        }
    }

    private protected override void OnStart(TimeSpan now)
    {
        // RFC 3261 §17.2.1: 100 if the TU won't answer in 200 ms.
        RepeatAt(now + Timers.InviteTrying);
    }

    private protected override bool OnRespond(TimeSpan now, int status, ReadOnlyMemory<byte> response)
    {
        if (State == TransactionState.Accepted && status is >= 200 and < 300)
        {
            // RFC 6026 §8.7: a further 2xx from the TU is sent.
            Send(now, response);
            return true;
        }

        if (State != TransactionState.Proceeding)
            return false;
        StopTimers();
        Trying = default;
        if (status < 200)
        {
            // 101-199 (or 100) from TU: send.
            Response = response;
        }
        else if (status < 300)
        {
            // RFC 6026 §8.5: 2xx from TU: send, Accepted, timer L on all transports.
            State = TransactionState.Accepted;
            Response = default;
            EndAt(now + Timers.TimerL);
        }
        else
        {
            EnterCompleted(now, response);
        }

        Send(now, response);
        if (Rest is not null)
            Output.OnQuiet(this);
        return true;
    }

    private protected override void OnRepeat(TimeSpan now)
    {
        if (State == TransactionState.Proceeding)
        {
            // 200 ms have passed: the automatic 100, which answers retransmissions until the TU says something.
            Response = Trying;
            Trying = default;
        }
        else
        {
            // RFC 3261 §17.2.1, Completed: timer G: response again; MIN(2*interval, T2).
            _interval = Timers.Double(_interval);
            if (--_repeatsLeft > 0)
                RepeatAt(now + _interval);
        }

        Send(now, Response);
        if (Rest is not null)
            Output.OnQuiet(this);
    }

    private protected override void OnEnd(TimeSpan now)
    {
        // Completed: timer H: the ACK was never received, a failure for the TU (RFC 3261 §17.2.1; figure 7 of RFC 6026 shows no
        // action, but its text keeps the MUST). Confirmed: timer I. Accepted: timer L.
        if (State == TransactionState.Completed)
            TimeOut();
        else
            Terminate();
    }

    private void InProceeding(TimeSpan now, bool isAck)
    {
        if (isAck)
            return;
        // INVITE again: the most recent provisional response. Before the first one, the 100 is what the peer is asking for.
        if (Response.IsEmpty)
        {
            StopRepeating();
            Response = Trying;
            Trying = default;
        }

        Send(now, Response);
    }

    private void InCompleted(TimeSpan now, SipMessage request, bool isAck)
    {
        if (!isAck)
        {
            // INVITE again: the final response again.
            Send(now, Response);
            return;
        }

        // RFC 3261 §17.2.3: the To tag is that of our response. §7.3.1: tags are tokens without case.
        if (_ackToTag is { } tag && !Ascii.EqualsIgnoreCase(request.ToTag, tag))
            return;
        // ACK: Confirmed, timer I; timers G and H stop. No response is needed any more.
        State = TransactionState.Confirmed;
        StopTimers();
        Response = default;
        _ackToTag = null;
        var wait = Timers.TimerI(IsReliable);
        if (wait == TimeSpan.Zero)
            Terminate();
        else
            EndAt(now + wait);
        if (Rest is not null)
            Output.OnQuiet(this);
    }

    private void InAccepted(SipMessage request, bool isAck)
    {
        // RFC 6026 §7.1: INVITEs are absorbed without an answer; ACKs go to the TU.
        if (isAck)
            Output.OnAck(this, request);
    }

    private void EnterCompleted(TimeSpan now, ReadOnlyMemory<byte> response)
    {
        // RFC 3261 §17.2.1: 300-699 from TU: send, Completed; timer G on unreliable transports only, timer H on all.
        State = TransactionState.Completed;
        if (_isDistrusted)
            _repeatsLeft = Response.IsEmpty ? 0 : 2;
        Response = response;
        if (Key.IsRfc2543)
            _ackToTag = ResponseTag.Read(response.Span);
        _interval = Timers.TimerG;
        if (!IsReliable && _repeatsLeft > 0)
            RepeatAt(now + _interval);
        EndAt(now + Timers.TimerH);
    }
}
