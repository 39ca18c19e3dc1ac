namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>A call that has ended, in a table.</summary>
internal sealed record EndedRow
{
    /// <summary>Our id of the call.</summary>
    public required string Id { get; init; }

    /// <summary><c>in</c> or <c>out</c>.</summary>
    public required string Direction { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public string? Room { get; init; }

    public string? Trunk { get; init; }

    /// <summary>When it ended; Unix time in milliseconds.</summary>
    public required long At { get; init; }

    /// <summary>Time from answer to end, in milliseconds; 0 when it was never answered.</summary>
    public required long Duration { get; init; }

    /// <summary>
    /// <c>ok</c>; <c>missed</c> when nobody took it; <c>refused</c> when we turned it away; <c>failed</c> when it broke off.
    /// </summary>
    public required string Outcome { get; init; }

    /// <summary>Why it ended, for example <c>remote_hangup</c>.</summary>
    public required string Cause { get; init; }

    /// <summary>The SIP status code, or 0.</summary>
    public required int Status { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Reason { get; init; }

    public double? Mos { get; init; }
}
