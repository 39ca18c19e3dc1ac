using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Messages.Fields;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>
/// The session timer of one dialog (RFC 4028). Every INVITE and UPDATE passes it, whatever it is sent for, for each refreshes the
/// session. Sans-IO: time comes in, the next deadline goes out. Not thread-safe: one shard owns it.
/// </summary>
/// <param name="options">What we want.</param>
internal sealed class SessionTimer(SessionTimerOptions options)
{
    // More than one proxy may want a larger interval, each after the other; a peer that always wants more is not followed.
    private const int MaxRetries = 3;
    private const uint MaxMinimum = 86_400;     // seconds

    private uint _interval;
    private uint? _minSe;
    private bool _isOurs;
    private bool _isAgreed;
    private bool _peerSupports;
    private bool? _peerAllowsUpdate;
    private int _retries;
    private TimeSpan? _refreshAt;
    private TimeSpan? _expireAt;

    /// <summary>Whether the session expires when nobody refreshes it.</summary>
    public bool IsRunning => _expireAt is not null;

    /// <summary>The session interval, seconds; 0 when there is none.</summary>
    public uint Interval => _interval;

    /// <summary>Whether we refresh.</summary>
    public bool IsRefresher => IsRunning && _isOurs;

    /// <summary>RFC 4028 §7.4: the method of a refresh: UPDATE when the peer has said that it allows it, else INVITE.</summary>
    public SipMethod RefreshMethod => _peerAllowsUpdate == true ? SipMethod.Update : SipMethod.Invite;

    /// <summary>When to call <see cref="OnDeadline"/>; null for never.</summary>
    public TimeSpan? NextDeadline => _refreshAt is { } at && at < _expireAt ? at : _expireAt;

    /// <summary>UAC: what the INVITE or UPDATE that we send next says.</summary>
    public SessionTimerRequest NextRequest()
    {
        if (IsRunning)
        {
            // RFC 4028 §7.4: the larger of Min-SE and the current interval; the roles stay as they are.
            var refresher = _isOurs || !_peerSupports ? SessionRefresher.Uac : SessionRefresher.Uas;
            return new SessionTimerRequest(new SessionExpires(Math.Max(_interval, _minSe ?? MinSe.Minimum), refresher), _minSe);
        }

        if (!options.IsWanted)
            return new SessionTimerRequest(null, _minSe);
        // RFC 4028 §7.1: Session-Expires is never below Min-SE; who refreshes is best left open.
        var wanted = options.Refresher == RefresherPreference.Us ? SessionRefresher.Uac : SessionRefresher.None;
        return new SessionTimerRequest(new SessionExpires(Math.Max(options.Interval, _minSe ?? 0), wanted), _minSe);
    }

    /// <summary>UAC: a 2xx to an INVITE or UPDATE of ours. It starts the interval anew, or turns the timer off.</summary>
    /// <param name="request">What the request said.</param>
    /// <param name="response">The 2xx; not kept.</param>
    /// <param name="now">Monotonic time.</param>
    public void OnAccepted(SessionTimerRequest request, SipMessage response, TimeSpan now)
    {
        Learn(response);
        _retries = 0;
        if (SessionExpires.TryRead(response, out var granted))
        {
            // RFC 4028 §7.2: the refresher is in the field. Without it we refresh, which does no harm.
            _peerSupports |= granted.Refresher == SessionRefresher.Uas || response.Requires(OptionTags.Timer);
            Start(granted.Seconds, granted.Refresher != SessionRefresher.Uas, isAgreed: true, now);
        }
        else if (request.SessionExpires is { } wanted && !_peerSupports)
        {
            // RFC 4028 §7.2: only we have the extension: as if the value we asked for stood there, with refresher=uac.
            Start(wanted.Seconds, isOurs: true, isAgreed: false, now);
        }
        else
        {
            // RFC 4028 §7.2: none in the 2xx: no expiration; this also turns a timer off.
            Stop();
        }
    }

    /// <summary>
    /// UAC, INVITE outside of a dialog: a 422 (RFC 4028 §7.3). True: send the INVITE again, with the next CSeq and
    /// <see cref="NextRequest"/>. False: it is a final response as any other.
    /// </summary>
    /// <param name="response">The 422; not kept.</param>
    public bool OnTooSmall(SipMessage response)
    {
        // RFC 4028 §6: Min-SE is mandatory; one that we have met already would bring the same answer.
        if (MinSe.Read(response) is not { } minimum || _retries >= MaxRetries)
            return false;
        if (NextRequest().SessionExpires is { } asked && minimum <= asked.Seconds && minimum <= (_minSe ?? 0))
            return false;
        _retries++;
        _minSe = Math.Max(_minSe ?? 0, minimum);
        return true;
    }

    /// <summary>The INVITE has made its dialog: RFC 4028 §7.4 clears what the 422s before it said.</summary>
    public void OnEstablished()
    {
        _minSe = null;
        _retries = 0;
    }

    /// <summary>UAC: an INVITE or UPDATE within the dialog got a final response that is no 2xx. Authenticate before (401, 407).</summary>
    /// <param name="method">INVITE or UPDATE.</param>
    /// <param name="response">The response; null for a time-out or a transport error.</param>
    /// <param name="now">Monotonic time.</param>
    public RefreshFailure OnRejected(SipMethod method, SipMessage? response, TimeSpan now)
    {
        // RFC 4028 §10, RFC 3261 §12.2.1.2. RFC 5057 §5.1: nor does a next request reach a peer that this one did not reach.
        if (response is null || response.StatusCode is 408 or 481
            || UsageEffects.Of(method, response.StatusCode) == UsageEffect.EndsDialog)
            return RefreshFailure.End;
        switch (response.StatusCode)
        {
            case 422 when OnTooSmall(response):
                return RefreshFailure.Retry;
            // RFC 3261 §21.4.6, §21.5.2: the peer has no UPDATE after all.
            case 405 or 501 when method == SipMethod.Update:
                _peerAllowsUpdate = false;
                return RefreshFailure.Retry;
            case 491:
                return RefreshFailure.RetryLater;
        }

        // RFC 4028 §10: only a 2xx extends the session. The next try is half of what is left away, so there are few of them.
        if (_isOurs && _expireAt is { } end)
            RefreshAt(now + ((end - now) / 2));
        return RefreshFailure.Keep;
    }

    /// <summary>Sets the time of the next refresh: after a 491, or when an offer is in the way. The expiration stays.</summary>
    /// <param name="at">Monotonic time.</param>
    public void RefreshAt(TimeSpan at)
    {
        if (IsRunning)
            _refreshAt = at < _expireAt ? at : null;
    }

    /// <summary>UAS: judges an INVITE or UPDATE of the peer. Call <see cref="OnAnswered"/> when its 2xx is sent.</summary>
    /// <param name="request">The request; not kept.</param>
    public SessionTimerAnswer OnRequest(SipMessage request)
    {
        Learn(request);
        var minimum = MinSe.Read(request);
        // RFC 4028 §7.4: our requests within the dialog repeat the largest Min-SE heard.
        if (minimum is { } heard)
            _minSe = Math.Max(_minSe ?? 0, heard);
        var supports = request.Supports(OptionTags.Timer);
        if (!SessionExpires.TryRead(request, out var asked))
            // Who wants none below a day has no use for one.
            return supports && (minimum ?? 0) <= MaxMinimum ? Offer(minimum) : default;
        if (asked.Seconds < options.MinInterval)
        {
            // RFC 4028 §9: 422 only for a UAC that knows the extension.
            if (supports)
                return new SessionTimerAnswer { StatusCode = 422, MinSe = options.MinInterval };
            // A proxy may not ask for less than 90 s (§5), and raising is forbidden (§9): such a wish is none.
            if (asked.Seconds < MinSe.Minimum)
                return default;
        }

        // RFC 4028 §9: may be reduced, down to Min-SE, never increased.
        var wish = options.IsWanted ? options.Interval : asked.Seconds;
        var seconds = Math.Min(asked.Seconds, Math.Max(wish, Math.Max(minimum ?? 0, options.MinInterval)));
        return Grant(seconds, asked.Refresher, supports);
    }

    /// <summary>UAS: our 2xx with this answer is sent. It starts the interval anew, or turns the timer off.</summary>
    /// <param name="answer">The verdict on the request.</param>
    /// <param name="now">Monotonic time.</param>
    public void OnAnswered(SessionTimerAnswer answer, TimeSpan now)
    {
        if (answer.Granted is { } granted)
            Start(granted.Seconds, granted.Refresher == SessionRefresher.Uas, isAgreed: true, now);
        else if (IsRunning && !_isAgreed)
            // A timer that only we know of goes on: the peer has just shown that it lives.
            Start(_interval, isOurs: true, isAgreed: false, now);
        else
            // RFC 4028 §9: the last 2xx had none: no expiration.
            Stop();
    }

    /// <summary>What is due now.</summary>
    /// <param name="now">Monotonic time.</param>
    public SessionTimerDue OnDeadline(TimeSpan now)
    {
        if (_expireAt <= now)
        {
            Stop();
            return SessionTimerDue.Expire;
        }

        if (_refreshAt is null || _refreshAt > now)
            return SessionTimerDue.None;
        // Until its response comes, only the expiration is left.
        _refreshAt = null;
        return SessionTimerDue.Refresh;
    }

    /// <summary>The dialog has ended, or the timer is turned off.</summary>
    public void Stop()
    {
        _interval = 0;
        _isOurs = _isAgreed = false;
        _refreshAt = _expireAt = null;
    }

    // RFC 4028 §9: a UAC that supports timers and asks for none may be given one. The roles do not change (§7.4).
    private SessionTimerAnswer Offer(uint? minimum)
    {
        if (!IsRunning && !options.IsWanted)
            return default;
        var refresher = !IsRunning ? SessionRefresher.None : _isOurs ? SessionRefresher.Uas : SessionRefresher.Uac;
        return Grant(Math.Max(IsRunning ? _interval : options.Interval, minimum ?? 0), refresher, isSupported: true);
    }

    // RFC 4028 §9, table 2. Require: timer when the UAC supports it: MUST for uac, SHOULD for uas.
    private SessionTimerAnswer Grant(uint seconds, SessionRefresher asked, bool isSupported)
    {
        var ours = options.Refresher == RefresherPreference.Peer ? SessionRefresher.Uac : SessionRefresher.Uas;
        var refresher = !isSupported ? SessionRefresher.Uas : asked == SessionRefresher.None ? ours : asked;
        return new SessionTimerAnswer { Granted = new SessionExpires(seconds, refresher), IsRequired = isSupported };
    }

    private void Start(uint seconds, bool isOurs, bool isAgreed, TimeSpan now)
    {
        // RFC 4028 §4: 90 s is the absolute minimum; less, and a rogue peer would make us flood (§11.1).
        _interval = Math.Max(seconds, MinSe.Minimum);
        _isOurs = isOurs;
        _isAgreed = isAgreed;
        var interval = TimeSpan.FromSeconds(_interval);
        // RFC 4028 §7.2, §9: the refresher refreshes after half the interval. §10: the other side gives up before the expiration, by
        // 32 s or a third of the interval, whichever is less.
        var margin = interval / 3 < TimeSpan.FromSeconds(32) ? interval / 3 : TimeSpan.FromSeconds(32);
        _refreshAt = isOurs ? now + (interval / 2) : null;
        _expireAt = isOurs ? now + interval : now + interval - margin;
    }

    // RFC 4028 §7.4: what the peer's messages say of timer and UPDATE.
    private void Learn(SipMessage message)
    {
        _peerSupports |= message.Supports(OptionTags.Timer);
        _peerAllowsUpdate = message.Allows(SipMethod.Update) ?? _peerAllowsUpdate;
    }
}
