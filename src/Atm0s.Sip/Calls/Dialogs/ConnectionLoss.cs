using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Dialogs;

/// <summary>
/// The connection of a dialog is gone, and the phone can't be reached another way: a page that was left or loaded anew, or a network that
/// was changed. In the second case the page connects again and registers, or its audio goes on; in the first nothing of it comes any more,
/// and the call ends. On the call's shard.
/// </summary>
internal sealed class ConnectionLoss(CallDialog dialog)
{
    // The libraries of browsers connect again after 2 s to 4 s.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Listening = TimeSpan.FromSeconds(2);

    private CallTimer? _timer;
    private long? _heard;

    /// <summary>The connection is gone.</summary>
    public void OnLost()
    {
        if (dialog.Call.HasEnded)
            return;
        _heard = null;
        _timer ??= dialog.Call.NewTimer(OnDue);
        _timer.Set(Settling);
    }

    /// <summary>The call has ended.</summary>
    public void Stop() => _timer?.Cancel();

    private void OnDue()
    {
        var call = dialog.Call;
        if (call.HasEnded || dialog.TryFindNewWay())
            return;
        var heard = call.Audio?.GetStatistics().PacketsReceived ?? 0;
        if (heard != _heard)
        {
            _heard = heard;
            _timer!.Set(Listening);
        }
        else if (ReferenceEquals(call.Dialog, dialog))
            call.End(new CallEnd(CallEndCause.Gone, 480, "its connection is gone, and no audio comes any more"));
    }
}
