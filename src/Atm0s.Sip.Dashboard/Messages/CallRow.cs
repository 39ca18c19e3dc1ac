namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>A live call in a table, without what changes all the time (<see cref="LiveFrame.Pulse"/>).</summary>
internal sealed record CallRow
{
    /// <summary>Our id of the call.</summary>
    public required string Id { get; init; }

    /// <summary>Its number in the pulse.</summary>
    public required int Number { get; init; }

    /// <summary><c>in</c> or <c>out</c>.</summary>
    public required string Direction { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    /// <summary><c>connecting</c>, <c>ringing</c> or <c>answered</c>.</summary>
    public required string State { get; init; }

    public string? Room { get; init; }

    public string? Trunk { get; init; }

    public string? User { get; init; }

    /// <summary>Its name in the room.</summary>
    public string? Participant { get; init; }

    public string? Codec { get; init; }

    /// <summary>Unix time in milliseconds.</summary>
    public required long Started { get; init; }

    /// <summary>Unix time in milliseconds.</summary>
    public long? Answered { get; init; }

    public bool Muted { get; init; }

    public bool Held { get; init; }
}
