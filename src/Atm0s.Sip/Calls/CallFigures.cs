using Atm0s.Sip.Diagnostics.Metrics;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls;

/// <summary>Counts what becomes of a call (RFC 6076). On the call's shard.</summary>
internal sealed class CallFigures(Call call)
{
    private bool _isHeard;

    private CallMetrics Metrics => call.Services.Metrics.Calls;

    /// <summary>It rings, or is answered without: what comes first counts (§4.3).</summary>
    public void OnHeard() => CountDelay(isSuccess: true);

    /// <summary>It is answered.</summary>
    public void OnAnswered()
    {
        CountDelay(isSuccess: true);
        Metrics.InviteAnswered(call.Info.Direction, 200);
    }

    /// <summary>It has ended.</summary>
    /// <param name="why">Why.</param>
    /// <param name="duration">Time since the answer; null when there was none.</param>
    /// <param name="quality">What its audio was like; null when there was none.</param>
    public void OnEnded(CallEnd why, TimeSpan? duration, CallQuality? quality)
    {
        Metrics.Ended(call.Info.Direction, why.Cause, duration);
        if (duration is null)
        {
            Metrics.InviteAnswered(call.Info.Direction, StatusOf(why));
            // Who gave up before has heard nothing by his own choice.
            if (why.Cause != CallEndCause.Cancelled)
                CountDelay(isSuccess: false);
        }

        if (quality is not null)
            Metrics.Heard(call.Info.Direction, quality);
    }

    /// <summary>
    /// The last response to an INVITE that was not answered with success, as it was sent or received. Of a CANCEL comes 487.
    /// </summary>
    public int StatusOf(CallEnd why) =>
        why.Cause == CallEndCause.Redirected ? why.Status
        : call.Info.Direction == CallDirection.Incoming ? why.FinalStatus
        : why.Status is >= 300 and <= 699 ? why.Status : 487;

    private void CountDelay(bool isSuccess)
    {
        if (_isHeard)
            return;
        _isHeard = true;
        Metrics.Heard(call.Info.Direction, isSuccess, call.Services.Stack.Clock.Now - call.StartedAt);
    }
}
