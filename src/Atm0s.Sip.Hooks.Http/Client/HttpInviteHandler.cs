using System.Net;
using Atm0s.Sip.Hooks.Http.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Asks <c>/invite</c>. When the hook can't be asked the call gets <see cref="HttpHookOptions.InviteFallbackStatus"/>.</summary>
internal sealed class HttpInviteHandler(HookClient client, IOptions<HttpHookOptions> options, ILogger<HookClient> logger) : IInviteHandler
{
    private const int BusyHere = 486;
    private const int MaxRoom = 256;

    public async ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken)
    {
        var question = new InviteHookRequest
        {
            Source = Text(invite.Source),
            Username = invite.Username,
            FromNumber = invite.From,
            ToNumber = invite.To,
            ConnId = invite.CallId,
        };
        try
        {
            var answer = await client.AskAsync(
                HookClient.Questions,
                "invite",
                invite.CallId,
                question,
                HookContracts.Wire.InviteHookRequest,
                static body => HookJson.Read(body, HookContracts.Wire.InviteHookResponse),
                // The question is not taken back when the caller gives up: the hook may have rung somebody for him already, and only its
                // answer names the room in which that ringing is ended.
                CancellationToken.None).ConfigureAwait(false);
            return Decide(answer, invite.CallId);
        }
        catch (HookCallException)
        {
            HookLog.InviteFallback(logger, LogText.Escape(invite.CallId), options.Value.InviteFallbackStatus);
            return InviteDecision.Reject(options.Value.InviteFallbackStatus);
        }
    }

    private InviteDecision Decide(InviteHookResponse answer, string callId)
    {
        if (answer.Strategy == InviteStrategy.Reject)
            return InviteDecision.Reject(BusyHere);
        if (answer.Strategy == InviteStrategy.Unknown)
            return Refuse(callId, "the hook's strategy is none of Reject, Accept, WaitOtherPeers");
        if (string.IsNullOrEmpty(answer.RoomId))
            return Refuse(callId, "the hook gave no room");
        if (answer.RoomId.Length > MaxRoom || answer.RoomId.Any(char.IsControl))
            return Refuse(callId, "the hook's room is longer than 256 characters or holds control characters");
        return answer.Strategy == InviteStrategy.Accept
            ? InviteDecision.JoinRoom(answer.RoomId, endWhenOthersLeave: true)
            : InviteDecision.WaitForOthers(answer.RoomId);
    }

    private InviteDecision Refuse(string callId, string reason)
    {
        HookLog.BadInviteAnswer(logger, LogText.Escape(callId), reason);
        return InviteDecision.Reject(BusyHere);
    }

    private static string Text(IPEndPoint source) =>
        (source.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(source.Address.MapToIPv4(), source.Port) : source).ToString();
}
