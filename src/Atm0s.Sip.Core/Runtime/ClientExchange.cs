using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transactions;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Runtime;

/// <summary>A client transaction at work: the machine, the way to the server, and who wants the response. On its shard only.</summary>
internal sealed class ClientExchange : IClientTransactionOutput
{
    private readonly SipShard _shard;
    private readonly string _branch;
    private bool _mayReopen;

    internal ClientExchange(
        SipShard shard, SipFlow flow, SipMethod method, string branch, ReadOnlyMemory<byte> request, IClientExchangeUser? user)
    {
        _shard = shard;
        _branch = branch;
        Flow = flow;
        User = user;
        _mayReopen = flow is { IsReliable: true, IsOpening: false };
        var timers = shard.Stack.Options.Timers;
        Transaction = method == SipMethod.Invite
            ? new InviteClientTransaction(branch, request, flow.IsReliable, timers, this)
            : new NonInviteClientTransaction(branch, method, request, flow.IsReliable, timers, this);
    }

    /// <summary>Where the request went.</summary>
    public SipFlow Flow { get; private set; }

    /// <summary>Who wants the responses, or null when nobody does any more.</summary>
    public IClientExchangeUser? User { get; set; }

    /// <summary>The machine.</summary>
    public ClientTransaction Transaction { get; }

    /// <summary>Cancels an INVITE that has had a provisional response and no final one (RFC 3261 §9.1).</summary>
    /// <param name="user">Gets the response to the CANCEL itself; null when nobody cares.</param>
    /// <param name="reason">Value of Reason (RFC 3326), or null.</param>
    /// <returns>False when there is nothing to cancel, or not yet.</returns>
    public bool TryCancel(IClientExchangeUser? user, string? reason = null)
    {
        if (Transaction is not InviteClientTransaction invite || !invite.TryCancel(_shard.Now, out var cancel, reason))
            return false;
        _shard.Reschedule(invite);
        _shard.Send(Flow, SipMethod.Cancel, _branch, cancel, user);
        return true;
    }

    internal void Start()
    {
        Transaction.Start(_shard.Now);
        _shard.Reschedule(Transaction);
    }

    internal void OnResponse(SipMessage response)
    {
        Transaction.OnResponse(_shard.Now, response);
        _shard.Reschedule(Transaction);
    }

    /// <summary>The connection that the request went over is gone, or takes nothing.</summary>
    internal void OnFlowFailed(SipFlow flow)
    {
        // One that it goes over no more says nothing about the other.
        if (!ReferenceEquals(flow, Flow))
            return;
        if (!TryReopen())
            Transaction.OnTransportError(_shard.Now);
        _shard.Reschedule(Transaction);
    }

    // A send that fails is told of later, so that whoever sent the request is never called back before it has its exchange.
    bool IClientTransactionOutput.Send(ClientTransaction transaction, ReadOnlyMemory<byte> message)
    {
        if (!_shard.Stack.TrySend(Flow, message.Span))
        {
            var flow = Flow;
            _shard.Post(_ => OnFlowFailed(flow));
        }

        return true;
    }

    void IClientTransactionOutput.OnResponse(ClientTransaction transaction, SipMessage response) =>
        User?.OnResponse(_shard, this, response);

    void IClientTransactionOutput.OnTimeout(ClientTransaction transaction) => User?.OnTimeout(_shard, this);

    void IClientTransactionOutput.OnTransportError(ClientTransaction transaction) => User?.OnTransportError(_shard, this);

    void IClientTransactionOutput.OnTerminated(ClientTransaction transaction)
    {
        _shard.Remove(transaction);
        User = null;
    }

    // A peer closes what is idle, and its FIN or RST may cross our request: that is no failure of the peer (RFC 3261 §18.4), which has not
    // read it. If it has, after all, its transaction knows the branch (§17.2.3). Once, and only as long as nothing was answered.
    private bool TryReopen()
    {
        if (!_mayReopen || !Flow.IsClosed || Transaction.State is not (TransactionState.Calling or TransactionState.Trying))
            return false;
        _mayReopen = false;
        var other = User is { } user ? user.Reopen(_shard, this) : Flow.TryReopen();
        // Via and Contact stay, so it must be the same way but for the connection.
        if (other is null || other.IsClosed || other.Equals(Flow) || other.Protocol != Flow.Protocol || other.SentBy != Flow.SentBy)
            return false;
        _shard.MoveTo(this, other);
        Flow = other;
        return Transaction.TryRepeat(_shard.Now);
    }
}
