using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media;
using Atm0s.Sip.Watching;

namespace Atm0s.Sip.Rooms;

/// <summary>Finds a place for each call: in the rooms of the host when it has some, else in the embedded ones.</summary>
internal sealed class RoomDirectory(
    SipServerOptions options, HookSource hooks, HookRunner runner, MediaEngine engine, EventHub events)
{
    private readonly HostRooms _hostRooms = new(events);

    /// <summary>Whether the rooms are the host's.</summary>
    public bool AreHosts { get; } = hooks.Has<IRoomProvider>();

    /// <summary>The embedded rooms.</summary>
    public AudioRooms Embedded { get; } = new(engine, events, options.Calls.RelayDigits);

    /// <summary>All rooms that have members.</summary>
    public IReadOnlyList<RoomInfo> List() => AreHosts ? _hostRooms.List() : Embedded.List();

    /// <summary>Finds a place for a call.</summary>
    /// <param name="shard">Shard of the call; gets the outcome, at once where no host must be asked.</param>
    /// <param name="roomId">The room.</param>
    /// <param name="member">The call.</param>
    /// <param name="call">What the host is told of it.</param>
    /// <param name="onJoined">Gets the place.</param>
    /// <returns>Dispose to give up while the host is asked; null when it was not.</returns>
    public IDisposable? Join(SipShard shard, string roomId, IRoomMember member, CallInfo call, Action<JoinOutcome> onJoined)
    {
        if (!AreHosts)
        {
            onJoined(new JoinOutcome(new AudioRoomPlace(Embedded, Embedded.Join(roomId, member, connected: false), member), 0, ""));
            return null;
        }

        var place = new HostRoomPlace(_hostRooms, engine, roomId, member, call, runner);
        var question = runner.Ask<IRoomProvider, bool>(
            shard, options.HandlerTimeout, call.CallId, place.AskAsync, (_, outcome) => onJoined(Settle(place, outcome)));
        return new JoinAttempt(question, place);
    }

    private static JoinOutcome Settle(HostRoomPlace place, HookOutcome<bool> outcome)
    {
        if (outcome is { Status: HookStatus.Answered, Answer: true } && place.SampleRate is 8000 or 16000 or 48000)
        {
            place.Open();
            return new JoinOutcome(place, 0, "");
        }

        place.GiveUp();
        return outcome switch
        {
            { Status: HookStatus.Answered, Answer: true } =>
                new JoinOutcome(null, 500, "the rate of the host's seat is none of 8000, 16000 and 48000 Hz"),
            { Status: HookStatus.Answered } => new JoinOutcome(null, 403, "the host's room gives no seat"),
            { Status: HookStatus.TimedOut } => new JoinOutcome(null, 503, "the host's room took too long"),
            _ => new JoinOutcome(null, 500, "the host's room provider failed"),
        };
    }

    /// <summary>A call that waits for the host's seat.</summary>
    private sealed class JoinAttempt(IDisposable question, HostRoomPlace place) : IDisposable
    {
        public void Dispose()
        {
            question.Dispose();
            place.GiveUp();
        }
    }
}
