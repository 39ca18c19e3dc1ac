namespace Atm0s.Sip.Rooms;

/// <summary>What a room may be called: its name is written into logs and events.</summary>
internal static class RoomName
{
    private const int MaxLength = 256;

    /// <summary>Refuses what can't be one.</summary>
    /// <param name="roomId">The name.</param>
    /// <param name="parameter">How the caller calls it.</param>
    /// <exception cref="ArgumentException">Empty, too long, or with control characters.</exception>
    public static void Check(string roomId, string parameter = "roomId")
    {
        ArgumentException.ThrowIfNullOrEmpty(roomId, parameter);
        if (roomId.Length > MaxLength || roomId.Any(char.IsControl))
            throw new ArgumentException("A room name has 1 to 256 characters and no control characters.", parameter);
    }
}
