using System.Diagnostics;
using System.Globalization;
using Atm0s.Sip.Calls.Debts;
using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Transfers;

/// <summary>
/// A REFER of ours, and the reports of the phone (RFC 3515 §2.4). Sending -> Waiting, after its 2xx -> Over, when the phone has said how it
/// went, or does not in time. A phone that hangs up first has a moment left to say it, for the subscription outlives the call (RFC 5057
/// §4.1).
/// </summary>
internal sealed class SentRefer : WireDebt
{
    private static readonly TimeSpan AfterEnd = TimeSpan.FromSeconds(5);

    private readonly CallDialog _dialog;
    private readonly Action<TransferResult> _onDone;
    private readonly CallTimer _timer;
    private TimeSpan _dueAt;
    private uint _firstCSeq;
    private State _state;
    private Activity? _span;

    /// <param name="dialog">The dialog of the call.</param>
    /// <param name="onDone">Told once how it went.</param>
    public SentRefer(CallDialog dialog, Action<TransferResult> onDone)
    {
        _dialog = dialog;
        _onDone = onDone;
        _timer = dialog.Call.NewTimer(OnDue);
    }

    private enum State : byte
    {
        Sending,
        Waiting,
        Over,
    }

    public bool IsOver => _state == State.Over;

    /// <summary>Sends it.</summary>
    /// <param name="referTo">Value of Refer-To.</param>
    /// <param name="referredBy">Value of Referred-By (RFC 3892).</param>
    /// <param name="timeout">How long the phone may take.</param>
    public void Send(string referTo, string referredBy, TimeSpan timeout)
    {
        _span = _dialog.Call.Trace?.BeginTransfer("host");
        _dialog.Hold();
        _dialog.Call.Debts.Add(this);
        _dueAt = _dialog.Call.Shard.Now + timeout;
        _timer.Set(timeout);
        _firstCSeq = (_dialog.Sip.LocalCSeq ?? 0) + 1;
        SentRequest.Send(
            _dialog, SipMethod.Refer, OnAnswered, [(SipHeaderId.ReferTo, referTo), (SipHeaderId.ReferredBy, referredBy)]);
    }

    /// <summary>Whether a NOTIFY is about it: without an id it is, with one it must be the CSeq of the REFER (§2.4.6).</summary>
    public bool Matches(EventView subscription)
    {
        if (IsOver)
            return false;
        // The REFER may have been sent again with credentials, and each attempt has a number.
        return subscription.Id.IsEmpty
            || (uint.TryParse(subscription.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && id >= _firstCSeq && id <= _dialog.Sip.LocalCSeq);
    }

    /// <summary>A NOTIFY that is about it, and has its answer.</summary>
    /// <param name="status">Status in its body; 0 when there is none.</param>
    /// <param name="isLast">Whether no more will come.</param>
    public void OnNotify(int status, bool isLast)
    {
        if (status is >= 200 and < 300)
            Finish(new TransferResult(TransferStatus.Completed, status));
        else if (status >= 300)
            Finish(new TransferResult(TransferStatus.Failed, status));
        else if (isLast)
            Finish(new TransferResult(TransferStatus.Accepted));
        else if (_state == State.Sending)
            // §2.4.4: a NOTIFY may overtake the 202.
            _state = State.Waiting;
    }

    public override void Settle(CallEnd why)
    {
        if (why.Cause == CallEndCause.Shutdown)
            Finish(new TransferResult(TransferStatus.Ended));
        else if (!IsOver && _dueAt - _dialog.Call.Shard.Now > AfterEnd)
            _timer.Set(AfterEnd);
    }

    public override void Abandon() => Finish(new TransferResult(TransferStatus.Ended));

    private void OnAnswered(int status, SipMessage? response)
    {
        if (_state == State.Over)
            return;
        switch (status)
        {
            case < 300 when response is not null
                && response.TryGetHeader(SipHeaderId.ReferSub, out var reports)
                && SipChars.EqualsIgnoreCase(SipChars.Trim(reports), "false"u8):
                // RFC 4488 §4
                Finish(new TransferResult(TransferStatus.Accepted, status));
                break;
            case < 300:
                _state = State.Waiting;
                break;
            // What it has reported already counts more than an answer that was lost.
            case 408 when _state == State.Waiting:
                break;
            case 405 or 501:
                Finish(new TransferResult(TransferStatus.NotPossible, status));
                break;
            case 408:
                Finish(new TransferResult(TransferStatus.TimedOut, status));
                break;
            case 481:
                // RFC 3261 §12.2.1.2: the phone knows of no call.
                Finish(new TransferResult(TransferStatus.Ended, status));
                _dialog.Call.End(new CallEnd(CallEndCause.Gone, 0, "the phone knows of no such call any more"));
                break;
            default:
                Finish(new TransferResult(TransferStatus.Refused, status));
                break;
        }
    }

    private void OnDue() =>
        Finish(new TransferResult(_dialog.Call.HasEnded ? TransferStatus.Ended : TransferStatus.TimedOut));

    private void Finish(TransferResult result)
    {
        if (_state == State.Over)
            return;
        _state = State.Over;
        _dialog.Call.Note("transfer", $"by the host: {result.Status} ({result.StatusCode})");
        _dialog.Call.Services.Metrics.Calls.Transferred(byPhone: false, result.Status.ToString());
        if (_span is { } span)
            _dialog.Call.Trace!.End(span, result.Status.ToString(), isError: false);
        _timer.Cancel();
        _dialog.Release();
        Done();
        _onDone(result);
    }
}
