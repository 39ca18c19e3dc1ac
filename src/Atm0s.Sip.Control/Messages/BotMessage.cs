using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>A program in a room, as it is now, or as it came or left.</summary>
/// <param name="Id">Its name in the room.</param>
/// <param name="RoomId">The room.</param>
/// <param name="SampleRate">Rate of its audio, in Hz.</param>
/// <param name="Attributes">The host's own words about it; absent when there are none.</param>
/// <param name="Muted">Whether the room does not hear it.</param>
/// <param name="Decibels">How much louder the room hears it, in dB.</param>
/// <param name="Reason">Why it left; absent when it came.</param>
public sealed record BotMessage(
    string Id,
    [property: JsonPropertyName("room_id")] string RoomId,
    [property: JsonPropertyName("sample_rate")] int SampleRate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Attributes,
    bool Muted,
    double Decibels,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason)
{
    internal static BotMessage From(RoomBotInfo bot, string? reason = null) =>
        new(bot.Id, bot.RoomId, bot.SampleRate, bot.Attributes.Count == 0 ? null : bot.Attributes, bot.IsMuted, bot.Gain, reason);
}
