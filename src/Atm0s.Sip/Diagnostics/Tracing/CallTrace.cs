using System.Diagnostics;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Diagnostics.Tracing;

/// <summary>
/// The trace of one call: a span for all of it, and one for each part: handlers, ringing, answer, audio, transfers, end. There only while
/// somebody listens. On the call's shard, but for <see cref="BeginHook"/> and the end of a server.
/// </summary>
internal sealed class CallTrace
{
    private readonly SipClock _clock;
    private readonly Activity _root;
    private readonly Action<CallTrace> _onWhole;
    private Activity? _ring;
    private Activity? _answer;
    private Activity? _media;
    private Activity? _end;
    private readonly List<Activity> _sent = [];     // INVITEs without an answer
    private int _digits;

    /// <param name="clock">The clock.</param>
    /// <param name="root">The span of the whole call.</param>
    /// <param name="onWhole">Told when it has ended.</param>
    public CallTrace(SipClock clock, Activity root, Action<CallTrace> onWhole)
    {
        _clock = clock;
        _root = root;
        _onWhole = onWhole;
    }

    /// <summary>The span of the whole call; for what has to know where it belongs when that is over.</summary>
    public ActivityContext Context => _root.Context;

    /// <summary>Says which call it is.</summary>
    public void Describe(CallInfo info)
    {
        if (!_root.IsAllDataRequested)
            return;
        _root.SetTag(SpanTags.SipCallId, info.SipCallId);
        _root.SetTag(SpanTags.CallId, info.CallId);
        _root.SetTag(SpanTags.Direction, info.Direction == CallDirection.Incoming ? "incoming" : "outgoing");
        _root.SetTag(SpanTags.Trunk, info.Trunk);
        _root.SetTag(SpanTags.Room, info.RoomId);
    }

    /// <summary>It is in a room, or about to be.</summary>
    public void OnRoom(string roomId) => _root.SetTag(SpanTags.Room, roomId);

    /// <summary>It has moved to another.</summary>
    public void OnMoved(string from) => Event(_root, "moved", SpanTags.Room, from);

    /// <summary>A handler of the host is asked.</summary>
    /// <param name="name">Name of the span.</param>
    /// <param name="hook">Interface of the handler.</param>
    public Activity? BeginHook(string name, string hook)
    {
        var span = Child(name);
        span?.SetTag(SpanTags.Hook, hook);
        return span;
    }

    /// <summary>What the host's code is to see as current while it works for the call.</summary>
    /// <param name="span">The span of the question; null when it is not recorded.</param>
    public Activity? CurrentFor(Activity? span) => span ?? _root;

    /// <summary>An INVITE of ours goes out.</summary>
    public Activity? BeginInvite(SipFlow flow)
    {
        var span = Child("sip.invite", ActivityKind.Client);
        if (span is null)
            return null;
        span.SetTag(SpanTags.Method, "INVITE");
        _sent.Add(span);
        Describe(span, flow);
        return span;
    }

    /// <summary>A transfer begins.</summary>
    /// <param name="by">Who asks for it: phone or host.</param>
    public Activity? BeginTransfer(string by)
    {
        var span = Child("sip.transfer");
        span?.SetTag(SpanTags.Method, "REFER");
        span?.SetTag(SpanTags.By, by);
        return span;
    }

    /// <summary>The called side rings.</summary>
    public void OnRinging()
    {
        Event(_root, "ringing");
        _ring = Child("sip.ring");
    }

    /// <summary>The phone and the room hear each other before the answer.</summary>
    public void OnEarlyMedia() => Event(_ring ?? _root, "early media");

    /// <summary>Our 2xx goes out, or theirs has come; owed is the ACK.</summary>
    public void OnAccepted() => _answer ??= Child("sip.answer");

    /// <summary>The ACK has come, or gone out.</summary>
    public void OnAcknowledged() => End(ref _answer);

    /// <summary>Both hear each other.</summary>
    public void OnAnswered(string codec)
    {
        Event(_root, "answered");
        End(ref _ring);
        _media = Child("sip.media");
        _media?.SetTag(SpanTags.Codec, codec);
    }

    /// <summary>It is on hold, or goes on.</summary>
    public void OnHold(bool isHeld, bool byHost) =>
        Event(_media ?? _root, isHeld ? "held" : "resumed", SpanTags.By, byHost ? "host" : "phone");

    /// <summary>The phone has sent a digit; which one is nobody's business.</summary>
    public void OnDigit() => _digits++;

    /// <summary>The call has ended; on the wire it may go on for a while.</summary>
    /// <param name="why">Why.</param>
    /// <param name="status">Last response to its INVITE.</param>
    /// <param name="quality">What the audio was like; null when there was none.</param>
    public void OnEnded(CallEnd why, int status, CallQuality? quality)
    {
        End(ref _ring);
        if (quality is not null)
            Describe(_media, quality);
        if (_digits > 0)
            (_media ?? _root).SetTag(SpanTags.Digits, _digits);
        End(ref _media);
        if (_root.IsAllDataRequested)
        {
            _root.SetTag(SpanTags.Status, status);
            _root.SetTag(SpanTags.EndCause, why.Cause.ToString());
            _root.SetTag(SpanTags.EndReason, why.Reason);
            if (IsError(why.Cause))
                Fail(_root, why.Cause.ToString(), why.Reason);
        }

        _end = Child("sip.end");
        _end?.SetTag(SpanTags.EndCause, why.Cause.ToString());
    }

    /// <summary>It was refused before it was a call.</summary>
    public void OnRefused(int status, string reason)
    {
        if (_root.IsAllDataRequested)
        {
            _root.SetTag(SpanTags.Status, status);
            _root.SetTag(SpanTags.EndReason, reason);
            if (status is >= 500 and < 600)
                Fail(_root, status.ToString(System.Globalization.CultureInfo.InvariantCulture), reason);
        }

        OnSettled();
    }

    /// <summary>Nothing is owed on the wire any more: the trace is whole. The second time is nothing.</summary>
    public void OnSettled()
    {
        End(ref _answer);
        End(ref _end);
        End(ref _ring);
        End(ref _media);
        // Of a server that stops.
        foreach (var span in _sent)
            Spans.End(span, _clock.UtcNow);
        Spans.End(_root, _clock.UtcNow);
        _onWhole(this);
    }

    /// <summary>Ends the span of a question or a transfer.</summary>
    /// <param name="span">The span.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="isError">Whether that is a fault.</param>
    public void End(Activity span, string outcome, bool isError)
    {
        span.SetTag(SpanTags.Outcome, outcome);
        if (isError)
            Fail(span, outcome, null);
        Spans.End(span, _clock.UtcNow);
    }

    /// <summary>Ends the span of an INVITE of ours.</summary>
    public void EndInvite(Activity span, int status)
    {
        if (status > 0)
            span.SetTag(SpanTags.Status, status);
        _sent.Remove(span);
        Spans.End(span, _clock.UtcNow);
    }

    /// <summary>Says who is at the other end of a way.</summary>
    internal static void Describe(Activity span, SipFlow flow)
    {
        if (!span.IsAllDataRequested)
            return;
        span.SetTag(SpanTags.Transport, flow.Protocol.ToName());
        span.SetTag(SpanTags.PeerAddress, flow.RemoteEndPoint.Address.ToString());
        span.SetTag(SpanTags.PeerPort, flow.RemoteEndPoint.Port);
    }

    private static void Describe(Activity? span, CallQuality quality)
    {
        if (span is not { IsAllDataRequested: true })
            return;
        span.SetTag(SpanTags.Codec, quality.Codec);
        span.SetTag(SpanTags.PacketsSent, quality.PacketsSent);
        span.SetTag(SpanTags.PacketsReceived, quality.PacketsReceived);
        span.SetTag(SpanTags.PacketsLost, quality.PacketsLost);
        span.SetTag(SpanTags.Loss, quality.PacketsLost / (double)Math.Max(1, quality.PacketsLost + quality.PacketsReceived));
        span.SetTag(SpanTags.Jitter, quality.JitterMilliseconds);
        span.SetTag(SpanTags.RoundTrip, quality.RoundTrip?.TotalMilliseconds);
        span.SetTag(SpanTags.Concealed, quality.ConcealedShare);
        span.SetTag(SpanTags.Mos, quality.Mos);
    }

    /// <summary>Whether an end is a fault: what a person does, or the other side decides, is none.</summary>
    internal static bool IsError(CallEndCause cause) => cause is CallEndCause.Failed or CallEndCause.HandlerFailed
        or CallEndCause.AckTimeout or CallEndCause.MediaTimeout or CallEndCause.MediaNegotiation or CallEndCause.SessionExpired
        or CallEndCause.Unauthorized or CallEndCause.Gone or CallEndCause.EncryptionFailed;

    private static void Fail(Activity span, string type, string? reason)
    {
        span.SetTag(SpanTags.ErrorType, type);
        span.SetStatus(ActivityStatusCode.Error, reason);
    }

    private Activity? Child(string name, ActivityKind kind = ActivityKind.Internal) =>
        _root.IsAllDataRequested ? Spans.Begin(name, kind, _root.Context, _clock.UtcNow) : null;

    private void Event(Activity span, string name, string? tag = null, object? value = null)
    {
        if (span.IsAllDataRequested)
            span.AddEvent(new ActivityEvent(name, _clock.UtcNow, tag is null ? null : new ActivityTagsCollection { [tag] = value }));
    }

    private void End(ref Activity? span)
    {
        if (span is not null)
            Spans.End(span, _clock.UtcNow);
        span = null;
    }
}
