using System.Net;
using Atm0s.Sip.Hooks.Http.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>
/// Asks <c>/invite</c>, once. When the hook can't be asked, or does not answer in time, the call gets
/// <see cref="HttpHookOptions.InviteFallbackStatus"/>.
/// </summary>
internal sealed class HttpInviteHandler(
    HookClient client, RungCalls rung, IOptions<HttpHookOptions> options, TimeProvider timeProvider, ILogger<HookClient> logger)
    : IInviteHandler
{
    private const int BusyHere = 486;
    private const int MaxRoom = 256;

    public async ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken)
    {
        var askedAt = timeProvider.GetTimestamp();
        var asked = AskAsync(invite);
        try
        {
            return Decide(await asked.WaitAsync(options.Value.InviteTimeout, timeProvider, CancellationToken.None).ConfigureAwait(false),
                invite.CallId);
        }
        catch (Exception failure) when (failure is HookCallException or TimeoutException)
        {
            _ = EndWhatIsRungAsync(asked, invite, askedAt);
            HookLog.InviteFallback(logger, LogText.Escape(invite.CallId), options.Value.InviteFallbackStatus);
            return InviteDecision.Reject(options.Value.InviteFallbackStatus);
        }
    }

    // The question is not taken back when the caller gives up: the hook may have rung somebody for him already, and only its answer names
    // the room in which that ringing is ended.
    private Task<InviteHookResponse> AskAsync(InviteRequest invite) => client.AskAsync(
        HookClient.Invites,
        "invite",
        invite.CallId,
        new InviteHookRequest
        {
            Source = Text(invite.Source),
            Username = invite.Username,
            FromNumber = invite.From,
            ToNumber = invite.To,
            ConnId = invite.CallId,
        },
        HookContracts.Wire.InviteHookRequest,
        static body => HookJson.Read(body, HookContracts.Wire.InviteHookResponse),
        rung.Stopped);

    // The caller is refused: what the hook server has rung for him, or still rings, must not ring on for nobody.
    private async Task EndWhatIsRungAsync(Task<InviteHookResponse> asked, InviteRequest invite, long askedAt)
    {
        try
        {
            var late = await asked.ConfigureAwait(false);
            if (late is { Strategy: not InviteStrategy.Reject, RoomId: { Length: > 0 } room })
                await rung.EndInRoomAsync(room, askedAt).ConfigureAwait(false);
        }
        catch (HookCallException failure) when (failure.MayHaveReached)
        {
            await rung.EndBetweenAsync(invite.From, invite.To, askedAt).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is HookCallException or OperationCanceledException)
        {
            // Nobody was rung, or the host has stopped.
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
            : InviteDecision.WaitForOthers(answer.RoomId, options.Value.WaitTimeout);
    }

    private InviteDecision Refuse(string callId, string reason)
    {
        HookLog.BadInviteAnswer(logger, LogText.Escape(callId), reason);
        return InviteDecision.Reject(BusyHere);
    }

    private static string Text(IPEndPoint source) =>
        (source.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(source.Address.MapToIPv4(), source.Port) : source).ToString();
}
