using Atm0s.Sip.Hooks;

namespace Atm0sSipApp;

/// <summary>Whoever dials a number or a name joins the room that is called so. Reject and Redirect are other decisions.</summary>
internal sealed class Rooms : IInviteHandler
{
    public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken) =>
        ValueTask.FromResult(InviteDecision.JoinRoom(invite.To));
}
