using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>A media stream as it is now.</summary>
/// <param name="Id">Its id, <c>streamSid</c> in its messages.</param>
/// <param name="Host">Host of the program.</param>
/// <param name="CallId">The call that is streamed; absent for a room.</param>
/// <param name="RoomId">The room that is streamed; absent for a call.</param>
/// <param name="State">How it stands.</param>
/// <param name="End">Why it is over; absent before.</param>
/// <param name="Reason">What went wrong last; absent when nothing has.</param>
/// <param name="MissedMs">Audio that the program did not get because it read too slowly, in milliseconds.</param>
public sealed record StreamResource(
    string Id,
    string Host,
    [property: JsonPropertyName("call_id")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CallId,
    [property: JsonPropertyName("room_id")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RoomId,
    [property: AllowedValues("connecting", "open", "ended")] string State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? End,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
    [property: JsonPropertyName("missed_ms")] long MissedMs)
{
    internal static StreamResource From(MediaStreamInfo stream) => new(
        stream.Id,
        stream.Host,
        stream.CallId,
        stream.RoomId,
        JsonNamingPolicy.SnakeCaseLower.ConvertName(stream.State.ToString()),
        stream.End is { } end ? JsonNamingPolicy.SnakeCaseLower.ConvertName(end.ToString()) : null,
        stream.Reason,
        (long)stream.Missed.TotalMilliseconds);
}
