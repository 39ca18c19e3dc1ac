using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Debts;

/// <summary>
/// A 2xx to an INVITE that waits for its ACK: repeated until it comes, given up after 64*T1 (RFC 3261 §13.3.1.4). The first one of a call
/// goes on after the end, so that the caller has a final response; that of a re-INVITE does not.
/// </summary>
internal sealed class OwedAck : WireDebt, IServerExchangeUser, IInviteServer2xxOutput
{
    private readonly Call _call;
    private readonly CallDialog _dialog;
    private readonly ServerExchange _exchange;
    private readonly byte[] _response;
    private readonly InviteServer2xx _machine;
    private readonly CallTimer _timer;
    private readonly bool _isFirst;

    public OwedAck(Call call, CallDialog dialog, ServerExchange exchange, byte[] response, uint cseq, bool isFirst)
    {
        _call = call;
        _dialog = dialog;
        _exchange = exchange;
        _response = response;
        _isFirst = isFirst;
        _machine = new InviteServer2xx(cseq, response, call.Shard.Stack.Options.Timers, this);
        _timer = call.NewTimer(OnDue);
    }

    /// <summary>Gets the first ACK.</summary>
    public Action<SipMessage>? OnAcknowledged { get; set; }

    /// <summary>Whether the ACK is still missing.</summary>
    public bool IsWaiting => _machine.NextDeadline is not null;

    public void Start()
    {
        _exchange.User = this;
        _exchange.Respond(200, _response);
        _machine.Start(_call.Shard.Now);
        Arm();
    }

    public void OnAck(SipMessage ack)
    {
        if (!_machine.OnAck(ack))
            return;
        if (!_call.HasEnded)
            OnAcknowledged?.Invoke(ack);
        Finish();
    }

    /// <summary>Whoever sends the next INVITE has had the 2xx to the one before (RFC 3261 §14.1, RFC 5407 §3.1.4).</summary>
    public void OnNextInvite()
    {
        if (IsWaiting)
            Finish();
    }

    public override void Settle(CallEnd why)
    {
        // Who says BYE knows our tag: from a 180, and then perhaps not yet that we have answered, or else from the answer itself.
        var hasHeardIt = why.Cause == CallEndCause.RemoteHangup && !_dialog.WasEarly;
        if (!_isFirst || hasHeardIt || _exchange.Flow.IsClosed)
            Finish();
    }

    public override void Abandon() => Stop();

    void IServerExchangeUser.OnCancel(SipShard shard, ServerExchange exchange, SipMessage cancel)
    {
        // RFC 3261 §9.2: too late.
    }

    // A call that is up outlives its connection: the phone comes back over another. One that was never acknowledged does not.
    void IServerExchangeUser.OnFailed(SipShard shard, ServerExchange exchange) => _call.Guard(() =>
    {
        if (!_isFirst || !IsWaiting || !exchange.Flow.IsClosed)
            return;
        _dialog.Open?.Forget();
        _call.End(new CallEnd(CallEndCause.Gone, 0, "the connection to the caller is gone before the 200 was acknowledged"));
        Finish();
    });

    void IInviteServer2xxOutput.Send(InviteServer2xx sender, ReadOnlyMemory<byte> response) =>
        _call.Services.Stack.TrySend(_exchange.Flow, response.Span);

    void IInviteServer2xxOutput.OnTimeout(InviteServer2xx sender)
    {
        _call.End(new CallEnd(CallEndCause.AckTimeout, 408, "the 200 was never acknowledged"));
        Finish();
    }

    private void OnDue()
    {
        _machine.OnDeadline(_call.Shard.Now);
        Arm();
    }

    private void Arm()
    {
        if (_machine.NextDeadline is { } due)
            _timer.Set(due - _call.Shard.Now);
    }

    private void Finish()
    {
        Stop();
        Done();
        if (_isFirst)
            _dialog.OnConfirmed();
        else
            _dialog.Offers.Pump();
    }

    private void Stop()
    {
        _machine.Stop();
        _timer.Cancel();
        if (ReferenceEquals(_exchange.User, this))
            _exchange.User = null;
    }
}
