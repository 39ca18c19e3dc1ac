using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>A room opened or closed.</summary>
/// <param name="RoomId">Its name.</param>
public sealed record RoomMessage([property: JsonPropertyName("room_id")] string RoomId);
