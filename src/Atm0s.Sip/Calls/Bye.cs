using System.Text;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls;

/// <summary>
/// The BYE of a dialog (RFC 3261 §15.1.1): sent again with credentials when it is challenged (§22.2), or the other side's call would stay
/// up.
/// The call does not wait for the answer, but a stopping server does.
/// </summary>
internal sealed class Bye : IClientExchangeUser
{
    private readonly CallServices _services;
    private readonly SipShard _shard;
    private readonly SipDialog _dialog;
    private readonly SipFlow _flow;
    private readonly string? _reason;
    private readonly ChallengeAnswer _answer;
    private bool _isDone;

    private Bye(CallServices services, SipShard shard, SipDialog dialog, SipFlow flow, string? reason, SipCredentials? credentials)
    {
        _services = services;
        _shard = shard;
        _dialog = dialog;
        _flow = flow;
        _reason = reason;
        _answer = new ChallengeAnswer(credentials, services.Stack.Ids.NewTag);
    }

    /// <summary>Sends it.</summary>
    /// <param name="services">What every call needs.</param>
    /// <param name="shard">Shard of the call.</param>
    /// <param name="dialog">The dialog to end.</param>
    /// <param name="flow">The way of its requests.</param>
    /// <param name="reason">Value of Reason (RFC 3326), or null.</param>
    /// <param name="credentials">What answers a challenge, or null.</param>
    public static void Send(
        CallServices services, SipShard shard, SipDialog dialog, SipFlow flow, string? reason, SipCredentials? credentials)
    {
        var bye = new Bye(services, shard, dialog, flow, reason, credentials);
        bye.Send();
        services.Calls.FarewellSent();
    }

    public void OnResponse(SipShard shard, ClientExchange exchange, SipMessage response)
    {
        if (response.StatusCode is 401 or 407 && _answer.TryTake(response, "BYE", Encoding.UTF8.GetString(_dialog.RequestUri)))
            Send();
        else if (response.StatusCode >= 200)
            Done();
    }

    public void OnTimeout(SipShard shard, ClientExchange exchange) => Done();

    public void OnTransportError(SipShard shard, ClientExchange exchange) => Done();

    private void Send()
    {
        var branch = _services.Stack.Ids.NewBranch();
        using var buffer = new PooledBufferWriter();
        var writer = new SipWriter(buffer);
        _dialog.BeginRequest(ref writer, SipMethod.Bye, _flow.NewVia(branch));
        _answer.Write(writer);
        if (_reason is not null)
            writer.Header(SipHeaderId.Reason, _reason);
        writer.End();
        _shard.Send(_flow, SipMethod.Bye, branch, buffer.WrittenSpan.ToArray(), this);
    }

    private void Done()
    {
        if (_isDone)
            return;
        _isDone = true;
        _services.Calls.FarewellDone();
    }
}
