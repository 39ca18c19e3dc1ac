using System.Text;
using Atm0s.Sip.Calls.Debts;
using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Messages;

/// <summary>The text messages inside a call (RFC 3428), in both directions. On the call's shard.</summary>
internal sealed class CallMessages(Call call)
{
    // Each waits for the host, and holds a copy of its message.
    private const int MaxWaiting = 16;

    private int _waiting;

    /// <summary>Whether the host takes messages.</summary>
    public bool AreTaken => call.Services.HookSource.Has<IMessageHandler>();

    /// <summary>A MESSAGE of the phone.</summary>
    public void OnMessage(CallDialog dialog, SipFlow flow, SipMessage request)
    {
        if (_waiting == MaxWaiting)
        {
            dialog.Respond(flow, request, 503, retryAfter: 5);
            return;
        }

        HookQuestion<IMessageHandler, MessageDecision>? question = null;
        if (OwedResponse.Take(dialog, flow, request, () =>
            {
                _waiting--;
                question?.Dispose();
            }) is not { } owed)
            return;
        _waiting++;
        var info = call.Info;
        var message = MessageRequests.Of(request, flow.RemoteEndPoint, info, info.Username, call.PeerAuthentication, info.Trunk);
        question = call.Services.Hooks.Ask<IMessageHandler, MessageDecision>(
            call.Shard,
            OwedResponse.LimitOf(call.Services.Options),
            call.Id,
            (handler, cancellation) => handler.HandleMessageAsync(message, cancellation),
            (_, outcome) => call.Guard(() =>
            {
                if (owed.IsPaid)
                    return;
                _waiting--;
                var (status, phrase) = MessageRequests.StatusOf(outcome);
                owed.Answer(status, phrase);
            }),
            origin: call);
    }

    /// <summary>Sends one.</summary>
    public void Send(string text, string contentType, Action<MessageResult> onDone)
    {
        if (call.State != CallState.Answered || call.Dialog is not { Open: not null } dialog)
            onDone(new MessageResult(MessageStatus.NotPossible));
        else
            SentRequest.Send(
                dialog,
                SipMethod.Message,
                (status, response) => onDone(MessageResult.Of(status, response is not null)),
                contentType: contentType,
                body: Encoding.UTF8.GetBytes(text));
    }
}
