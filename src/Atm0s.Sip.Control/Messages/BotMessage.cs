using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>A program came into a room, or left it.</summary>
/// <param name="Id">Its name in the room.</param>
/// <param name="RoomId">The room.</param>
/// <param name="SampleRate">Rate of its audio, in Hz.</param>
/// <param name="Attributes">The host's own words about it; absent when there are none.</param>
/// <param name="Reason">Why it left; absent when it came.</param>
public sealed record BotMessage(
    string Id,
    [property: JsonPropertyName("room_id")] string RoomId,
    [property: JsonPropertyName("sample_rate")] int SampleRate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Attributes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason)
{
    internal static BotMessage From(RoomBotInfo bot, string? reason = null) =>
        new(bot.Id, bot.RoomId, bot.SampleRate, bot.Attributes.Count == 0 ? null : bot.Attributes, reason);
}
