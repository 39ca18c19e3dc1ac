using System.Diagnostics.CodeAnalysis;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>The INVITE client transaction: RFC 3261 §17.1.1 with figure 5 of RFC 6026.</summary>
/// <remarks>
/// A call may ring for ever: in Proceeding there is no timer until <see cref="TryCancel"/>. The ACK of a 2xx is not sent here but by
/// the application (RFC 3261 §13.2.2.4), for every 2xx that comes up; see Dialogs.
/// </remarks>
internal sealed class InviteClientTransaction : ClientTransaction
{
    private TimeSpan _interval;
    private ReadOnlyMemory<byte> _ack;

    /// <summary>Creates the transaction; nothing is sent before <see cref="ClientTransaction.Start"/>.</summary>
    /// <param name="branch">Branch of the request's top Via.</param>
    /// <param name="request">The whole INVITE as it goes out; must not change afterwards.</param>
    /// <param name="isReliable">Whether the transport is reliable.</param>
    /// <param name="timers">Timer values.</param>
    /// <param name="output">Where to send and report to.</param>
    public InviteClientTransaction(
        string branch, ReadOnlyMemory<byte> request, bool isReliable, SipTimers timers, IClientTransactionOutput output)
        : base(
            TransactionKey.ForClient(branch, SipMethod.Invite), SipMethod.Invite, request, isReliable, timers, output,
            TransactionState.Calling)
    {
    }

    /// <summary>
    /// Whether a CANCEL may be sent now: a provisional response has come and no final one (RFC 3261 §9.1), and none was sent yet.
    /// Before the first provisional response the application waits for it.
    /// </summary>
    public bool CanCancel => State == TransactionState.Proceeding && !IsCancelled;

    /// <summary>Whether <see cref="TryCancel"/> has succeeded.</summary>
    public bool IsCancelled { get; private set; }

    /// <inheritdoc/>
    public override void OnResponse(TimeSpan now, SipMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (!IsStarted)
            return;
        switch (State)
        {
            case TransactionState.Calling:
                InCalling(now, response);
                break;
            case TransactionState.Proceeding:
                InProceeding(now, response);
                break;
            case TransactionState.Completed:
                InCompleted(now, response);
                break;
            case TransactionState.Accepted:
                InAccepted(response);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// Builds the CANCEL of this INVITE, if one may be sent. It runs in its own <see cref="NonInviteClientTransaction"/> with the
    /// same branch, to the same destination. If no final response comes within 64*T1 from now, the INVITE times out.
    /// </summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="cancel">The whole CANCEL request.</param>
    /// <param name="reason">Value of Reason (RFC 3326), or null.</param>
    /// <returns>False when <see cref="CanCancel"/> is false.</returns>
    public bool TryCancel(TimeSpan now, [NotNullWhen(true)] out byte[]? cancel, string? reason = null)
    {
        if (!CanCancel || !CancelRequest.TryCreate(Request.Span, out cancel, reason))
        {
            cancel = null;
            return false;
        }

        IsCancelled = true;
        // RFC 3261 §9.1: without a final response in 64*T1 the client considers the INVITE cancelled and destroys its transaction.
        EndAt(now + Timers.TransactionTimeout);
        return true;
    }

    private protected override void OnStart(TimeSpan now)
    {
        // RFC 3261 §17.1.1.2: timer A on unreliable transports only, timer B on all.
        _interval = Timers.TimerA;
        if (!IsReliable)
            RepeatAt(now + _interval);
        EndAt(now + Timers.TimerB);
        Send(now, Request);
    }

    private protected override void OnRepeat(TimeSpan now)
    {
        // Only Calling repeats. RFC 3261 §17.1.1.2: timer A fires: the INVITE again, interval doubled; T2 does not cap it.
        _interval *= 2;
        RepeatAt(now + _interval);
        Send(now, Request);
    }

    private protected override void OnEnd(TimeSpan now)
    {
        switch (State)
        {
            // RFC 3261 §17.1.1.2: timer B fires: inform the TU, no ACK.
            case TransactionState.Calling:
            // RFC 3261 §9.1: cancelled 64*T1 ago and still no final response.
            case TransactionState.Proceeding:
                TimeOut();
                break;
            // Timer D (Completed), timer M (Accepted; RFC 6026 §8.4).
            default:
                Terminate();
                break;
        }
    }

    private void InCalling(TimeSpan now, SipMessage response)
    {
        if (response.StatusCode < 200)
        {
            // 1xx: to TU, Proceeding. No retransmission and no timer B from here on.
            State = TransactionState.Proceeding;
            StopTimers();
            Output.OnResponse(this, response);
        }
        else
        {
            OnFinal(now, response);
        }
    }

    private void InProceeding(TimeSpan now, SipMessage response)
    {
        if (response.StatusCode < 200)
            Output.OnResponse(this, response);
        else
            OnFinal(now, response);
    }

    private void InCompleted(TimeSpan now, SipMessage response)
    {
        // RFC 6026 §8.4: a 300-699 again: ACK again, not to the TU. A 2xx or 1xx after that has no arrow.
        if (response.StatusCode >= 300 && !_ack.IsEmpty)
            Send(now, _ack);
    }

    private void InAccepted(SipMessage response)
    {
        // RFC 6026 §8.4: each 2xx, retransmitted or of another fork, goes to the TU. Everything else has no arrow.
        if (response.StatusCode is >= 200 and < 300)
            Output.OnResponse(this, response);
    }

    private void OnFinal(TimeSpan now, SipMessage response)
    {
        StopTimers();
        if (response.StatusCode < 300)
        {
            // RFC 6026 §8.4: 2xx to TU, Accepted, timer M.
            State = TransactionState.Accepted;
            Request = default;
            EndAt(now + Timers.TimerM);
            Output.OnResponse(this, response);
            return;
        }

        // RFC 3261 §17.1.1.2: 300-699: ACK sent (even when reliable), response to TU, Completed, timer D.
        State = TransactionState.Completed;
        if (AckRequest.TryCreate(Request.Span, response, out var ack))
            _ack = ack;
        Request = default;
        var wait = Timers.TimerD(IsReliable);
        EndAt(now + wait);
        // The ACK goes first: the TU may answer a challenge at once, and the new INVITE must not overtake it.
        if (!_ack.IsEmpty)
            Send(now, _ack);
        if (State == TransactionState.Completed)
            Output.OnResponse(this, response);
        if (wait == TimeSpan.Zero)
            Terminate();
    }
}
