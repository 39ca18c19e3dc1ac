namespace Atm0s.Sip.Control.Messages;

/// <summary>What there is when a watcher begins; the events after it tell what changes.</summary>
/// <param name="Calls">The calls.</param>
/// <param name="Rooms">The rooms that have members.</param>
/// <param name="Registrations">The phones that are registered.</param>
/// <param name="Trunks">The trunks.</param>
/// <param name="Bots">The programs that are in rooms.</param>
/// <param name="Recordings">The recordings that go on.</param>
/// <param name="Streams">The media streams that go on.</param>
public sealed record SnapshotMessage(
    IReadOnlyList<CallResource> Calls,
    IReadOnlyList<RoomResource> Rooms,
    IReadOnlyList<RegistrationResource> Registrations,
    IReadOnlyList<TrunkResource> Trunks,
    IReadOnlyList<BotMessage> Bots,
    IReadOnlyList<RecordingResource> Recordings,
    IReadOnlyList<StreamResource> Streams)
{
    internal static SnapshotMessage From(ISipServer server) => new(
        [.. server.Calls.Select(CallResource.From)],
        [.. server.Rooms.Select(RoomResource.From)],
        [.. server.Registrations.Select(RegistrationResource.From)],
        [.. server.Trunks.Select(TrunkResource.From)],
        [.. server.Bots.Select(static bot => BotMessage.From(bot.GetInfo()))],
        [.. server.Recordings.Select(static recording => RecordingResource.From(recording.GetInfo()))],
        [.. server.Streams.Select(static stream => StreamResource.From(stream.GetInfo()))]);
}
