using System.Text;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Dialogs;

/// <summary>
/// A request of ours inside a dialog, other than INVITE (RFC 3261 §12.2.1): sent again with credentials when it is challenged (§22.2).
/// </summary>
internal sealed class SentRequest : IClientExchangeUser
{
    private readonly CallDialog _dialog;
    private readonly SipMethod _method;
    private readonly Action<int, SipMessage?> _onFinal;
    private readonly IReadOnlyList<(SipHeaderId Id, string Value)> _headers;
    private readonly string? _contentType;
    private readonly ReadOnlyMemory<byte> _body;
    private readonly ChallengeAnswer _answer;
    private bool _isDone;

    private SentRequest(
        CallDialog dialog,
        SipMethod method,
        Action<int, SipMessage?> onFinal,
        IReadOnlyList<(SipHeaderId Id, string Value)> headers,
        string? contentType,
        ReadOnlyMemory<byte> body)
    {
        _dialog = dialog;
        _method = method;
        _onFinal = onFinal;
        _headers = headers;
        _contentType = contentType;
        _body = body;
        _answer = new ChallengeAnswer(dialog.Credentials, dialog.Call.Services.Stack.Ids.NewTag);
    }

    /// <summary>
    /// Sends one.
    /// </summary>
    /// <param name="dialog">Its dialog.</param>
    /// <param name="method">Its method; not INVITE, ACK or CANCEL.</param>
    /// <param name="onFinal">Gets the final response, once; 408 without one when none came, 503 when nothing can be sent
    /// (§8.1.3.1).</param>
    /// <param name="headers">More fields.</param>
    /// <param name="contentType">Type of the body, or null.</param>
    /// <param name="body">The body.</param>
    public static void Send(
        CallDialog dialog,
        SipMethod method,
        Action<int, SipMessage?> onFinal,
        IReadOnlyList<(SipHeaderId Id, string Value)>? headers = null,
        string? contentType = null,
        ReadOnlyMemory<byte> body = default) =>
        new SentRequest(dialog, method, onFinal, headers ?? [], contentType, body).Send();

    /// <summary>Sends one without a transaction: it is not repeated, and what is answered to it is passed over.</summary>
    public static void SendOnce(CallDialog dialog, SipMethod method, IReadOnlyList<(SipHeaderId Id, string Value)> headers)
    {
        var stack = dialog.Call.Services.Stack;
        using var buffer = PooledBufferWriter.Rent();
        new SentRequest(dialog, method, static (_, _) => { }, headers, null, default).Write(buffer, dialog.Flow, stack.Ids.NewBranch());
        stack.TrySend(dialog.Flow, buffer.WrittenSpan);
    }

    void IClientExchangeUser.OnResponse(SipShard shard, ClientExchange exchange, SipMessage response) =>
        _dialog.Call.Guard(() => OnResponse(response));

    void IClientExchangeUser.OnTimeout(SipShard shard, ClientExchange exchange) => Finish(408, null);

    void IClientExchangeUser.OnTransportError(SipShard shard, ClientExchange exchange) => Finish(503, null);

    // RFC 3261 §12.2.1.1: the target is where it was, and the way there is looked for anew.
    SipFlow? IClientExchangeUser.Reopen(SipShard shard, ClientExchange exchange) => _dialog.Flow;

    private void OnResponse(SipMessage response)
    {
        if (response.StatusCode < 200)
            return;
        if (response.StatusCode is 401 or 407
            && _answer.TryTake(response, Encoding.ASCII.GetString(_method.ToToken()), Encoding.UTF8.GetString(_dialog.Sip.RequestUri)))
            Send();
        else
            Finish(response.StatusCode, response);
    }

    private void Send()
    {
        var flow = _dialog.Flow;
        var branch = _dialog.Call.Services.Stack.Ids.NewBranch();
        using var buffer = PooledBufferWriter.Rent();
        Write(buffer, flow, branch);
        _dialog.Call.Shard.Send(flow, _method, branch, buffer.WrittenSpan.ToArray(), this);
    }

    private void Write(PooledBufferWriter buffer, SipFlow flow, string branch)
    {
        var writer = new SipWriter(buffer);
        _dialog.BeginRequest(ref writer, _method, flow.NewVia(branch), flow);
        _answer.Write(writer);
        foreach (var (id, value) in _headers)
            writer.Header(id, value);
        if (_contentType is null)
            writer.End();
        else
            writer.Body(Encoding.ASCII.GetBytes(_contentType), _body.Span);
    }

    private void Finish(int status, SipMessage? response)
    {
        if (_isDone)
            return;
        _isDone = true;
        _dialog.Call.Guard(() => _onFinal(status, response));
    }
}
