using Atm0s.Sip.Calls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Rooms;

/// <summary>Who is in a room, beside the mixing that goes on in its <see cref="MixRoom"/>.</summary>
/// <remarks>A short lock keeps the list; members are told in the order things happened.</remarks>
internal sealed class AudioRoom(string id, MixRoom mix, RoomSounds? sounds = null)
{
    private const int MaxGuests = 32;

    // What is played is heard beside those who speak, and takes the place of none.
    private static readonly MemberRule Beside = new() { IsPinned = true };

    private readonly Lock _lock = new();
    private readonly Dictionary<IRoomMember, bool> _connected = [];
    private readonly Dictionary<string, IRoomMember> _names = new(StringComparer.Ordinal);
    private readonly List<IRoomGuest> _guests = new(0);
    private int _connectedCount;
    private int _stayingCount;      // who is there for himself
    private bool _closed;

    public string Id => id;

    public MixRoom Mix => mix;

    public int Count
    {
        get
        {
            lock (_lock)
                return _connected.Count;
        }
    }

    /// <summary>Adds a member; false when the room has just been closed because its last member left.</summary>
    /// <param name="member">The member.</param>
    /// <param name="connected">Whether it is connected.</param>
    public bool TryJoin(IRoomMember member, bool connected)
    {
        lock (_lock)
        {
            if (_closed)
                return false;
            if (_names.TryGetValue(member.ParticipantId, out var earlier))
            {
                // Its place is taken: when it leaves, that is no news for anybody.
                Remove(earlier);
                earlier.OnRemoved(id, CallEndCause.Replaced, "another call came into the room under the same name");
            }

            _names[member.ParticipantId] = member;
            _connected.Add(member, connected);
            _connectedCount += connected ? 1 : 0;
            _stayingCount += member.LeavesWithOthers ? 0 : 1;
            TellOne(member, connected, null);
            TellOthers(null, except: member);
            sounds?.OnChanged(_connected.Count, _connectedCount, hasCome: connected, hasGone: false);
            return true;
        }
    }

    /// <summary>Lets something play or listen here that is no member; false when the room is closed, or too much is in it.</summary>
    public bool TryAttach(IRoomGuest guest)
    {
        lock (_lock)
        {
            if (_closed || _guests.Count == MaxGuests || !mix.Add(guest.Audio, Beside))
                return false;
            _guests.Add(guest);
            return true;
        }
    }

    /// <summary>Takes it out. Nothing happens when it is not here.</summary>
    public void Detach(IRoomGuest guest)
    {
        lock (_lock)
        {
            if (_guests.Remove(guest))
                mix.Remove(guest.Audio);
        }
    }

    public void SetConnected(IRoomMember member)
    {
        lock (_lock)
        {
            if (!_connected.TryGetValue(member, out var was) || was)
                return;
            _connected[member] = true;
            _connectedCount++;
            TellOthers(null, except: member);
            sounds?.OnChanged(_connected.Count, _connectedCount, hasCome: true, hasGone: false);
        }
    }

    /// <summary>A member has pressed a key: tells those who are connected, or of them the programs alone.</summary>
    public void RelayDigit(IRoomMember member, char digit, TimeSpan duration, DigitRelay relay, bool isHeardAsTone)
    {
        lock (_lock)
        {
            if (relay == DigitRelay.Never || (relay == DigitRelay.WhenTwo && _connectedCount != 2))
                return;
            foreach (var (other, isConnected) in _connected)
            {
                if (isConnected && !ReferenceEquals(other, member) && (other.IsProgram || !isHeardAsTone))
                    other.OnDigit(digit, duration);
            }
        }
    }

    /// <summary>Removes a member. True when it was the last: the room is closed then and takes nobody any more.</summary>
    public bool Leave(IRoomMember member, CallEnd why)
    {
        lock (_lock)
        {
            var connected = _connectedCount;
            if (!Remove(member))
                return false;
            if (_names.TryGetValue(member.ParticipantId, out var named) && ReferenceEquals(named, member))
                _names.Remove(member.ParticipantId);
            _closed = _connected.Count == 0;
            TellOthers(why, except: null, isDeserted: _stayingCount == 0 && (!member.LeavesWithOthers || _connected.Count == 1));
            sounds?.OnChanged(_connected.Count, _connectedCount, hasCome: false, hasGone: _connectedCount < connected);
            for (var i = _closed ? _guests.Count - 1 : -1; i >= 0; i--)
                _guests[i].OnRoomClosed();
            return _closed;
        }
    }

    public RoomInfo ToInfo()
    {
        lock (_lock)
            return new RoomInfo(id, _connected.Count, _connectedCount, mix.SampleRate, [.. _connected.Keys.Select(m => m.ParticipantId)])
            {
                MaxSpeakers = mix.MaxSpeakers == MixRoom.AllSpeakers ? 0 : mix.MaxSpeakers,
            };
    }

    private bool Remove(IRoomMember member)
    {
        if (!_connected.Remove(member, out var wasConnected))
            return false;
        _connectedCount -= wasConnected ? 1 : 0;
        _stayingCount -= member.LeavesWithOthers ? 0 : 1;
        return true;
    }

    // Members act when their others come to be, or cease to be: in a room with four connected members or more, one more or less is no news.
    // That nobody is left to serve is news to any number of programs.
    private void TellOthers(CallEnd? left, IRoomMember? except, bool isDeserted = false)
    {
        if (_connectedCount > 3 && !isDeserted)
            return;
        foreach (var (member, isConnected) in _connected)
        {
            if (!ReferenceEquals(member, except))
                TellOne(member, isConnected, left, isDeserted);
        }
    }

    private void TellOne(IRoomMember member, bool isConnected, CallEnd? left, bool isDeserted = false) =>
        member.OnRoomChanged(new RoomChange(id, _connected.Count - 1, _connectedCount - (isConnected ? 1 : 0), left, isDeserted));
}
