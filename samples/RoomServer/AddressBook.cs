using Atm0s.Sip;
using Atm0s.Sip.Hooks;

namespace RoomServer;

/// <summary>Who is called: an open room, the registered user of that name in a fresh room, or a number behind the first trunk.</summary>
internal sealed class AddressBook(Arguments arguments, ISipServer server) : IInviteHandler, ITransferHandler
{
    public async ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken)
    {
        if (arguments.OpenRooms is { Length: > 0 } prefix && invite.To.StartsWith(prefix, StringComparison.Ordinal))
            return InviteDecision.JoinRoom(invite.To);

        // Nobody else can come by this name.
        var roomId = $"call-{invite.CallId}";
        ISipCall outgoing;
        if (server.FindRegistrations(invite.To) is [var registration, ..])
            outgoing = await server.CallClientAsync(roomId, registration.SessionId, invite.From, cancellationToken: cancellationToken);
        else if (invite.Trunk is null && arguments.Trunks is [var trunk, ..])
            outgoing = await server.CallTrunkAsync(roomId, trunk.Name, invite.To, invite.From, cancellationToken: cancellationToken);
        else
            return InviteDecision.Reject(404);
        _ = EndBothAsync(outgoing, invite.CallId);
        return InviteDecision.WaitForOthers(roomId, arguments.RingTimeout);
    }

    // Users alone: what goes over the trunk costs money.
    public ValueTask<TransferDecision> HandleTransferAsync(TransferRequest transfer, CancellationToken cancellationToken) =>
        ValueTask.FromResult(transfer.ReplacedCall is not null || server.FindRegistrations(transfer.Target).Count > 0
            ? TransferDecision.Accept()
            : TransferDecision.Refuse(404));

    // The called phone may refuse before the caller is in the room to see it.
    private async Task EndBothAsync(ISipCall outgoing, string callId)
    {
        var outcome = await outgoing.Answered;
        if (!outcome.IsAnswered && server.TryGetCall(callId, out var caller))
            await caller.HangUpAsync(outcome.StatusCode is >= 400 and <= 699 ? outcome.StatusCode : 480);
    }
}
