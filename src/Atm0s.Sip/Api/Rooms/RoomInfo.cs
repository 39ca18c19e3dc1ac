namespace Atm0s.Sip;

/// <summary>A room as it is now.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Members">Members in it, connecting ones included.</param>
/// <param name="Connected">Members that are connected.</param>
/// <param name="SampleRate">Rate it mixes at, in Hz: 8000, 16000 or 48000.</param>
/// <param name="Participants">Names of its members (<see cref="Hooks.ParticipantOptions.Id"/>), in no order.</param>
public sealed record RoomInfo(string Id, int Members, int Connected, int SampleRate, IReadOnlyList<string> Participants)
{
    /// <summary>
    /// How many are heard at a time, 1 to 16; 0 for all (<see cref="ISipServer.SetMaxSpeakers"/>). Null in a room of the host's own.
    /// </summary>
    public int? MaxSpeakers { get; init; }
}
