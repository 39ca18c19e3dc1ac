using Atm0s.Sip.Hooks;

namespace HandlerTests;

/// <summary>Who dials the number of a meeting that is on comes into its room; there is no other number.</summary>
public sealed class PinRooms(IReadOnlySet<string> meetings) : IInviteHandler
{
    /// <inheritdoc/>
    public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken) =>
        ValueTask.FromResult(meetings.Contains(invite.To)
            ? InviteDecision.JoinRoom($"meeting-{invite.To}")
            : InviteDecision.Reject(404));
}
