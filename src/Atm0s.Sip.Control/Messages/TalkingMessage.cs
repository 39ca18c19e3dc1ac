using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>A phone begins to talk, or has ended.</summary>
/// <param name="CallId">The call.</param>
/// <param name="RoomId">Its room.</param>
/// <param name="Begins">Whether it begins.</param>
public sealed record TalkingMessage(
    [property: JsonPropertyName("call_id")] string CallId, [property: JsonPropertyName("room_id")] string RoomId, bool Begins);
