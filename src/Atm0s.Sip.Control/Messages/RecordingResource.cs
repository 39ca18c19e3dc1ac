using System.Text.Json;
using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>A recording as it is now.</summary>
/// <param name="Id">Its id.</param>
/// <param name="File">Name of its file.</param>
/// <param name="CallId">The call that is recorded; absent for a room.</param>
/// <param name="RoomId">The room that is recorded; absent for a call.</param>
/// <param name="State"><c>recording</c>, <c>paused</c> or <c>ended</c>.</param>
/// <param name="End">Why it has ended: <c>stopped</c>, <c>ended</c>, <c>max_length</c>, <c>disk_full</c>, <c>failed</c>.</param>
/// <param name="RecordedMs">What is in the file, in milliseconds.</param>
/// <param name="LostMs">What was lost because the disk was too slow, in milliseconds.</param>
public sealed record RecordingResource(
    string Id,
    string File,
    [property: JsonPropertyName("call_id")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CallId,
    [property: JsonPropertyName("room_id")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RoomId,
    string State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? End,
    [property: JsonPropertyName("recorded_ms")] long RecordedMs,
    [property: JsonPropertyName("lost_ms")] long LostMs)
{
    internal static RecordingResource From(RecordingInfo recording) => new(
        recording.Id,
        Path.GetFileName(recording.Path),
        recording.CallId,
        recording.RoomId,
        JsonNamingPolicy.SnakeCaseLower.ConvertName(recording.State.ToString()),
        recording.End is { } end ? JsonNamingPolicy.SnakeCaseLower.ConvertName(end.ToString()) : null,
        (long)recording.Recorded.TotalMilliseconds,
        (long)recording.Lost.TotalMilliseconds);
}
