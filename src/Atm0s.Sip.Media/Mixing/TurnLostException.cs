namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// The turn of a member took so long that it was taken away: whoever comes back from it has nothing to do in the room any more.
/// </summary>
#pragma warning disable CA1032 // Thrown in one place, caught in another.
internal sealed class TurnLostException(RoomMember member) : Exception("The turn was taken away.")
#pragma warning restore CA1032
{
    /// <summary>Whose turn it was.</summary>
    public RoomMember Member => member;
}
