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
    /// <summary>Names of those whose phones talk now; only where one room is asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Talking { get; init; }

    /// <summary>How many are heard at a time; 0 for all. Absent in a room of the host's own.</summary>
    [JsonPropertyName("max_speakers")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxSpeakers { get; init; }

    internal static RoomResource From(RoomInfo room) => new(room.Id, room.Members, room.Connected, room.SampleRate, room.Participants)
    {
        MaxSpeakers = room.MaxSpeakers,
    };

    internal static RoomResource From(RoomInfo room, IEnumerable<ISipCall> calls) => From(room) with
    {
        Talking = [.. calls.Where(call => call.Info.RoomId == room.Id && call.IsTalking).Select(call => call.Info.ParticipantId ?? call.Id)],
    };
}
