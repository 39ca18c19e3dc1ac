using System.Collections.ObjectModel;

namespace Atm0s.Sip.Hooks;

/// <summary>What identifies a call in every event.</summary>
public sealed record CallInfo
{
    /// <summary>Our id of the call.</summary>
    public required string CallId { get; init; }

    /// <summary>The Call-ID header on the wire.</summary>
    public required string SipCallId { get; init; }

    /// <summary>Who called whom: towards us or from us.</summary>
    public required CallDirection Direction { get; init; }

    /// <summary>Calling number (user part of From).</summary>
    public required string From { get; init; }

    /// <summary>Called number (user part of To).</summary>
    public required string To { get; init; }

    /// <summary>Room of the call, or null before the host has chosen one.</summary>
    public string? RoomId { get; init; }

    /// <summary>Authenticated user of an incoming call, or the user that an outgoing call rings; null when there is none.</summary>
    public string? Username { get; init; }

    /// <summary>Name of the trunk that carries the call, or null.</summary>
    public string? Trunk { get; init; }

    /// <summary>Name of the call in its room: what the host gave, else the call's id; null before there is a room.</summary>
    public string? ParticipantId { get; init; }

    /// <summary>The host's own words about the participant.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
