namespace WebPhone.Talkers;

/// <summary>Somebody in the room.</summary>
/// <param name="Name">Number or name as the others see it.</param>
/// <param name="IsYou">Whether it is who asks.</param>
/// <param name="Level">Loudness of the last packet in dBov: -127 for silence, 0 for the loudest.</param>
/// <param name="Muted">Whether the host has muted it.</param>
internal sealed record Talker(string Name, bool IsYou, int Level, bool Muted);
