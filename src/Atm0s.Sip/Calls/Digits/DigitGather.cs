using Atm0s.Sip.Calls.Booth;

namespace Atm0s.Sip.Calls.Digits;

/// <summary>
/// Asks the phone for digits: Prompt -> First -> More -> over, and from the beginning while tries are left. One at a time. On the call's
/// shard.
/// </summary>
internal sealed class DigitGather
{
    private const int MaxAhead = 32;
    private static readonly TimeSpan AheadTime = TimeSpan.FromSeconds(5);

    private readonly Call _call;
    private readonly CallTimer _timer;
    private GatherOptions? _options;
    private Action<GatherResult>? _onDone;
    private PlayedClip? _prompt;
    private string _digits = "";
    private int _tries;
    private int _round; // a prompt of an earlier one tells nothing any more
    private string _ahead = "";     // typed while nobody asked
    private TimeSpan _aheadAt;

    public DigitGather(Call call)
    {
        _call = call;
        _timer = call.NewTimer(OnTimeout);
    }

    /// <summary>Whether digits are asked for.</summary>
    public bool IsAsking => _options is not null;

    /// <summary>Begins.</summary>
    /// <param name="options">How.</param>
    /// <param name="onDone">Told once what became of it.</param>
    public void Begin(GatherOptions options, Action<GatherResult> onDone)
    {
        if (_options is not null || _call.State != CallState.Answered)
        {
            onDone(new GatherResult(GatherEnd.NotPossible, ""));
            return;
        }

        (_options, _onDone, _tries) = (options, onDone, 0);
        _call.OnCompanyChanged();
        Try();
        // Who knows what will be asked types it before.
        var (ahead, counts) = (_ahead, options.TakesEarlierDigits && _call.Shard.Now - _aheadAt < AheadTime);
        _ahead = "";
        foreach (var key in counts ? ahead : "")
            OnKey(key, isUsed: false);
    }

    /// <summary>The phone has pressed a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="isUsed">Whether it has ended something that was played: then it is no answer to what is asked later.</param>
    /// <returns>True when it was asked for.</returns>
    public bool OnKey(char key, bool isUsed)
    {
        if (_options is not { } options)
        {
            if (isUsed)
                return false;
            _ahead = _call.Shard.Now - _aheadAt < AheadTime && _ahead.Length < MaxAhead ? _ahead + key : key.ToString();
            _aheadAt = _call.Shard.Now;
            return false;
        }

        _prompt?.Stop(PlayEnd.Key);
        _prompt = null;
        _round++;
        if (key == options.Terminator)
        {
            Finish();
            return true;
        }

        _digits += key;
        if (_digits.Length == options.MaxDigits)
            Finish();
        else
            _timer.Set(options.BetweenDigitsTimeout);
        return true;
    }

    /// <summary>Gives up.</summary>
    public void Cancel(GatherEnd why)
    {
        if (_options is not null)
            Complete(why);
    }

    private void Try()
    {
        var options = _options!;
        _digits = "";
        _tries++;
        var round = ++_round;
        if ((_tries > 1 ? options.RetryPrompt ?? options.Prompt : options.Prompt) is not { } clip)
        {
            _timer.Set(options.FirstDigitTimeout);
            return;
        }

        _prompt = _call.Booth.Player.Play(clip, new PlayOptions(), _ =>
        {
            if (_round != round || _options is null)
                return;
            _prompt = null;
            _timer.Set(options.FirstDigitTimeout);
        });
    }

    private void OnTimeout() => Finish();

    private void Finish()
    {
        _timer.Cancel();
        if (_digits.Length >= _options!.MinDigits)
            Complete(GatherEnd.Done);
        else if (_tries >= _options.Tries)
            Complete(GatherEnd.TooFew);
        else
            Try();
    }

    private void Complete(GatherEnd why)
    {
        _timer.Cancel();
        _prompt?.Stop(PlayEnd.Stopped);
        var (onDone, digits) = (_onDone!, _digits);
        (_options, _onDone, _prompt, _digits) = (null, null, null, "");
        onDone(new GatherResult(why, digits));
        _call.OnCompanyChanged();
    }
}
