using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Dtmf;

namespace Atm0s.Sip.Calls.Digits;

/// <summary>
/// Sends keys by SIP INFO, for a phone that takes no telephone events: one after the other, each after the answer to the one before and its
/// own time, so that none overtakes another. Idle -> Sending -> Pausing -> Sending... -> Idle; a phone that refuses leads to Refused for
/// good. On the call's shard only.
/// </summary>
internal sealed class InfoSender
{
    private readonly Call _call;
    private readonly CallDialog _dialog;
    private readonly CallTimer _pause;
    private readonly Queue<Key> _waiting = [];
    private State _state;
    private Key _current;
    private TimeSpan _sentAt;

    public InfoSender(Call call, CallDialog dialog)
    {
        _call = call;
        _dialog = dialog;
        _pause = call.NewTimer(OnPaused);
    }

    private enum State : byte
    {
        Idle,
        Sending,
        Pausing,
        Refused,
    }

    /// <summary>Whether the phone has refused an INFO: it will not like the next one either.</summary>
    public bool IsRefused => _state == State.Refused;

    /// <summary>Queues keys.</summary>
    /// <param name="digits">The keys.</param>
    /// <param name="duration">Told of each.</param>
    /// <param name="gap">Pause after each.</param>
    /// <param name="done">Gets what became of them once the phone has answered the last, or refused one.</param>
    /// <returns>False when too many would wait, or the phone takes none.</returns>
    public bool TryAdd(string digits, TimeSpan duration, TimeSpan gap, Action<CallCommandResult> done)
    {
        if (IsRefused || _waiting.Count + digits.Length > DtmfDigits.MaxCount)
            return false;
        for (var i = 0; i < digits.Length; i++)
            _waiting.Enqueue(new Key(digits[i], duration, gap, done, IsLast: i == digits.Length - 1));
        if (_state == State.Idle)
            SendNext();
        return true;
    }

    /// <summary>The call is over: nothing is sent any more.</summary>
    public void End()
    {
        _pause.Cancel();
        if (_state != State.Refused)
            Refuse(CallCommandResult.Ended);
    }

    private void OnAnswer(int status)
    {
        if (_state != State.Sending)
            return;
        switch (status)
        {
            case < 300:
                if (_current.IsLast)
                    _current.Done(CallCommandResult.Done);
                break;
            case 408 or 491 or (>= 500 and not 501 and < 600):
                // No word on INFO as such: these keys are lost, the next may go through.
                DropCommand();
                break;
            case 481:
                // RFC 3261 §12.2.1.2: the phone knows of no call.
                _call.End(new CallEnd(CallEndCause.Gone, 0, "the phone knows of no such call any more"));
                return;
            default:
                Refuse(CallCommandResult.NotPossible);
                return;
        }

        _state = State.Pausing;
        _pause.Set(_sentAt + _current.Duration + _current.Gap - _call.Shard.Now);
    }

    private void OnPaused()
    {
        if (_state == State.Pausing)
            SendNext();
    }

    private void SendNext()
    {
        _state = _waiting.TryDequeue(out _current) ? State.Sending : State.Idle;
        if (_state != State.Sending)
            return;
        _sentAt = _call.Shard.Now;
        SentRequest.Send(
            _dialog,
            SipMethod.Info,
            (status, _) => OnAnswer(status),
            contentType: InfoDigit.ContentType,
            body: InfoDigit.ToBody(_current.Digit, _current.Duration));
    }

    // Half a number dialled is worse than none: what belongs to the same command goes with it.
    private void DropCommand()
    {
        for (var key = _current; ; key = _waiting.Dequeue())
        {
            if (!key.IsLast)
                continue;
            key.Done(CallCommandResult.NotPossible);
            return;
        }
    }

    private void Refuse(CallCommandResult why)
    {
        if (_state == State.Sending && _current.IsLast)
            _current.Done(why);
        _state = State.Refused;
        while (_waiting.TryDequeue(out var key))
        {
            if (key.IsLast)
                key.Done(why);
        }
    }

    private readonly record struct Key(char Digit, TimeSpan Duration, TimeSpan Gap, Action<CallCommandResult> Done, bool IsLast);
}
