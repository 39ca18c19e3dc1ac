namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>What shall be done to a call.</summary>
internal sealed record CallOrder
{
    /// <summary><c>answer</c>, <c>hang_up</c>, <c>mute</c>, <c>unmute</c>, <c>hold</c>, <c>resume</c>, <c>digits</c>, <c>move</c> or
    /// <c>trace</c>.</summary>
    public string? Do { get; init; }

    /// <summary>For <c>digits</c>.</summary>
    public string? Digits { get; init; }

    /// <summary>For <c>move</c>.</summary>
    public string? Room { get; init; }
}
