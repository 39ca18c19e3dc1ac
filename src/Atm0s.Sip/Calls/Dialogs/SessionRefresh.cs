using Atm0s.Sip.Configuration.Formats;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Dialogs;

/// <summary>
/// The session timer of a confirmed dialog at work (RFC 4028): refreshes when it is our turn, and ends a call that nobody refreshes.
/// </summary>
internal sealed class SessionRefresh
{
    private readonly CallDialog _dialog;
    private CallTimer? _due;

    public SessionRefresh(CallDialog dialog, SessionTimer timer)
    {
        _dialog = dialog;
        Timer = timer;
        if (timer.IsRunning)
            dialog.Call.Note(
                "timer",
                (timer.Interval, timer.IsRefresher),
                static t => $"the session lasts {t.Interval} s, {(t.IsRefresher ? "we refresh" : "the phone refreshes")}");
        Arm();
    }

    public SessionTimer Timer { get; }

    /// <summary>A timer as the options of the server want it.</summary>
    public static SessionTimer NewTimer(CallOptions options) => new(new SessionTimerOptions
    {
        IsWanted = options.SessionInterval.OrZero() > TimeSpan.Zero,
        Interval = (uint)Math.Max(options.SessionInterval.OrZero().TotalSeconds, options.MinSessionInterval.TotalSeconds),
        MinInterval = (uint)options.MinSessionInterval.TotalSeconds,
    });

    /// <summary>The fields that an answer of the timer puts into a response.</summary>
    public static IReadOnlyList<(SipHeaderId Id, string Value)> HeadersOf(SessionTimerAnswer answer) => answer switch
    {
        { StatusCode: not 0 } => [(SipHeaderId.MinSe, answer.MinSe.ToString(System.Globalization.CultureInfo.InvariantCulture))],
        { Granted: { } granted, IsRequired: true } => [(SipHeaderId.SessionExpires, granted.ToString()), (SipHeaderId.Require, "timer")],
        { Granted: { } granted } => [(SipHeaderId.SessionExpires, granted.ToString())],
        _ => [],
    };

    /// <summary>The fields that a request of ours has for it.</summary>
    public static IReadOnlyList<(SipHeaderId Id, string Value)> HeadersOf(SessionTimerRequest request)
    {
        var headers = new List<(SipHeaderId Id, string Value)> { (SipHeaderId.Supported, "timer") };
        if (request.SessionExpires is { } wanted)
            headers.Add((SipHeaderId.SessionExpires, wanted.ToString()));
        if (request.MinSe is { } minimum)
            headers.Add((SipHeaderId.MinSe, minimum.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return headers;
    }

    /// <summary>The timer has heard something: its deadline may be another.</summary>
    public void Arm()
    {
        if (Timer.NextDeadline is { } at)
            (_due ??= _dialog.Call.NewTimer(OnDue)).Set(at - _dialog.Call.Shard.Now);
        else
            _due?.Cancel();
    }

    /// <summary>The call has ended.</summary>
    public void Stop()
    {
        Timer.Stop();
        _due?.Cancel();
    }

    private void OnDue()
    {
        switch (Timer.OnDeadline(_dialog.Call.Shard.Now))
        {
            case SessionTimerDue.Refresh:
                _dialog.Offers.Refresh();
                break;
            case SessionTimerDue.Expire:
                _dialog.Call.End(new CallEnd(CallEndCause.SessionExpired, 408, "the call was not refreshed in time"));
                return;
        }

        Arm();
    }
}
