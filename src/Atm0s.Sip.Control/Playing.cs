using System.Collections.Concurrent;

namespace Atm0s.Sip.Control;

/// <summary>What the API plays now, by call or room, so that it can be stopped.</summary>
internal sealed class Playing
{
    private readonly ConcurrentDictionary<CancellationTokenSource, string> _playing = new();

    /// <summary>Plays something until it is over or stopped.</summary>
    /// <param name="where">Call or room.</param>
    /// <param name="options">How.</param>
    /// <param name="play">Begins it.</param>
    /// <returns>What became of the command: it is done when it has begun.</returns>
    public async Task<CallCommandResult> StartAsync(string where, PlayOptions options, Func<PlayOptions, CancellationToken, Task<PlayResult>> play)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stop = new CancellationTokenSource();
        _playing[stop] = where;
        Task<PlayResult> task;
        try
        {
            task = play(options with { OnStarted = started.SetResult }, stop.Token);
        }
        catch
        {
            Forget(stop);
            throw;
        }

        _ = task.ContinueWith(_ => Forget(stop), TaskScheduler.Default);
        await Task.WhenAny(task, started.Task).ConfigureAwait(false);
        if (started.Task.IsCompleted)
            return CallCommandResult.Done;
        var result = await task.ConfigureAwait(false);
        return result.End switch
        {
            PlayEnd.NotPossible => CallCommandResult.NotPossible,
            // Where it was to be heard has ended before.
            PlayEnd.Ended when result.Played == TimeSpan.Zero => CallCommandResult.Ended,
            _ => CallCommandResult.Done,
        };
    }

    /// <summary>Stops everything there. False when nothing plays.</summary>
    public bool Stop(string where)
    {
        var found = false;
        foreach (var (stop, place) in _playing)
        {
            if (place != where)
                continue;
            found = true;
            try
            {
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has just ended.
            }
        }

        return found;
    }

    private void Forget(CancellationTokenSource stop)
    {
        _playing.TryRemove(stop, out _);
        stop.Dispose();
    }
}
