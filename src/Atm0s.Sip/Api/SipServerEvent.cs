using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip;

/// <summary>Something that happened in a server, as <see cref="ISipServer.WatchAsync"/> tells it.</summary>
public abstract record SipServerEvent
{
    private SipServerEvent()
    {
    }

    /// <summary>A step in the life of a call.</summary>
    /// <param name="Event">The step.</param>
    public sealed record Call(CallEvent Event) : SipServerEvent;

    /// <summary>A phone registered, or refreshed its registration.</summary>
    /// <param name="Registration">The registration.</param>
    public sealed record Registered(RegistrationInfo Registration) : SipServerEvent;

    /// <summary>A registration ended.</summary>
    /// <param name="Registration">The registration.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Unregistered(RegistrationInfo Registration, UnregisterReason Reason) : SipServerEvent;

    /// <summary>A trunk stands otherwise than before.</summary>
    /// <param name="Info">The trunk as it is now.</param>
    public sealed record Trunk(TrunkInfo Info) : SipServerEvent;

    /// <summary>A room came to be with its first member.</summary>
    /// <param name="RoomId">Its name.</param>
    public sealed record RoomOpened(string RoomId) : SipServerEvent;

    /// <summary>The last member left a room.</summary>
    /// <param name="RoomId">Its name.</param>
    public sealed record RoomClosed(string RoomId) : SipServerEvent;

    /// <summary>A program came into a room (<see cref="ISipServer.AddParticipantAsync"/>).</summary>
    /// <param name="Info">The program.</param>
    public sealed record BotJoined(RoomBotInfo Info) : SipServerEvent;

    /// <summary>A program has left its room.</summary>
    /// <param name="Info">The program as it was.</param>
    /// <param name="Reason">Why, in words.</param>
    public sealed record BotLeft(RoomBotInfo Info, string Reason) : SipServerEvent;

    /// <summary>
    /// A clip plays no more that was played to a call (<see cref="ISipCall.PlayAsync"/>) or to a room (<see cref="ISipServer.PlayAsync"/>);
    /// or it was not played to a call, for that was not possible (<see cref="PlayEnd.NotPossible"/>).
    /// </summary>
    /// <param name="CallId">The call; null for a room.</param>
    /// <param name="RoomId">The room; null for a call.</param>
    /// <param name="Result">What became of it.</param>
    public sealed record Played(string? CallId, string? RoomId, PlayResult Result) : SipServerEvent;

    /// <summary>Who hears whom has changed for a member of a room: its rule was set, has ended, or did not go along to another room.</summary>
    /// <param name="CallId">The call; null for a program.</param>
    /// <param name="BotId">The program, by its name in the room; null for a call.</param>
    /// <param name="RoomId">The room it is in.</param>
    /// <param name="Rule">Whom it hears there, and who hears it; <see cref="MemberRule.Default"/> when there is no rule.</param>
    public sealed record RuleChanged(string? CallId, string? BotId, string RoomId, MemberRule Rule) : SipServerEvent;

    /// <summary>A recording has begun, pauses, goes on or has ended; a full disk is told so.</summary>
    /// <param name="Info">The recording.</param>
    public sealed record Recording(RecordingInfo Info) : SipServerEvent;

    /// <summary>A media stream is connected, breaks, or is over.</summary>
    /// <param name="Info">The stream.</param>
    public sealed record Stream(MediaStreamInfo Info) : SipServerEvent;

    /// <summary>
    /// A phone begins to talk, or has ended: told within 60 ms of the first loud frame, and 0.4 s after the last one; also of phones that
    /// the room does not hear, since they are muted or others are louder.
    /// </summary>
    /// <param name="CallId">Our id of the call.</param>
    /// <param name="RoomId">Its room.</param>
    /// <param name="Begins">Whether it begins.</param>
    public sealed record Talking(string CallId, string RoomId, bool Begins) : SipServerEvent;

    /// <summary>
    /// The settings have changed while the server runs: a configuration was changed, or <see cref="SipServer.Reload"/> called.
    /// </summary>
    /// <param name="Applied">What is in force now, by path: <c>Calls.MaxCalls</c>, <c>Trunks.carrier</c>.</param>
    /// <param name="NeedRestart">What has changed too and will be in force after a restart.</param>
    public sealed record SettingsChanged(IReadOnlyList<string> Applied, IReadOnlyList<string> NeedRestart) : SipServerEvent;

    /// <summary>A changed configuration can't work; the settings of before stay in force, all of them.</summary>
    /// <param name="Problem">What is wrong and what to write instead.</param>
    public sealed record SettingsRefused(string Problem) : SipServerEvent;

    /// <summary>The watcher is too slow: older events were dropped to make room.</summary>
    /// <param name="Count">How many since the last event.</param>
    public sealed record Missed(long Count) : SipServerEvent;
}
