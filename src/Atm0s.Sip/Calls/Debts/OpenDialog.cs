using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Debts;

/// <summary>
/// A confirmed dialog: its end is a BYE, of ours or of theirs, and not before the ACK of our 2xx (RFC 3261 §15). Open -> Waiting for that
/// ACK -> Ending, until the BYE is answered -> closed.
/// </summary>
internal sealed class OpenDialog(CallDialog dialog) : WireDebt
{
    private State _state;
    private CallEnd _why;
    private bool _hasRemoteBye;
    private TimeSpan _byeAt;

    private enum State : byte
    {
        Open,
        Waiting,
        Ending,
        Closed,
    }

    /// <summary>Whether it is to end, or has ended.</summary>
    public bool IsEnding => _state != State.Open;

    public override void Settle(CallEnd why)
    {
        if (_state != State.Open)
            return;
        _why = why;
        _state = State.Waiting;
        TryEnd();
    }

    /// <summary>The ACK of our 2xx has come, or will not come any more.</summary>
    public void OnConfirmed()
    {
        if (_state == State.Waiting)
            TryEnd();
    }

    /// <summary>
    /// The other side of this dialog has said BYE. That of another, for a call may have been answered by several phones, ends not this one.
    /// </summary>
    public void OnRemoteBye() => _hasRemoteBye = true;

    /// <summary>Nobody is there to be told.</summary>
    public void Forget() => Close();

    public override void Abandon() => Close();

    private void TryEnd()
    {
        if (dialog.Unconfirmed is { IsWaiting: true })
            return;
        if (_hasRemoteBye)
        {
            Close();
            return;
        }

        _state = State.Ending;
        // Who has never been heard of may not be where he says: one packet, back the way his INVITE came, and nobody waits for an answer.
        if (!dialog.Call.IsProven)
        {
            SentRequest.SendOnce(dialog, SipMethod.Bye, [(SipHeaderId.Reason, _why.ByeReason)]);
            Close();
            return;
        }

        _byeAt = Now;
        // RFC 3261 §15.1.1: whatever is answered, the dialog is over.
        SentRequest.Send(dialog, SipMethod.Bye, OnAnswered, [(SipHeaderId.Reason, _why.ByeReason)]);
    }

    private TimeSpan Now => dialog.Call.Services.Stack.Clock.Now;

    // RFC 6076 §4.4
    private void OnAnswered(int status, SipMessage? response)
    {
        dialog.Call.Services.Metrics.Calls.Disconnected(isSuccess: status is >= 200 and < 300, Now - _byeAt);
        Close();
    }

    private void Close()
    {
        if (_state == State.Closed)
            return;
        _state = State.Closed;
        dialog.Close();
        Done();
    }
}
