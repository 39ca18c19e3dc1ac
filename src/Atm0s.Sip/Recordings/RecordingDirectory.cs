using System.Collections.Concurrent;
using System.Globalization;
using Atm0s.Sip.Bots;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Rooms;
using Atm0s.Sip.Watching;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Recordings;

/// <summary>The recordings that are going on. Any thread.</summary>
internal sealed class RecordingDirectory : IDisposable
{
    private readonly ConcurrentDictionary<string, Recording> _recordings = new(StringComparer.Ordinal);
    private readonly ReservedPaths _paths = new();
    private readonly AudioRooms _rooms;
    private readonly EventHub _events;
    private readonly ILogger _logger;
    private readonly DiskScheduler? _disk;
    private readonly SipScheduler _scheduler;
    private readonly TimeProvider _time;
    private long _number;

    public RecordingDirectory(
        AudioRooms rooms, SipScheduler scheduler, EventHub events, TimeProvider time, ILogger logger, Faults? faults = null)
    {
        _rooms = rooms;
        _events = events;
        _time = time;
        _logger = logger;
        // A scheduler of the host's own, as in a test, decides about all threads.
        _disk = ReferenceEquals(scheduler, SipScheduler.ThreadPool) ? new DiskScheduler(faults, time) : null;
        _scheduler = _disk ?? scheduler;
    }

    public IReadOnlyList<Recording> All => [.. _recordings.Values];

    /// <summary>Makes a file, beside whoever asks: a disk may take its time. One that is there keeps what it has until it is written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="started">Gets what went wrong.</param>
    /// <param name="onCreated">Gets the file.</param>
    public void CreateFile(string path, TaskCompletionSource<Recording?> started, Action<FileStream> onCreated)
    {
        var limit = _time.CreateTimer(
            _ => started.TrySetException(new IOException("The disk does not answer.")), null, RecordingWork.Patience, Timeout.InfiniteTimeSpan);
        started.Task.ContinueWith(_ => limit.Dispose(), TaskScheduler.Default);
        _scheduler.Schedule(new PostedWork(() =>
        {
            try
            {
                if (started.Task.IsCompleted)
                    return;
                var file = _paths.Open(path);
                if (started.Task.IsCompleted)
                    GiveUp(file);
                else
                    Hand(file, onCreated);
            }
#pragma warning disable CA1031 // Whatever it is, who asked is told.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                started.TrySetException(exception);
            }
        }));
    }

    /// <summary>It has begun; who asked and has waited too long does not know of it, so it ends.</summary>
    public static void Started(TaskCompletionSource<Recording?> started, Recording? recording)
    {
        if (!started.TrySetResult(recording) && recording is not null)
            _ = recording.StopAsync();
    }

    /// <summary>Nothing will be written: a file that was made for it is taken away again.</summary>
    public static void GiveUp(FileStream file)
    {
        try
        {
            // While nobody else can have it.
            using (file)
            {
                if (file is RecordedFile { IsNew: true } && file.CanSeek && file.Length == 0)
                    File.Delete(file.Name);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It stays.
        }
    }

    /// <summary>Begins a recording of what a feed will bring.</summary>
    public (Recording Recording, RecordingWork Work) Open(
        FileStream stream, string? callId, string? roomId, int rate, int channels, bool mixes, RecordingOptions options)
    {
        var made = Make(stream, callId, roomId, rate, channels, mixes, options);
        Begin(made.Recording, made.Work);
        return made;
    }

    private (Recording Recording, RecordingWork Work) Make(
        FileStream stream, string? callId, string? roomId, int rate, int channels, bool mixes, RecordingOptions options)
    {
        var number = Interlocked.Increment(ref _number);
        var id = string.Create(CultureInfo.InvariantCulture, $"recording-{number}");
        Recording recording = null!;
        var work = new RecordingWork(
            () => NewFile(stream, channels, options, (uint)number), rate, channels, mixes, options, _scheduler, _ => Tell(recording), _time);
        work.Hold();
        recording = new Recording(id, stream.Name, callId, roomId, work);
        return (recording, work);
    }

    private void Begin(Recording recording, RecordingWork work)
    {
        _recordings[recording.Id] = recording;
        Tell(recording);
        work.Release();
    }

    /// <summary>Records a room; null when there is none of that name, or too much is in it.</summary>
    public Task<Recording?> RecordAsync(string roomId, string path, RecordingOptions options)
    {
        if (_rooms.CountMembers(roomId) == 0)
            return Task.FromResult<Recording?>(null);
        var started = new TaskCompletionSource<Recording?>(TaskCreationOptions.RunContinuationsAsynchronously);
        CreateFile(path, started, file =>
        {
            // A file that is there is touched by a recording that has begun, and by no other.
            var (recording, work) = Make(file, null, roomId, options.SampleRate, 1, mixes: false, options);
            if (!new RecordedRoom(work).TryAttach(_rooms, roomId))
            {
                GiveUp(file);
                started.TrySetResult(null);
                return;
            }

            Begin(recording, work);
            Started(started, recording);
        });
        return started.Task;
    }

    /// <summary>The server stops: what was recorded is written.</summary>
    public async Task EndAsync()
    {
        foreach (var recording in _recordings.Values)
            _ = recording.StopAsync();
        await Task.WhenAll(_recordings.Values.Select(recording => recording.Ended)).ConfigureAwait(false);
    }

    public void Dispose() => _disk?.Dispose();

    private static void Hand(FileStream file, Action<FileStream> onCreated)
    {
        try
        {
            onCreated(file);
        }
        catch
        {
            GiveUp(file);
            throw;
        }
    }

    private static IRecordingFile NewFile(FileStream stream, int channels, RecordingOptions options, uint serial)
    {
        try
        {
            if (stream.CanSeek && stream.Length > 0)
                stream.SetLength(0);
            var isOpus = options.Format == RecordingFormat.OggOpus
                || (options.Format == RecordingFormat.ByName && Path.GetExtension(stream.Name).ToUpperInvariant() is ".OGG" or ".OPUS");
            return isOpus
                ? new OpusRecording(stream, options.SampleRate, channels, serial)
                : new WavRecording(stream, options.SampleRate, channels);
        }
        catch
        {
            Close(stream);
            throw;
        }
    }

    // What could not be written is tried once more, and fails once more.
    private static void Close(FileStream stream)
    {
        try
        {
            stream.Dispose();
        }
        catch (IOException)
        {
            // Said by the first.
        }
    }

    private void Tell(Recording recording)
    {
        var info = recording.GetInfo();
        if (info.State == RecordingState.Ended)
            _recordings.TryRemove(recording.Id, out _);
        if (info.End is RecordingEnd.DiskFull or RecordingEnd.Failed)
            ServerLog.RecordingFailed(_logger, recording.Failure, recording.Id, info.Path, info.Recorded);
        if (_events.IsWatched)
            _events.Tell(new SipServerEvent.Recording(info));
    }
}
