namespace Atm0s.Sip.Control.Messages;

/// <summary>What there is when a watcher begins; the events after it tell what changes.</summary>
/// <param name="Calls">The calls.</param>
/// <param name="Rooms">The rooms that have members.</param>
/// <param name="Registrations">The phones that are registered.</param>
/// <param name="Trunks">The trunks.</param>
public sealed record SnapshotMessage(
    IReadOnlyList<CallResource> Calls,
    IReadOnlyList<RoomResource> Rooms,
    IReadOnlyList<RegistrationResource> Registrations,
    IReadOnlyList<TrunkResource> Trunks)
{
    internal static SnapshotMessage From(ISipServer server) => new(
        [.. server.Calls.Select(CallResource.From)],
        [.. server.Rooms.Select(RoomResource.From)],
        [.. server.Registrations.Select(RegistrationResource.From)],
        [.. server.Trunks.Select(TrunkResource.From)]);
}
