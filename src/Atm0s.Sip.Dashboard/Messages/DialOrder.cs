namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>Who shall be called into a room.</summary>
internal sealed record DialOrder
{
    /// <summary><c>user</c>, <c>trunk</c> or <c>address</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>User name, number or SIP URI.</summary>
    public string? To { get; init; }

    /// <summary>For <c>trunk</c>: its name.</summary>
    public string? Trunk { get; init; }

    /// <summary>Number that is shown.</summary>
    public string? From { get; init; }

    /// <summary>Room to join.</summary>
    public string? Room { get; init; }
}
