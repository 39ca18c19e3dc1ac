using System.Text.Json;
using Atm0s.Sip.Control.Messages;
using Atm0s.Sip.Hooks.Http.Client;

namespace Atm0s.Sip.Control.Events;

/// <summary>An event as it is sent: a name, and its data as JSON of one line.</summary>
internal static class EventMessage
{
    /// <summary>The event as it is sent; null when there is no message for it.</summary>
    public static (string Name, byte[] Data)? From(SipServerEvent what) => what switch
    {
        SipServerEvent.Call call =>
            ("call", JsonSerializer.SerializeToUtf8Bytes(CallEventMessage.From(call.Event), ControlJson.Default.CallHookEvent)),
        SipServerEvent.Registered registered =>
            ("registered",
            JsonSerializer.SerializeToUtf8Bytes(
            RegistrationResource.From(registered.Registration), ControlJson.Default.RegistrationResource)),
        SipServerEvent.Unregistered unregistered => ("unregistered", JsonSerializer.SerializeToUtf8Bytes(
            new UnregisteredMessage(RegistrationResource.From(unregistered.Registration),
                JsonNamingPolicy.SnakeCaseLower.ConvertName(unregistered.Reason.ToString())),
            ControlJson.Default.UnregisteredMessage)),
        SipServerEvent.Trunk trunk =>
            ("trunk", JsonSerializer.SerializeToUtf8Bytes(TrunkResource.From(trunk.Info), ControlJson.Default.TrunkResource)),
        SipServerEvent.RoomOpened room =>
            ("room_opened", JsonSerializer.SerializeToUtf8Bytes(new RoomMessage(room.RoomId), ControlJson.Default.RoomMessage)),
        SipServerEvent.RoomClosed room =>
            ("room_closed", JsonSerializer.SerializeToUtf8Bytes(new RoomMessage(room.RoomId), ControlJson.Default.RoomMessage)),
        SipServerEvent.Talking talking => ("talking", JsonSerializer.SerializeToUtf8Bytes(
            new TalkingMessage(talking.CallId, talking.RoomId, talking.Begins), ControlJson.Default.TalkingMessage)),
        SipServerEvent.BotJoined bot =>
            ("bot_joined", JsonSerializer.SerializeToUtf8Bytes(BotMessage.From(bot.Info), ControlJson.Default.BotMessage)),
        SipServerEvent.BotLeft bot =>
            ("bot_left", JsonSerializer.SerializeToUtf8Bytes(BotMessage.From(bot.Info, bot.Reason), ControlJson.Default.BotMessage)),
        SipServerEvent.Played played =>
            ("played", JsonSerializer.SerializeToUtf8Bytes(PlayedMessage.From(played), ControlJson.Default.PlayedMessage)),
        SipServerEvent.Recording recording => ("recording", JsonSerializer.SerializeToUtf8Bytes(
            RecordingResource.From(recording.Info), ControlJson.Default.RecordingResource)),
        SipServerEvent.Stream stream => ("stream", JsonSerializer.SerializeToUtf8Bytes(
            StreamResource.From(stream.Info), ControlJson.Default.StreamResource)),
        SipServerEvent.RuleChanged changed =>
            ("rule_changed", JsonSerializer.SerializeToUtf8Bytes(RuleMessage.From(changed), ControlJson.Default.RuleMessage)),
        SipServerEvent.SettingsChanged changed => ("settings_changed", JsonSerializer.SerializeToUtf8Bytes(
            new SettingsChangedMessage(changed.Applied, changed.NeedRestart), ControlJson.Default.SettingsChangedMessage)),
        SipServerEvent.SettingsRefused refused => ("settings_refused", JsonSerializer.SerializeToUtf8Bytes(
            new SettingsRefusedMessage(refused.Problem), ControlJson.Default.SettingsRefusedMessage)),
        SipServerEvent.Missed missed =>
            ("missed", JsonSerializer.SerializeToUtf8Bytes(new MissedMessage(missed.Count), ControlJson.Default.MissedMessage)),
        _ => null,
    };
}
