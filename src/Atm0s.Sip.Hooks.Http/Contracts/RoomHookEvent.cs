using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>Body of <c>POST /room</c>: a room has ended. The answer needs no body.</summary>
public sealed record RoomHookEvent
{
    /// <summary><c>closed</c>: the last member has gone.</summary>
    [AllowedValues("closed")]
    public required string Event { get; init; }

    /// <summary>Name of the room.</summary>
    [JsonPropertyName("room_id")]
    public required string RoomId { get; init; }

    /// <summary>When it ended. On the wire UTC with milliseconds (RFC 3339): a room of the same name may have begun again since.</summary>
    [JsonConverter(typeof(UtcTimestampConverter))]
    public required DateTimeOffset Timestamp { get; init; }
}
