using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transactions;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Runtime;

/// <summary>A server transaction at work: the machine, the way back to the client, and who answers. On its shard only.</summary>
internal sealed class ServerExchange : IServerTransactionOutput
{
    private readonly SipShard _shard;
    private readonly int _sentByPort;
    private string? _localTag;
    private IServerExchangeUser? _user;
    private bool _lingers;

    internal ServerExchange(SipShard shard, SipFlow flow, SipMessage request, IServerExchangeUser? user)
    {
        _shard = shard;
        Flow = ResponseTarget.For(flow, request);
        _sentByPort = request.TopVia.Port;
        _user = user;
        var timers = shard.Stack.Options.Timers;
        Transaction = request.Method == SipMethod.Invite
            ? new InviteServerTransaction(request, flow.IsReliable, timers, this)
            : new NonInviteServerTransaction(request, flow.IsReliable, timers, this);
    }

    /// <summary>Where responses go (RFC 3261 §18.2.2).</summary>
    public SipFlow Flow { get; }

    /// <summary>
    /// Who answers, or null when nobody wants to hear of it any more. An INVITE that has neither a user nor a final response when the
    /// current piece of work is through is answered 500.
    /// </summary>
    public IServerExchangeUser? User
    {
        get => _user;
        set
        {
            _user = value;
            if (IsUnattended)
                _shard.LookAfter(this);
            else if (value is null)
                OnQuiet();
        }
    }

    /// <summary>The machine.</summary>
    public ServerTransaction Transaction { get; }

    /// <summary>The To tag of every response of this transaction (RFC 3261 §8.2.6.2: they all have the same).</summary>
    public string LocalTag => _localTag ??= _shard.Stack.Ids.NewTag();

    /// <summary>Sends a response and remembers it for retransmissions.</summary>
    /// <param name="status">Status code, 100 to 699.</param>
    /// <param name="response">
    /// The whole message; must not change afterwards, but for a final response to what is no INVITE: that one is copied if it is kept.
    /// </param>
    /// <returns>False when the transaction has its final response already: nothing was sent.</returns>
    public bool Respond(int status, ReadOnlyMemory<byte> response)
    {
        var sent = Transaction.Respond(_shard.Now, status, response);
        _shard.Reschedule(Transaction);
        return sent;
    }

    /// <summary>
    /// Sends a final response once and forgets the request (RFC 3261 §8.2.7): for who has not shown who he is, and must not make us keep or
    /// repeat anything.
    /// </summary>
    /// <param name="response">The whole message.</param>
    public void RespondOnce(ReadOnlySpan<byte> response)
    {
        // Nor open a connection.
        Flow.TrySend(response);
        Transaction.Forget();
        _shard.Reschedule(Transaction);
    }

    /// <summary>
    /// The client of this INVITE has not shown that it is where its packet says: refusals are not repeated to it on our own account.
    /// </summary>
    public void DistrustClient() => (Transaction as InviteServerTransaction)?.DistrustClient();

    /// <summary>For a request that is not an INVITE and waits for its answer: it is answered 100 when RFC 4320 §4.1 demands it.</summary>
    /// <param name="request">The request of this transaction.</param>
    public void AnswersLater(SipMessage request)
    {
        if (Transaction is not NonInviteServerTransaction waiting)
            return;
        waiting.PrepareTrying(request);
        _shard.Reschedule(waiting);
    }

    /// <summary>Whether this is an INVITE that waits for its final response, and nobody is there to give it.</summary>
    internal bool IsUnattended => _user is null && Transaction is InviteServerTransaction { HasFinalResponse: false };

    internal void Start()
    {
        Transaction.Start(_shard.Now);
        _shard.Reschedule(Transaction);
        if (IsUnattended)
            _shard.LookAfter(this);
    }

    internal bool TryGiveUp()
    {
        var given = ((InviteServerTransaction)Transaction).TryGiveUp(_shard.Now, LocalTag);
        _shard.Reschedule(Transaction);
        return given;
    }

    internal void OnRequest(SipMessage request)
    {
        Transaction.OnRequest(_shard.Now, request);
        _shard.Reschedule(Transaction);
    }

    void IServerTransactionOutput.OnQuiet(ServerTransaction transaction) => OnQuiet();

    bool IServerTransactionOutput.Send(ServerTransaction transaction, ReadOnlyMemory<byte> response)
    {
        if (!_shard.Stack.TrySend(Flow, response.Span) && !TrySendAnew(response.Span))
            _shard.Post(_ => OnFlowFailed());
        return true;
    }

    // RFC 3261 §18.2.2. Only what is final: nobody waits long for the rest.
    private bool TrySendAnew(ReadOnlySpan<byte> response) =>
        Flow.IsClosed
        && Flow.IsReliable
        && response.Length > 8 && response[8] != (byte)'1'
        && _shard.Stack.TryGetFlow(Flow.Protocol, ResponseTarget.Reopened(Flow, _sentByPort), Flow.KnownPeer) is { } anew
        && anew.TrySend(response);

    // The ACK of a 2xx belongs to the dialog (RFC 3261 §13.2.2.4).
    void IServerTransactionOutput.OnAck(ServerTransaction transaction, SipMessage ack) => _shard.Dispatcher.OnAck(Flow, ack);

    void IServerTransactionOutput.OnTimeout(ServerTransaction transaction) => User?.OnFailed(_shard, this);

    void IServerTransactionOutput.OnTransportError(ServerTransaction transaction) => User?.OnFailed(_shard, this);

    void IServerTransactionOutput.OnTerminated(ServerTransaction transaction)
    {
        _shard.Remove(transaction);
        _user = null;
    }

    // From here on the shard knows a key and bytes instead of this object: whoever still holds it can go on with it, and it goes with him.
    private void OnQuiet()
    {
        if (Transaction.Rest is not { } rest)
            return;
        // A user is told when the ACK of his refusal never comes.
        if (!_lingers && (rest.Kind != LingerKind.Refused || _user is null))
        {
            _lingers = true;
            Span<byte> tag = stackalloc byte[64];
            var length = _localTag is not null && Encoding.UTF8.TryGetBytes(_localTag, tag, out var written) ? written : 0;
            _shard.Linger(Transaction, rest, tag[..length]);
            Transaction.Leave();
        }

        // A call that waits for the ACK of its 2xx hears when the connection closes.
        if (_lingers && _user is null)
            _shard.ForgetConnection(this);
    }

    /// <summary>Nothing can be sent to the client any more.</summary>
    internal void OnFlowFailed()
    {
        // RFC 3261 §17.2.4: the machine decides what a transport error means in its state.
        Transaction.OnTransportError(_shard.Now);
        _shard.Reschedule(Transaction);
    }
}
