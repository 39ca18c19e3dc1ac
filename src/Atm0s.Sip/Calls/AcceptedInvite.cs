using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;

namespace Atm0s.Sip.Calls;

/// <summary>A 2xx to an INVITE that waits for its ACK: repeated until it comes, given up after 64*T1 (RFC 3261 §13.3.1.4).</summary>
internal sealed class AcceptedInvite : IInviteServer2xxOutput
{
    private readonly ServerExchange _exchange;
    private readonly byte[] _response;
    private readonly InviteServer2xx _machine;
    private readonly SipTimer _timer;
    private readonly SipShard _shard;

    public AcceptedInvite(SipShard shard, ServerExchange exchange, byte[] response, uint cseq)
    {
        _shard = shard;
        _exchange = exchange;
        _response = response;
        _machine = new InviteServer2xx(cseq, response, shard.Stack.Options.Timers, this);
        _timer = new SipTimer(shard, _ => OnDue());
    }

    public bool IsWaiting => _machine.NextDeadline is not null;

    /// <summary>Gets the first ACK.</summary>
    public Action<SipMessage>? OnAcknowledged { get; set; }

    /// <summary>Is told that the ACK never came.</summary>
    public Action? OnGivenUp { get; set; }

    public void Start()
    {
        _exchange.Respond(200, _response);
        _machine.Start(_shard.Now);
        Arm();
    }

    public void OnAck(SipMessage ack)
    {
        if (!_machine.OnAck(ack))
            return;
        _timer.Cancel();
        OnAcknowledged?.Invoke(ack);
    }

    public void Cancel()
    {
        _machine.Stop();
        _timer.Cancel();
    }

    void IInviteServer2xxOutput.Send(InviteServer2xx sender, ReadOnlyMemory<byte> response) => _exchange.Flow.TrySend(response.Span);

    void IInviteServer2xxOutput.OnTimeout(InviteServer2xx sender) => OnGivenUp?.Invoke();

    private void OnDue()
    {
        _machine.OnDeadline(_shard.Now);
        Arm();
    }

    private void Arm()
    {
        if (_machine.NextDeadline is { } due)
            _timer.Set(due - _shard.Now);
    }
}
