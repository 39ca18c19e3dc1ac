using System.Collections.Concurrent;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media;
using Atm0s.Sip.Watching;

namespace Atm0s.Sip.Rooms;

/// <summary>The embedded rooms: made when the first member comes, closed when the last one leaves.</summary>
internal sealed class AudioRooms(
    MediaEngine engine, EventHub events, DigitRelay relay, SoundOptions? sounds = null, SipScheduler? scheduler = null)
{
    private readonly ConcurrentDictionary<string, AudioRoom> _rooms = new(StringComparer.Ordinal);

    /// <summary>Whether keys go on to the others.</summary>
    public DigitRelay Relay => relay;

    public IReadOnlyList<RoomInfo> List() => [.. _rooms.Values.Select(r => r.ToInfo())];

    /// <summary>How many are in a room, those that are not connected yet included; 0 when there is none of that name.</summary>
    public int CountMembers(string roomId) => _rooms.TryGetValue(roomId, out var room) ? room.Count : 0;

    /// <summary>Says how many are heard at a time in a room; false when there is none of that name.</summary>
    public bool SetMaxSpeakers(string roomId, int count)
    {
        if (!_rooms.TryGetValue(roomId, out var room))
            return false;
        room.Mix.MaxSpeakers = count == 0 ? MixRoom.AllSpeakers : count;
        return true;
    }

    /// <summary>Joins a room, making it when it does not exist.</summary>
    public AudioRoomPlace Join(string roomId, IRoomMember member, bool connected)
    {
        while (true)
        {
            if (!_rooms.TryGetValue(roomId, out var room))
            {
                var made = NewRoom(roomId);
                room = _rooms.GetOrAdd(roomId, made);
                if (!ReferenceEquals(room, made))
                    made.Mix.Close();
                else if (events.IsWatched)
                    events.Tell(new SipServerEvent.RoomOpened(roomId));
            }

            if (room.TryJoin(member, connected))
                return new AudioRoomPlace(this, room, member);

            // Its last member left this moment: whoever closed it takes it out of the table; help, and make a new one.
            _rooms.TryRemove(KeyValuePair.Create(roomId, room));
        }
    }

    /// <summary>Joins a room that is there; null when there is none of that name.</summary>
    public AudioRoomPlace? TryJoin(string roomId, IRoomMember member, bool connected) =>
        _rooms.TryGetValue(roomId, out var room) && room.TryJoin(member, connected) ? new AudioRoomPlace(this, room, member) : null;

    /// <summary>Lets something play or listen in a room that is no member; null when there is no such room, or too much is in it.</summary>
    public AudioRoom? TryAttach(string roomId, IRoomGuest guest) =>
        _rooms.TryGetValue(roomId, out var room) && room.TryAttach(guest) ? room : null;

    public void Leave(AudioRoom room, IRoomMember member, CallEnd why)
    {
        if (!room.Leave(member, why))
            return;
        _rooms.TryRemove(KeyValuePair.Create(room.Id, room));
        room.Mix.Close();
        if (events.IsWatched)
            events.Tell(new SipServerEvent.RoomClosed(room.Id));
    }

    private AudioRoom NewRoom(string roomId)
    {
        var mix = engine.CreateRoom(roomId);
        return new AudioRoom(
            roomId, mix, sounds is { IsSilent: false } && scheduler is not null ? new RoomSounds(mix, sounds, scheduler) : null);
    }
}
