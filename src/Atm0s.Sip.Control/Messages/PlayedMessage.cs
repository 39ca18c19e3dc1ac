using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>A file plays no more.</summary>
/// <param name="CallId">The call that it was played to; absent for a room.</param>
/// <param name="RoomId">The room that it was played to; absent for a call.</param>
/// <param name="End">
/// Why: <c>finished</c>, <c>stopped</c>, <c>key</c> (a key of <c>stop_keys</c>; the event <c>call</c> tells which), <c>ended</c>, or
/// <c>not_possible</c> when it was not played at all.
/// </param>
/// <param name="PlayedMs">How much was heard, in milliseconds.</param>
public sealed record PlayedMessage(
    [property: JsonPropertyName("call_id")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CallId,
    [property: JsonPropertyName("room_id")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RoomId,
    [property: AllowedValues("finished", "stopped", "key", "ended", "not_possible")] string End,
    [property: JsonPropertyName("played_ms")] long PlayedMs)
{
    internal static PlayedMessage From(SipServerEvent.Played played) => new(
        played.CallId,
        played.RoomId,
        JsonNamingPolicy.SnakeCaseLower.ConvertName(played.Result.End.ToString()),
        (long)played.Result.Played.TotalMilliseconds);
}
