using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Rooms;

namespace Atm0s.Sip.Recordings;

/// <summary>A recording in its room.</summary>
internal sealed class RecordedRoom(RecordingWork work) : IRoomGuest
{
    public IPcmEndpoint Audio => work.Feed;

    /// <summary>Begins to listen, until the recording ends.</summary>
    public bool TryAttach(AudioRooms rooms, string roomId)
    {
        if (rooms.TryAttach(roomId, this) is not { } room)
            return false;
        work.Ended.ContinueWith(_ => room.Detach(this), TaskScheduler.Default);
        return true;
    }

    public void OnRoomClosed() => work.Stop(RecordingEnd.Ended);
}
