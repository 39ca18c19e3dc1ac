using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>Who hears whom has changed for a call or a program.</summary>
/// <param name="CallId">The call; absent for a program.</param>
/// <param name="BotId">The program, by its name in the room; absent for a call.</param>
/// <param name="RoomId">The room it is in.</param>
/// <param name="Rule">Its rule there; absent when it has none.</param>
public sealed record RuleMessage(
    [property: JsonPropertyName("call_id")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CallId,
    [property: JsonPropertyName("bot_id")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? BotId,
    [property: JsonPropertyName("room_id")] string RoomId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] HearingRule? Rule)
{
    internal static RuleMessage From(SipServerEvent.RuleChanged changed) =>
        new(changed.CallId, changed.BotId, changed.RoomId, HearingRule.Of(changed.Rule));
}
