using System.Text;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Debts;

/// <summary>
/// An INVITE of ours inside a dialog (RFC 3261 §14.1): owed is the ACK of its 2xx, also when the call ends meanwhile. A phone that says 1xx
/// and nothing more is sent a CANCEL after a minute (§9.1), for nothing else would ever end the transaction (§17.1.1.2).
/// </summary>
/// <param name="dialog">Its dialog.</param>
/// <param name="offer">The description.</param>
/// <param name="timer">What it says of the session timer.</param>
/// <param name="onFinal">Gets the final response, once, unless the call ends before; 408 or 503 without one (§8.1.3.1).</param>
internal sealed class SentReInvite(
    CallDialog dialog, ReadOnlyMemory<byte> offer, SessionTimerRequest timer, Action<int, SipMessage?> onFinal)
        : WireDebt, IClientExchangeUser
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ChallengeAnswer _answer = new(dialog.Credentials, dialog.Call.Services.Stack.Ids.NewTag);
    private ClientExchange? _exchange;
    private CallTimer? _limit;
    private byte[]? _ack;
    private SipFlow? _ackFlow;
    private bool _isDone;

    public void Send()
    {
        var flow = dialog.Flow;
        var stack = dialog.Call.Services.Stack;
        var branch = stack.Ids.NewBranch();
        using var buffer = PooledBufferWriter.Rent();
        var writer = new SipWriter(buffer);
        dialog.BeginRequest(ref writer, SipMethod.Invite, flow.NewVia(branch), flow);
        _answer.Write(writer);
        writer.Header(SipHeaderId.Allow, stack.Capabilities.Allow.Span);
        writer.Header(SipHeaderId.Supported, stack.Capabilities.Supported.Span);
        timer.WriteHeaders(ref writer);
        writer.Body("application/sdp"u8, offer.Span);
        _exchange = dialog.Call.Shard.Send(flow, SipMethod.Invite, branch, buffer.WrittenSpan.ToArray(), this);
        _limit ??= dialog.Call.NewTimer(() => _exchange.TryCancel(null));
        _limit.Set(Limit);
    }

    // RFC 3261 §15: a BYE may be sent meanwhile; what comes of this request does not matter any more, but for the ACK.
    public override void Settle(CallEnd why) => Done();

    void IClientExchangeUser.OnResponse(SipShard shard, ClientExchange exchange, SipMessage response)
    {
        if (ReferenceEquals(exchange, _exchange))
            dialog.Call.Guard(() => OnResponse(response));
    }

    void IClientExchangeUser.OnTimeout(SipShard shard, ClientExchange exchange) => dialog.Call.Guard(() => Finish(408, null));

    void IClientExchangeUser.OnTransportError(SipShard shard, ClientExchange exchange) => dialog.Call.Guard(() => Finish(503, null));

    SipFlow? IClientExchangeUser.Reopen(SipShard shard, ClientExchange exchange) => dialog.Flow;

    private void OnResponse(SipMessage response)
    {
        switch (response.StatusCode)
        {
            case < 200:
                break;
            case < 300:
                // RFC 3261 §14.1, §12.2.1.2: a 2xx says where the other side is now.
                if (_ack is null)
                    dialog.RefreshTarget(response);
                Acknowledge(response);
                Finish(response.StatusCode, response);
                break;
            case 401 or 407 when !_isDone && !dialog.Call.HasEnded
                && _answer.TryTake(response, "INVITE", Encoding.UTF8.GetString(dialog.Sip.RequestUri)):
                Send();
                break;
            default:
                Finish(response.StatusCode, response);
                break;
        }
    }

    private void Acknowledge(SipMessage response)
    {
        if (_ack is null)
        {
            _ackFlow = dialog.Flow;
            using var buffer = PooledBufferWriter.Rent();
            var writer = new SipWriter(buffer);
            dialog.Sip.BeginAck(ref writer, response.CSeqNumber, _ackFlow.NewVia(dialog.Call.Services.Stack.Ids.NewBranch()));
            _answer.Write(writer);
            writer.End();
            _ack = buffer.WrittenSpan.ToArray();
        }

        dialog.Call.Services.Stack.TrySend(_ackFlow!, _ack);
    }

    private void Finish(int status, SipMessage? response)
    {
        if (_isDone)
            return;
        _isDone = true;
        _limit?.Cancel();
        Done();
        if (!dialog.Call.HasEnded)
            onFinal(status, response);
    }
}
