using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.LoadGenerator.Host;

/// <summary>Each number is the room of that name.</summary>
[NonBlocking]
internal sealed class EveryNumberIsRoom : IInviteHandler
{
    public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken) =>
        ValueTask.FromResult(InviteDecision.JoinRoom(invite.To));
}
