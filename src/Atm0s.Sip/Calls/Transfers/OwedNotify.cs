using System.Globalization;
using System.Text;
using Atm0s.Sip.Calls.Debts;
using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Runtime;

namespace Atm0s.Sip.Calls.Transfers;

/// <summary>
/// The reports that an accepted REFER is owed (RFC 3515 §2.4.4): one NOTIFY at a time, so that none overtakes another; the latest state
/// each, and the last one for certain. They go on after the end of the call, for the subscription is a usage of the dialog of its own (RFC
/// 5057 §4.1), but not for longer than its lifetime. Alive -> Ending, until the last NOTIFY is answered -> Over.
/// </summary>
internal sealed class OwedNotify : WireDebt
{
    private readonly CallDialog _dialog;
    private readonly string _event;
    private readonly CallTimer _expiry;
    private readonly TimeSpan _expiresAt;
    private readonly List<Action> _onOver = [];
    private State _state;
    private int _status = 100;
    private string _endReason = "noresource";
    private bool _isSending;
    private bool _isNews;

    /// <param name="dialog">The dialog of the REFER.</param>
    /// <param name="id">Id of the subscription, or null for none (§2.4.6).</param>
    /// <param name="lifetime">How long it lives at most.</param>
    public OwedNotify(CallDialog dialog, uint? id, TimeSpan lifetime)
    {
        _dialog = dialog;
        Id = id?.ToString(CultureInfo.InvariantCulture);
        _event = EventView.Format("refer", Id);
        _expiry = dialog.Call.NewTimer(() => End("timeout"));
        _expiresAt = dialog.Call.Shard.Now + lifetime;
    }

    private enum State : byte
    {
        Alive,
        Ending,
        Over,
    }

    /// <summary>Id of the subscription, or null.</summary>
    public string? Id { get; }

    /// <summary>Whether nothing is reported any more.</summary>
    public bool IsOver => _state == State.Over;

    /// <summary>Whole seconds that it lives still.</summary>
    public uint Remaining => (uint)Math.Max(1, Math.Ceiling((_expiresAt - _dialog.Call.Shard.Now).TotalSeconds));

    /// <summary>Begins with a NOTIFY at once (§2.4.4).</summary>
    public void Start()
    {
        _dialog.Hold();
        _dialog.Call.Debts.Add(this);
        _expiry.Set(_expiresAt - _dialog.Call.Shard.Now);
        Tell(100);
    }

    /// <summary>Tells how it goes.</summary>
    /// <param name="status">100 to 199.</param>
    public void Tell(int status)
    {
        if (_state != State.Alive)
            return;
        _status = status;
        _isNews = true;
        TrySend();
    }

    /// <summary>Tells what came of it, and that there will be no more.</summary>
    /// <param name="status">200 to 699.</param>
    /// <param name="onOver">Runs when the other side has answered, or will not be told.</param>
    public void Finish(int status, Action onOver)
    {
        _onOver.Add(onOver);
        if (_state == State.Alive)
        {
            _status = status;
            End("noresource");
        }
        else if (_state == State.Over)
        {
            RunOnOver();
        }
    }

    /// <summary>The other side refreshes its subscription, or ends it (RFC 6665 §4.2.1.4).</summary>
    /// <param name="ends">Whether it ends it.</param>
    public void OnSubscribe(bool ends)
    {
        if (ends)
            End("timeout");
        else
            Tell(_status);
    }

    // The call may go; what the phone has asked for goes on, and so do its reports.
    public override void Settle(CallEnd why)
    {
        if (why.Cause != Hooks.CallEndCause.Shutdown || _state != State.Alive)
            return;
        _status = 503;
        End("noresource");
    }

    public override void Abandon() => Close();

    private void End(string reason)
    {
        if (_state != State.Alive)
            return;
        _state = State.Ending;
        _endReason = reason;
        _isNews = true;
        TrySend();
    }

    private void TrySend()
    {
        if (_isSending || !_isNews)
            return;
        _isSending = true;
        _isNews = false;
        var isLast = _state == State.Ending;
        var state = isLast ? SubscriptionStateView.FormatTerminated(_endReason) : SubscriptionStateView.FormatAlive(Remaining);
        SentRequest.Send(
            _dialog,
            SipMethod.Notify,
            (status, _) => OnAnswered(status, isLast),
            [(SipHeaderId.Event, _event), (SipHeaderId.SubscriptionState, state)],
            Encoding.ASCII.GetString(SipFragment.ContentType),
            SipFragment.Format(_status));
    }

    private void OnAnswered(int status, bool isLast)
    {
        _isSending = false;
        // RFC 6665 §4.2.2, RFC 5057 §5.1: who knows of no subscription, or does not answer, has none any more. The call is another matter.
        if (isLast || UsageEffects.Of(SipMethod.Notify, status) != UsageEffect.None)
            Close();
        else
            TrySend();
    }

    private void Close()
    {
        if (_state == State.Over)
            return;
        _state = State.Over;
        _expiry.Cancel();
        _dialog.Release();
        Done();
        RunOnOver();
    }

    private void RunOnOver()
    {
        foreach (var run in _onOver.ToArray())
            run();
        _onOver.Clear();
    }
}
