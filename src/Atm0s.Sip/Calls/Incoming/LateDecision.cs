using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Incoming;

/// <summary>The host's decision about a caller who has given up meanwhile, or was refused because it came too late.</summary>
internal static class LateDecision
{
    /// <summary>
    /// Ends what the host rang for the caller: the outgoing calls into the room that the decision names, as far as they began after the
    /// host was asked and ring for nobody else, and when nobody else is in the room. A room of the host's own is its own affair. Calls that
    /// name the caller (<see cref="OutgoingCallOptions.ForCallId"/>) have ended with him.
    /// </summary>
    /// <param name="services">What every call needs.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="askedAt">When the host was asked.</param>
    public static void Settle(CallServices services, InviteDecision decision, TimeSpan askedAt)
    {
        if (RoomOf(decision) is not { } roomId || services.Rooms.AreHosts)
            return;
        var rung = services.Calls.InRoom(roomId).Where(call => IsRung(call, roomId, askedAt)).ToList();
        if (services.Rooms.Embedded.CountMembers(roomId) > rung.Count)
            return;
        foreach (var call in rung)
            call.PostEnd(new CallEnd(CallEndCause.OthersLeft, 487, "whom it was rung for is gone"));
    }

    private static bool IsRung(Call call, string roomId, TimeSpan askedAt) =>
        call.Info.Direction == CallDirection.Outgoing && call.ForCallId is null && call.StartedAt >= askedAt && call.Info.RoomId == roomId;

    private static string? RoomOf(InviteDecision decision) => decision switch
    {
        InviteDecision.Join join => join.RoomId,
        InviteDecision.Wait wait => wait.RoomId,
        _ => null,
    };
}
