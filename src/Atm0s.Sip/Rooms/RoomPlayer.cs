using Atm0s.Sip.Bots;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Sounds;

namespace Atm0s.Sip.Rooms;

/// <summary>A clip that is played to all of a room: playing -> over.</summary>
internal sealed class RoomPlayer : IRoomGuest
{
    private readonly TaskCompletionSource<PlayResult> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly ClipPlayer _player;
    private AudioRoom? _room;
    private volatile bool _isStopped;

    // At the rate of the clip: what the room's is may change at any time, and it converts.
    private RoomPlayer(AudioClip clip, PlayOptions options, SipScheduler scheduler) => _player = new ClipPlayer(
        clip, clip.SampleRate, options, scheduler, () => End(_isStopped ? PlayEnd.Stopped : PlayEnd.Finished));

    public IPcmEndpoint Audio => _player;

    /// <summary>Completes when it is over.</summary>
    public Task<PlayResult> Over => _over.Task;

    /// <summary>Begins; null when there is no such room, or too much is in it.</summary>
    public static RoomPlayer? TryStart(AudioRooms rooms, string roomId, AudioClip clip, PlayOptions options, SipScheduler scheduler)
    {
        var player = new RoomPlayer(clip, options, scheduler);
        // Its end, which may come at once, waits until it is known where it was.
        lock (player._lock)
            player._room = rooms.TryAttach(roomId, player);
        if (player._room is null)
            return null;
        if (options.OnStarted is { } onStarted)
            scheduler.Schedule(new PostedWork(onStarted));
        return player;
    }

    /// <summary>Ends it within a frame.</summary>
    public void Stop()
    {
        _isStopped = true;
        _player.Stop();
    }

    public void OnRoomClosed() => _over.TrySetResult(new PlayResult(PlayEnd.Ended, _player.Played));

    private void End(PlayEnd why)
    {
        lock (_lock)
            _room?.Detach(this);
        _over.TrySetResult(new PlayResult(why, _player.Played));
    }
}
