using Atm0s.Sip.Bots;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Rooms;

namespace Atm0s.Sip.Streams;

/// <summary>A stream of one way in its room, where it is no member.</summary>
internal sealed class StreamedRoom(BotPort port) : IRoomGuest
{
    private AudioRoom? _room;
    private StreamSession? _session;
    private volatile bool _isOver;

    public IPcmEndpoint Audio => port;

    /// <summary>Begins to listen; false when there is no such room.</summary>
    public bool TryAttach(AudioRooms rooms, string roomId) => (_room = rooms.TryAttach(roomId, this)) is not null;

    /// <summary>Listens for this session.</summary>
    public void Serve(StreamSession session)
    {
        Volatile.Write(ref _session, session);
        if (_isOver)
            session.Stop(MediaStreamEnd.Ended);
        session.Ended.ContinueWith(
            _ =>
            {
                _room?.Detach(this);
                port.Work.End();
            },
            TaskScheduler.Default);
    }

    public void OnRoomClosed()
    {
        _isOver = true;
        Volatile.Read(ref _session)?.Stop(MediaStreamEnd.Ended);
    }
}
