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
        options.Value.InviteDetails ? InviteQuestion.WithDetails(invite) : InviteQuestion.From(invite),
        HookContracts.Wire.InviteHookRequest,
        (Func<byte[], InviteHookResponse>)(options.Value.InviteDetails ? InviteAnswer.Read : InviteAnswer.ReadOriginal),
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
        var decision = InviteAnswer.Decide(answer, options.Value.WaitTimeout, out var wrong, options.Value.EarlyMedia);
        if (wrong is not null)
            HookLog.BadInviteAnswer(logger, LogText.Escape(callId), wrong);
        return decision;
    }
}
