using Atm0s.Sip.Recordings;

namespace Atm0s.Sip;

/// <summary>Something that is being recorded into a file. All members may be used from any thread.</summary>
public sealed class Recording
{
    private readonly RecordingWork _work;

    internal Recording(string id, string path, string? callId, string? roomId, RecordingWork work)
    {
        (Id, Path, CallId, RoomId) = (id, path, callId, roomId);
        _work = work;
    }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The call that is recorded; null for a room.</summary>
    public string? CallId { get; }

    /// <summary>The room that is recorded; null for a call.</summary>
    public string? RoomId { get; }

    /// <summary>What it does now.</summary>
    public RecordingState State => Ended.IsCompleted ? RecordingState.Ended
        : _work.Feed.IsPaused ? RecordingState.Paused
        : RecordingState.Recording;

    /// <summary>What is in the file by now, silence for what was lost included.</summary>
    public TimeSpan Recorded => _work.Recorded;

    /// <summary>What was lost because the disk was too slow.</summary>
    public TimeSpan Lost => _work.Feed.Lost;

    internal Exception? Failure => _work.Failure;

    /// <summary>Completes when it is over and the file is closed; never fails.</summary>
    public Task<RecordingEnd> Ended => _work.Ended;

    /// <summary>Leaves out what comes from now on.</summary>
    public void Pause() => _work.SetPaused(true);

    /// <summary>Goes on after a pause.</summary>
    public void Resume() => _work.SetPaused(false);

    /// <summary>Ends it. Safe to repeat.</summary>
    /// <returns>Completes when the file is closed.</returns>
    public Task<RecordingEnd> StopAsync()
    {
        _work.Stop(RecordingEnd.Stopped);
        return Ended;
    }

    /// <summary>What it is like now.</summary>
    public RecordingInfo GetInfo() => new(
        Id, Path, CallId, RoomId, State, Ended.IsCompletedSuccessfully ? Ended.Result : null, Recorded, Lost);
}
