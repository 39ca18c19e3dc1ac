namespace Atm0s.Sip.Media.Mixing;

/// <summary>Whom a listener hears in a tick.</summary>
/// <param name="Count">How many; 2 stands for all numbers from there on.</param>
/// <param name="Only">The one, when it is one.</param>
internal readonly record struct HeardSpeakers(int Count, RoomMember? Only)
{
    /// <summary>More than one.</summary>
    public static HeardSpeakers Many => new(2, null);
}
