using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>A room as it is now.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Members">Members, connecting ones included.</param>
/// <param name="Connected">Members that are connected.</param>
/// <param name="SampleRate">Rate it mixes at, in Hz.</param>
/// <param name="Participants">Names of its members.</param>
public sealed record RoomResource(
    string Id, int Members, int Connected, [property: JsonPropertyName("sample_rate")] int SampleRate, IReadOnlyList<string> Participants)
{
    internal static RoomResource From(RoomInfo room) => new(room.Id, room.Members, room.Connected, room.SampleRate, room.Participants);
}
