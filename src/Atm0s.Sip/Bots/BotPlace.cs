using Atm0s.Sip.Calls;
using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Rooms;

namespace Atm0s.Sip.Bots;

/// <summary>A bot's place in its room: in -> left, and from one room to another. Any thread.</summary>
/// <param name="bots">Who knows all bots.</param>
/// <param name="id">Its name in the room.</param>
/// <param name="port">Its audio.</param>
/// <param name="leavesWithOthers">Whether it leaves when the others have.</param>
/// <param name="connected">Whether it is there for others at once.</param>
internal sealed class BotPlace(BotDirectory bots, string id, BotPort port, bool leavesWithOthers, bool connected) : IRoomMember
{
    private readonly Lock _lock = new();
    private AudioRoomPlace? _place;
    private bool _isConnected = connected;
    private bool _hasRule;
    private bool _hasLeft;

    /// <summary>Held while those who watch are told of it.</summary>
    public Lock Telling { get; } = new();

    public string ParticipantId => id;

    public bool LeavesWithOthers => leavesWithOthers;

    public bool IsProgram => true;

    public string RoomId { get; private set; } = "";

    public RoomBot? Bot { get; set; }

    /// <summary>Goes into a room, and out of the one where it is. False when it has left, or must find the room and does not.</summary>
    public bool Enter(string roomId, bool mustFind = false)
    {
        lock (_lock)
        {
            if (_hasLeft)
                return false;
            if (_place?.RoomId == roomId)
                return true;
            var before = _place;
            if ((mustFind ? bots.Rooms.TryJoin(roomId, this, _isConnected) : bots.Rooms.Join(roomId, this, _isConnected)) is not { } place)
                return false;
            (_place, RoomId) = (place, roomId);
            place.Mix.Add(port);
            if (before is not null)
                GiveUp(before, "it has gone to another room");
            if (!_hasRule)
                return true;
            _hasRule = false;
        }

        bots.TellRule(id, roomId, MemberRule.Default);
        return true;
    }

    /// <summary>Whom it hears in its room, and who hears it there. False when it has left.</summary>
    public bool SetRule(MemberRule rule)
    {
        var inAudio = rule with { Hears = AudioMembers.Of(rule.Hears, null), HeardBy = AudioMembers.Of(rule.HeardBy, null) };
        lock (_lock)
        {
            if (_hasLeft || _place is not { } place || !place.Mix.SetRule(port, inAudio))
                return false;
            _hasRule = !ReferenceEquals(rule, MemberRule.Default);
        }

        bots.TellRule(id, RoomId, rule);
        return true;
    }

    /// <summary>It is there for others from now on.</summary>
    public void SetConnected()
    {
        lock (_lock)
        {
            _isConnected = true;
            if (!_hasLeft)
                _place?.SetConnected();
        }
    }

    /// <summary>Leaves for good. False when it has left before.</summary>
    public bool Leave(string reason) => Leave(reason, null);

    private bool Leave(string reason, string? fromRoom)
    {
        lock (_lock)
        {
            // What an earlier room said does not count in the next, into which it may be going right now.
            if (_hasLeft || (fromRoom is not null && _place?.RoomId != fromRoom))
                return false;
            _hasLeft = true;
            if (_place is { } place)
                GiveUp(place, reason);
        }

        port.Work.End();
        bots.OnLeft(this, reason);
        return true;
    }

    public void OnRoomChanged(RoomChange change)
    {
        port.Work.Tell(new RoomBotEvent.Others(change.Others, change.OthersConnected));
        // Not here, under the lock of the room.
        if (leavesWithOthers && change.IsDeserted)
            bots.Post(() => Leave("all others have left the room", change.RoomId));
    }

    public void OnDigit(char digit, TimeSpan duration) => port.Work.Tell(new RoomBotEvent.Digit(digit, duration));

    public void OnRemoved(string roomId, CallEndCause cause, string reason) => bots.Post(() => Leave(reason, roomId));

    private void GiveUp(AudioRoomPlace place, string reason)
    {
        place.Mix.Remove(port);
        place.Leave(new CallEnd(CallEndCause.LocalHangup, 480, reason));
    }
}
