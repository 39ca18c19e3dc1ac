namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>All that is known of one call, live or ended.</summary>
internal sealed record CallDetail
{
    /// <summary>Our id of the call.</summary>
    public required string Id { get; init; }

    /// <summary>Call-ID on the wire.</summary>
    public required string SipCallId { get; init; }

    /// <summary><c>in</c> or <c>out</c>.</summary>
    public required string Direction { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    /// <summary><c>connecting</c>, <c>ringing</c>, <c>answered</c> or <c>ended</c>.</summary>
    public required string State { get; init; }

    public string? Room { get; init; }

    public string? Trunk { get; init; }

    public string? User { get; init; }

    /// <summary>Where its signalling comes from or goes to.</summary>
    public string? Peer { get; init; }

    /// <summary>How the phone of an incoming call is known.</summary>
    public string? KnownBy { get; init; }

    /// <summary>Unix time in milliseconds.</summary>
    public required long Started { get; init; }

    /// <summary>Unix time in milliseconds.</summary>
    public long? Answered { get; init; }

    /// <summary>How it ended; null while it goes on.</summary>
    public EndedRow? End { get; init; }

    /// <summary>What was decided, oldest first.</summary>
    public required IReadOnlyList<Note> Notes { get; init; }

    /// <summary>The SIP messages of it and of the calls that belong to it, oldest first.</summary>
    public required IReadOnlyList<WireMessage> Messages { get; init; }

    /// <summary>Messages that had no room.</summary>
    public required int LeftOut { get; init; }

    /// <summary>What it sounded like over time.</summary>
    public required IReadOnlyList<QualityPoint> Quality { get; init; }

    /// <summary>Its audio as a whole, while it goes on.</summary>
    public AudioDetail? Audio { get; init; }
}
