namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>A room in a list.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Members">Members, connecting ones included.</param>
/// <param name="Connected">Members that are connected.</param>
/// <param name="SampleRate">Rate it mixes at, in Hz.</param>
/// <param name="Others">Names of members that are no calls, at most 20 of them, one a line.</param>
internal sealed record RoomRow(string Id, int Members, int Connected, int SampleRate, string? Others);
