using Atm0s.Sip;
using Atm0s.Sip.Hooks;

namespace Trunk;

/// <summary>Decides about the carrier's calls.</summary>
internal sealed class Bridge(ISipServer server) : IInviteHandler
{
    public async ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken)
    {
        // Calls from anywhere else are not ours.
        if (invite.Trunk is null)
            return InviteDecision.Reject(403);
        if (invite.To.Split('*') is not [_, { Length: > 0 } number])
            return InviteDecision.JoinRoom("lobby");

        var room = $"bridge-{invite.CallId}";
        await server.CallTrunkAsync(room, "carrier", number, invite.From, cancellationToken: cancellationToken);
        return InviteDecision.WaitForOthers(room);
    }
}
