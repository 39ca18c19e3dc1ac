using System.Net;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Rooms;

namespace Atm0s.Sip.Calls;

/// <summary>
/// One call between a phone and a room, from its first message to its end. Lives on one shard; whatever another thread wants of it is
/// posted there. <see cref="InboundLeg"/> and <see cref="OutboundLeg"/> set it up; from the answer on both are the same, and end exactly
/// once, in <see cref="End"/>.
/// </summary>
internal abstract partial class CallLeg : ISipCall, IRoomMember, IRtpLegObserver
{
    private readonly TaskCompletionSource<CallOutcome> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CallEvent.Ended> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EventQueue<ICallObserver> _events;
    private readonly SipTimer _maxDuration;
    private readonly DialogPath _path;
    private volatile CallInfo _info;
    private volatile CallState _state;
    private TimeSpan _answeredAt;
    private IDisposable? _joining;
    private int _ending;

    protected CallLeg(CallServices services, SipShard shard, SipFlow flow, bool isByContact, CallInfo info)
    {
        Services = services;
        Shard = shard;
        Flow = flow;
        _path = new DialogPath(services.Stack, services.Registrar, flow, isByContact);
        StartedAt = services.Stack.Clock.Now;
        _info = info;
        _events = services.NewEventQueue(info.CallId);
        _maxDuration = NewTimer(() => Finish(CallEndCause.LocalHangup, 0, "the longest duration of a call has passed"));
    }

    public string Id => _info.CallId;

    public CallInfo Info => _info;

    public CallState State => _state;

    /// <summary>When the call began (monotonic).</summary>
    public TimeSpan StartedAt { get; }

    public Task<CallOutcome> Answered => _answered.Task;

    public Task<CallEvent.Ended> Ended => _ended.Task;

    protected CallServices Services { get; }

    protected SipShard Shard { get; }

    /// <summary>The way of the first INVITE.</summary>
    protected SipFlow Flow { get; }

    protected SipDialog? Dialog { get; private set; }

    protected CallAudio? Media { get; set; }

    protected IRoomPlace? Place { get; private set; }

    protected bool HasEnded => _state == CallState.Ended;

    public CallStatistics? GetStatistics() => Media?.GetStatistics();

    /// <summary>Ends the call from any thread.</summary>
    public void HangUp(CallEndCause cause, int status, string reason) => Post(() => Finish(cause, status, reason));

    void IRoomMember.OnRoomChanged(RoomChange change) => Post(() =>
    {
        // What an earlier room said does not count in the next.
        if (Place?.RoomId == change.RoomId)
            OnOthersChanged(change);
    });

    string IRoomMember.ParticipantId => _info.ParticipantId ?? Id;

    void IRoomMember.OnRemoved(string roomId, CallEndCause cause, string reason) => Post(() =>
    {
        if (Place is null || Place.RoomId == roomId)
            Finish(cause, 480, reason);
    });

    void IRtpLegObserver.OnLatched(IPEndPoint source) => ServerLog.MediaLatched(Services.Logger, Id, source);

    void IRtpLegObserver.OnMediaTimeout() => HangUp(CallEndCause.MediaTimeout, 0, "no audio came from the phone any more");

    void IRtpLegObserver.OnFailed() => HangUp(CallEndCause.Failed, 500, "the audio of the call failed inside the server");

    /// <summary>
    /// Says goodbye on the wire in the way that fits the state (refusal, CANCEL or BYE), then ends. Nothing happens when the call has
    /// ended.
    /// </summary>
    protected abstract void Finish(CallEndCause cause, int status, string reason);

    /// <summary>Somebody came to the room, connected or left.</summary>
    protected abstract void OnOthersChanged(RoomChange change);

    protected void SetDialog(SipDialog dialog)
    {
        Dialog = dialog;
        Shard.Dialogs.TryAdd(dialog.Id, this);
    }

    /// <summary>Takes a place in a room, then goes on; a host's room may take a while, or refuse, which ends the call.</summary>
    protected void Join(string roomId, ParticipantOptions participant, Action onJoined)
    {
        _info = _info with { RoomId = roomId, ParticipantId = participant.Id ?? Id, Attributes = participant.Attributes };
        // The host may have muted it before it had decided.
        IsMuted |= participant.Muted;
        _joining = Services.Rooms.Join(Shard, roomId, this, _info, outcome => Guard(() =>
        {
            _joining = null;
            if (outcome.Place is null)
            {
                Finish(outcome.Status == 403 ? CallEndCause.Rejected : CallEndCause.HandlerFailed, outcome.Status, outcome.Reason);
                return;
            }

            Place = outcome.Place;
            onJoined();
        }));
    }

    protected void ReportConnecting()
    {
        ServerLog.CallConnecting(Services.Logger, Id, _info.Direction, _info.From, _info.To, _info.RoomId);
        Tell(new CallEvent.Connecting { Call = _info, Timestamp = Shard.Stack.Clock.UtcNow });
    }

    protected void ReportRinging()
    {
        if (_state != CallState.Connecting)
            return;
        _state = CallState.Ringing;
        Tell(new CallEvent.Ringing { Call = _info, Timestamp = Shard.Stack.Clock.UtcNow });
    }

    /// <summary>Audio starts: joins the mixing and tells everybody.</summary>
    protected void ReportAnswered()
    {
        _state = CallState.Answered;
        _answeredAt = Shard.Now;
        _maxDuration.Set(Services.Options.Calls.MaxDuration);
        if (IsMuted)
            Media!.Rtp.SetMuted(true);
        if (Gain != 0)
            Media!.Rtp.SetGain(Gain);
        Media!.Start(Place!.Mix);
        Place.SetConnected();
        ServerLog.CallAnswered(Services.Logger, Id, Media.CodecName, Media.LocalDescription, Media.RemoteDescription, Media.AddressReason);
        _answered.TrySetResult(new CallOutcome(true, null, 200));
        Tell(new CallEvent.Answered { Call = _info, Timestamp = Shard.Stack.Clock.UtcNow, Codec = Media.CodecName });
    }

    /// <summary>The only end of a call: takes it out of everything and tells everybody, once.</summary>
    protected void End(CallEndCause cause, int status, string reason)
    {
        // On the shard but for the stop of the server, which may meet the shard's last work (Abandon).
        if (Interlocked.Exchange(ref _ending, 1) != 0)
            return;
        var isRefusal = _info.Direction == CallDirection.Outgoing && _state != CallState.Answered
            && cause is not (CallEndCause.LocalHangup or CallEndCause.Shutdown);
        var duration = _state == CallState.Answered ? Shard.Now - _answeredAt : TimeSpan.Zero;
        _state = CallState.Ended;
        var quality = duration > TimeSpan.Zero ? Media?.GetQuality() : null;
        // Each on its own: one that fails must not keep the others from being given back.
        Release(_maxDuration.Cancel);
        Release(() => _joining?.Dispose());
        Release(EndMove);
        Release(() => _infoSender?.End());
        Release(EndDialog);
        Release(() => OnEnding(status));
        Release(_path.LetGo);
        Release(() => Media?.Dispose());
        Release(() => Place?.Leave(new RoomLeave(cause, status, isRefusal)));
        Services.Calls.Remove(this);
        Services.Metrics.CallEnded(_info.Direction, cause);
        ServerLog.CallEnded(Services.Logger, Id, cause, status, reason, duration);
        _answered.TrySetResult(new CallOutcome(false, cause, status));
        var ended = new CallEvent.Ended
        {
            Call = _info,
            Timestamp = Shard.Stack.Clock.UtcNow,
            Cause = cause,
            StatusCode = status,
            Reason = reason,
            Duration = duration,
            Quality = quality,
        };
        _ended.TrySetResult(ended);
        Tell(ended);
    }

    /// <summary>Settles what this kind of leg still owes on the wire, and cancels what only it has.</summary>
    /// <param name="status">Status of the end, or 0 when it has none.</param>
    protected abstract void OnEnding(int status);

    /// <summary>Whether the call ends when it is alone in its room.</summary>
    protected virtual bool EndsWhenOthersLeave => Services.Options.Calls.EndWhenOthersLeave;

    /// <summary>
    /// The end that a connected leg draws from the others: when all have left it ends too (unless the host wants otherwise).
    /// </summary>
    protected void EndIfAlone(RoomChange change)
    {
        if (change is { Others: 0, Left: not null } && EndsWhenOthersLeave)
            Finish(CallEndCause.OthersLeft, 0, "all other members have left the room");
    }

    private void EndDialog()
    {
        _reInvite?.Cancel();
        _located?.End();
        if (Dialog is { } dialog)
            Shard.Dialogs.Remove(dialog.Id);
    }

    private void Tell(CallEvent callEvent) => Services.Tell(_events, callEvent);
}
