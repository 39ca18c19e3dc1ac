using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>The non-INVITE client transaction: RFC 3261 §17.1.2, figure 6.</summary>
internal sealed class NonInviteClientTransaction : ClientTransaction
{
    private TimeSpan _interval;

    /// <summary>Creates the transaction; nothing is sent before <see cref="ClientTransaction.Start"/>.</summary>
    /// <param name="branch">Branch of the request's top Via; a CANCEL has that of its INVITE.</param>
    /// <param name="method">Method of the request: any but INVITE, ACK and <see cref="SipMethod.Other"/>.</param>
    /// <param name="request">The whole request as it goes out; must not change afterwards.</param>
    /// <param name="isReliable">Whether the transport is reliable.</param>
    /// <param name="timers">Timer values.</param>
    /// <param name="output">Where to send and report to.</param>
    /// <exception cref="ArgumentException">The method has no such transaction.</exception>
    public NonInviteClientTransaction(
        string branch, SipMethod method, ReadOnlyMemory<byte> request, bool isReliable, SipTimers timers, IClientTransactionOutput output)
        : base(TransactionKey.ForClient(branch, method), method, request, isReliable, timers, output, TransactionState.Trying)
    {
        if (method is SipMethod.Invite or SipMethod.Ack)
            throw new ArgumentException("INVITE has a machine of its own and ACK has none.", nameof(method));
    }

    /// <inheritdoc/>
    public override void OnResponse(TimeSpan now, SipMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (!IsStarted)
            return;
        switch (State)
        {
            case TransactionState.Trying:
            case TransactionState.Proceeding:
                InTryingOrProceeding(now, response);
                break;
            // Completed: a retransmission, buffered away until timer K.
            default:
                break;
        }
    }

    private protected override void OnStart(TimeSpan now)
    {
        // RFC 3261 §17.1.2.2: timer F on all transports, timer E on unreliable ones.
        _interval = Timers.TimerE;
        if (!IsReliable)
            RepeatAt(now + _interval);
        EndAt(now + Timers.TimerF);
        Send(now, Request);
    }

    private protected override void OnRepeat(TimeSpan now)
    {
        // RFC 3261 §17.1.2.2: timer E: request again; MIN(2*interval, T2) in Trying, T2 in Proceeding.
        _interval = State == TransactionState.Proceeding ? Timers.T2 : Timers.Double(_interval);
        RepeatAt(now + _interval);
        Send(now, Request);
    }

    private protected override void OnEnd(TimeSpan now)
    {
        // Completed: timer K. Trying and Proceeding: timer F, inform the TU.
        if (State == TransactionState.Completed)
            Terminate();
        else
            TimeOut();
    }

    private void InTryingOrProceeding(TimeSpan now, SipMessage response)
    {
        if (response.StatusCode < 200)
        {
            // 1xx to TU. Timer E goes on as it is set; when it fires it becomes T2.
            State = TransactionState.Proceeding;
            Output.OnResponse(this, response);
            return;
        }

        // 200-699: to TU, Completed, timer K.
        State = TransactionState.Completed;
        StopTimers();
        Request = default;
        var wait = Timers.TimerK(IsReliable);
        EndAt(now + wait);
        Output.OnResponse(this, response);
        if (wait == TimeSpan.Zero)
            Terminate();
    }
}
