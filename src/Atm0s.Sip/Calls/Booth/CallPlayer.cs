using Atm0s.Sip.Bots;
using Atm0s.Sip.Sounds;

namespace Atm0s.Sip.Calls.Booth;

/// <summary>The clips that are played to one phone. On the call's shard.</summary>
internal sealed class CallPlayer(Call call)
{
    private const int MaxAtOnce = 8;

    private readonly List<PlayedClip> _playing = [];

    /// <summary>Plays a clip to the phone.</summary>
    /// <param name="clip">What.</param>
    /// <param name="options">How.</param>
    /// <param name="onDone">Told once what became of it.</param>
    /// <returns>Stops it; null when it was not played.</returns>
    public PlayedClip? Play(AudioClip clip, PlayOptions options, Action<PlayResult> onDone)
    {
        if (!call.Booth.IsPossible || _playing.Count == MaxAtOnce)
        {
            onDone(new PlayResult(PlayEnd.NotPossible, TimeSpan.Zero));
            return null;
        }

        var seat = call.Booth.Enter(closes: !options.OverRoom);
        PlayedClip played = null!;
        var player = new ClipPlayer(clip, seat.SampleRate, options, call.Services.Scheduler, () => call.Post(() => OnOver(played)));
        _playing.Add(played = new PlayedClip(player, seat, options, onDone));
        seat.Add(player);
        if (options.OnStarted is { } onStarted)
            _ = call.Services.Hooks.RunAsync(() => Tell(onStarted), nameof(PlayOptions.OnStarted), call.Id, call);
        return played;
    }

    /// <summary>The phone has pressed a key; true when it has ended something.</summary>
    public bool OnKey(char key)
    {
        var isUsed = false;
        foreach (var played in _playing)
            isUsed |= played.Options.StopKeys.Contains(key, StringComparison.Ordinal) && played.Stop(PlayEnd.Key, key);
        return isUsed;
    }

    /// <summary>The call has ended.</summary>
    public void End()
    {
        foreach (var played in _playing)
            played.Tell(PlayEnd.Ended);
        _playing.Clear();
    }

    private static ValueTask Tell(Action onStarted)
    {
        onStarted();
        return default;
    }

    private void OnOver(PlayedClip played)
    {
        if (!_playing.Remove(played))
            return;
        played.Leave();
        call.Booth.Leave(closes: !played.Options.OverRoom);
        played.Tell(PlayEnd.Finished);
    }
}
