namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>A room whose calls shall end.</summary>
internal sealed record RoomOrder
{
    /// <summary>Its name.</summary>
    public string? Room { get; init; }
}
