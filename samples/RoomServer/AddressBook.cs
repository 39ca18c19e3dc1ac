using Atm0s.Sip;
using Atm0s.Sip.Hooks;
using Microsoft.Extensions.Options;

namespace RoomServer;

/// <summary>Who is called: an open room, the registered user of that name in a fresh room, or a number behind the first trunk.</summary>
[NonBlocking]
internal sealed class AddressBook(Arguments arguments, ISipServer server, IOptions<SipServerOptions> options)
    : IInviteHandler, ITransferHandler
{
    public async ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken)
    {
        if (arguments.OpenRooms is { Length: > 0 } prefix && invite.To.StartsWith(prefix, StringComparison.Ordinal))
            return InviteDecision.JoinRoom(invite.To);

        // Nobody else can come by this name. Who gives up stops the ringing, and hears at once when nobody takes the call.
        var roomId = $"call-{invite.CallId}";
        var forThisCall = new OutgoingCallOptions { ForCallId = invite.CallId };
        if (server.FindRegistrations(invite.To).Count > 0)
            await server.CallUserAsync(roomId, invite.To, invite.From, forThisCall, cancellationToken);
        else if (invite.Trunk is null && FirstTrunk() is { } trunk)
            await server.CallTrunkAsync(roomId, trunk, invite.To, invite.From, forThisCall, cancellationToken);
        else
            return InviteDecision.Reject(404);
        return InviteDecision.WaitForOthers(
            roomId, options.Value.Calls.RingTimeout, earlyMedia: options.Value.Calls.EarlyMedia);
    }

    private string? FirstTrunk() =>
        arguments.Trunks.Count > 0 ? arguments.Trunks[0].Name
        : server.Trunks.Count > 0 ? server.Trunks[0].Name
        : null;

    // Users alone, for what goes over the trunk costs money; and nobody lets others ring them who came into an open room without a
    // password.
    public ValueTask<TransferDecision> HandleTransferAsync(TransferRequest transfer, CancellationToken cancellationToken) =>
        ValueTask.FromResult(transfer.Authentication == CallerAuthentication.None ? TransferDecision.Refuse(403)
            : transfer.ReplacedCall is not null || server.FindRegistrations(transfer.Target).Count > 0
            ? TransferDecision.Accept()
            : TransferDecision.Refuse(404));
}
