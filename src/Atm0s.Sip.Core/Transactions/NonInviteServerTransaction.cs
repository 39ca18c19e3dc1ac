using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>The non-INVITE server transaction: RFC 3261 §17.2.2, figure 8, with the rules of RFC 4320.</summary>
internal sealed class NonInviteServerTransaction : ServerTransaction
{
    private TimeSpan _startedAt;

    /// <summary>Creates the transaction of a received request.</summary>
    /// <param name="request">Any request but INVITE and ACK; not kept.</param>
    /// <param name="isReliable">Whether the transport is reliable.</param>
    /// <param name="timers">Timer values.</param>
    /// <param name="output">Where to send and report to.</param>
    /// <exception cref="ArgumentException">The method has no such transaction.</exception>
    public NonInviteServerTransaction(SipMessage request, bool isReliable, SipTimers timers, IServerTransactionOutput output)
        : base(request, isReliable, timers, output, TransactionState.Trying)
    {
        if (request.Method is SipMethod.Invite or SipMethod.Ack)
            throw new ArgumentException("INVITE has a machine of its own and ACK has none.", nameof(request));
    }

    /// <summary>
    /// To be called when the application does not answer at once: from then on the machine answers 100 by itself when RFC 4320 §4.1
    /// demands it (3.5 s with the default timers). Kept apart from the constructor, because most requests are answered at once
    /// and need no such response.
    /// </summary>
    /// <param name="request">The request that created the transaction; not kept.</param>
    public void PrepareTrying(SipMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!IsStarted || State != TransactionState.Trying)
            return;
        Trying = CreateTrying(request);
        RepeatAt(_startedAt + Timers.NonInviteTrying);
    }

    /// <inheritdoc/>
    internal override LingerRest? Rest =>
        State == TransactionState.Completed ? new LingerRest(LingerKind.Answered, Timers.TimerJ(IsReliable), Response) : null;

    /// <inheritdoc/>
    public override void OnRequest(TimeSpan now, SipMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        switch (State)
        {
            // Request again: the last provisional (Proceeding) or the final response (Completed).
            case TransactionState.Proceeding:
            case TransactionState.Completed:
                Send(now, Response);
                break;
            // Trying: discarded.
            default:
                break;
        }
    }

    private protected override void OnStart(TimeSpan now)
    {
        _startedAt = now;
        // RFC 4320 §4.2: who cannot answer before the client's timer F says nothing; the state must not wait longer either.
        EndAt(now + Timers.TransactionTimeout);
    }

    private protected override bool OnRespond(TimeSpan now, int status, ReadOnlyMemory<byte> response)
    {
        if (State is not (TransactionState.Trying or TransactionState.Proceeding))
            return false;
        return status < 200 ? Provisional(now, status, response) : Final(now, status, response);
    }

    private protected override void OnRepeat(TimeSpan now)
    {
        // RFC 4320 §4.1: 100 if nothing else was sent when the client's timer E has reached T2.
        State = TransactionState.Proceeding;
        Response = Trying;
        Trying = default;
        Send(now, Response);
    }

    private protected override void OnEnd(TimeSpan now)
    {
        // Completed: timer J. Otherwise the application never answered.
        if (State == TransactionState.Completed)
            Terminate();
        else
            TimeOut();
    }

    private bool Provisional(TimeSpan now, int status, ReadOnlyMemory<byte> response)
    {
        // RFC 4320 §4.1: no provisional response but 100, and over unreliable transports not before timer E is at T2.
        if (status != 100 || (!IsReliable && now < _startedAt + Timers.NonInviteTrying))
            return false;
        State = TransactionState.Proceeding;
        StopRepeating();
        Trying = default;
        Response = response;
        Send(now, response);
        return true;
    }

    private bool Final(TimeSpan now, int status, ReadOnlyMemory<byte> response)
    {
        // RFC 4320 §4.2: never 408; saying nothing has the same effect on the client.
        if (status == 408)
            return false;
        // 200-699 from TU: send, Completed, timer J.
        State = TransactionState.Completed;
        StopTimers();
        Trying = default;
        Response = response;
        var wait = Timers.TimerJ(IsReliable);
        EndAt(now + wait);
        Send(now, response);
        if (wait == TimeSpan.Zero)
            Terminate();
        else
            Output.OnQuiet(this);
        return true;
    }
}
