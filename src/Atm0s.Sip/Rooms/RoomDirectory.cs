using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Watching;

namespace Atm0s.Sip.Rooms;

/// <summary>Finds a place for each call: in the rooms of the host when it has some, else in the embedded ones.</summary>
internal sealed class RoomDirectory(
    SipServerOptions options, HookSource hooks, HookRunner runner, HostRoomMedia media, EventHub events)
{
    private readonly HostRooms _hostRooms = new(events);

    /// <summary>Whether the rooms are the host's.</summary>
    public bool AreHosts { get; } = hooks.Has<IRoomProvider>();

    /// <summary>The embedded rooms.</summary>
    public AudioRooms Embedded { get; } = new(media.Engine, events, options.Calls.RelayDigits, options.Sounds, media.Scheduler);

    /// <summary>All rooms that have members.</summary>
    public IReadOnlyList<RoomInfo> List() => AreHosts ? _hostRooms.List() : Embedded.List();

    /// <summary>Finds a place for a call.</summary>
    /// <param name="shard">Shard of the call; gets the outcome, at once where no host must be asked.</param>
    /// <param name="roomId">The room.</param>
    /// <param name="member">The call.</param>
    /// <param name="call">What the host is told of it.</param>
    /// <param name="onJoined">Gets the place.</param>
    /// <param name="onRefused">
    /// Gets why there is none: 403 when the host gives no seat, 500 when its provider failed, 503 when it took too long.
    /// </param>
    /// <param name="origin">For whom the host is asked; null for nobody in particular.</param>
    /// <returns>Dispose to give up while the host is asked; null when it was not.</returns>
    public IDisposable? Join(
        SipShard shard,
        string roomId,
        IRoomMember member,
        CallInfo call,
        Action<IRoomPlace> onJoined,
        Action<CallEnd> onRefused,
        IHookOrigin? origin = null)
    {
        if (!AreHosts)
        {
            onJoined(Embedded.Join(roomId, member, connected: false));
            return null;
        }

        var place = new HostRoomPlace(_hostRooms, media, roomId, member, call, runner, origin);
        place.Ask(shard, options.HandlerTimeout, outcome =>
        {
            if (RefusalOf(place, outcome) is { } why)
            {
                place.GiveUp();
                onRefused(why);
                return;
            }

            place.Open();
            onJoined(place);
        });
        return place;
    }

    private static CallEnd? RefusalOf(HostRoomPlace place, HookOutcome<bool> outcome) => outcome switch
    {
        { Status: HookStatus.Answered, Answer: true } when place.SampleRate is 8000 or 16000 or 48000 => null,
        { Status: HookStatus.Answered, Answer: true } =>
            new CallEnd(CallEndCause.HandlerFailed, 500, "the rate of the host's seat is none of 8000, 16000 and 48000 Hz"),
        { Status: HookStatus.Answered } => new CallEnd(CallEndCause.Rejected, 403, "the host's room gives no seat"),
        { Status: HookStatus.TimedOut } => new CallEnd(CallEndCause.HandlerFailed, 503, "the host's room took too long"),
        _ => new CallEnd(CallEndCause.HandlerFailed, 500, "the host's room provider failed"),
    };
}
