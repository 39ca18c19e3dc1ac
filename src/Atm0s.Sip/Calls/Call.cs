using System.Net;
using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls.Booth;
using Atm0s.Sip.Calls.Debts;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Calls.Digits;
using Atm0s.Sip.Calls.Incoming;
using Atm0s.Sip.Calls.Messages;
using Atm0s.Sip.Calls.Records;
using Atm0s.Sip.Calls.Setup;
using Atm0s.Sip.Calls.Transfers;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Diagnostics.Tracing;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Rooms;
using Atm0s.Sip.Trunks;
using Atm0s.Sip.Ways;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Calls;

/// <summary>
/// One call between a phone and a room, from its first message to its end: Connecting -> (Ringing ->) Answered -> Ended. Lives on one
/// shard; whatever another thread wants of it is posted there. A <see cref="CallSetup"/> leads to the answer, a <see cref="CallDialog"/>
/// speaks with the phone, and <see cref="Debts"/> has what is owed on the wire. There is one verb for its end: <see cref="End"/>.
/// </summary>
internal sealed class Call : IHookOrigin
{
    private readonly TaskCompletionSource<CallOutcome> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CallEvent.Ended> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CallTimer _maxDuration;
    private RoomLinks _roomLinks;
    private readonly AloneWatch _alone;
    private readonly UnverifiedCall? _unverified;
    private volatile IReadOnlyList<KeyValuePair<string, string>> _remoteHeaders = [];
    private volatile CallInfo _info;
    private volatile ParticipantOptions _participant = ParticipantOptions.Default;
    private volatile CallState _state;
    private volatile object _place;
    private volatile Call? _successor;
    private bool _isHeldByPeer;
    private long _answeredTicks = -1;   // of the clock; -1 before
    private volatile CallReport? _report;
    private int _ending;

    /// <param name="services">What every call needs.</param>
    /// <param name="shard">Where it lives.</param>
    /// <param name="info">Who calls whom.</param>
    /// <param name="credentials">Password for challenges of the other side, or null.</param>
    /// <param name="unverified">Its place among the calls whose phone has not shown where it is, or null.</param>
    public Call(
        CallServices services, SipShard shard, CallInfo info, SipCredentials? credentials = null, UnverifiedCall? unverified = null)
    {
        Services = services;
        Logger = new CallLogger(services.Logger, info.CallId, info.SipCallId);
        Shard = shard;
        StartedAt = services.Stack.Clock.Now;
        BegunAt = services.Stack.Clock.UtcNow;
        EndsWithOthers = services.Options.Calls.EndWhenOthersLeave;
        Record = new CallRecord(services, info.SipCallId);
        Debts = new WireDebts(
            OnSettled, exception => ServerLog.CallFailed(Logger, exception, info.CallId));
        Room = new RoomStay(this);
        Digits = new CallDigits(this);
        AudioNews = new CallAudioNews(this);
        Transfers = new CallTransfers(this);
        Messages = new CallMessages(this);
        Hold = new CallHold(this);
        Booth = new CallBooth(this);
        Orders = new CallOrders(this);
        _place = Booth.Door;
        Figures = new CallFigures(this);
        _info = info;
        Credentials = credentials;
        _unverified = unverified;
        Events = new CallEvents(this);
        Handle = new CallHandle(this);
        _alone = new AloneWatch(this);
        _maxDuration = NewTimer(() => End(new CallEnd(CallEndCause.LocalHangup, 0, "the longest duration of a call has passed")));
    }

    public string Id => _info.CallId;

    /// <summary>Its place among the calls in its room; the directory's.</summary>
    public ref RoomLinks RoomLinks => ref _roomLinks;

    /// <summary>The call as the host sees it.</summary>
    public CallHandle Handle { get; }

    /// <summary>How the phone of an incoming call is known.</summary>
    public CallerAuthentication CallerAuthentication { get; init; }

    /// <summary>How the phone is known: as a caller, or as a user whom we have called.</summary>
    public CallerAuthentication PeerAuthentication => _info.Direction == CallDirection.Incoming ? CallerAuthentication
        : _info.Username is not null ? CallerAuthentication.Digest
        : CallerAuthentication.Address;

    /// <summary>Whether somebody vouches for the phone: its password, its address, its trunk, or we have called it.</summary>
    public bool IsVouchedFor => _unverified is null or { IsVouchedFor: true };

    /// <summary>
    /// Whether the phone has shown that it is where its packets say: by its password, a connection, an ACK or PRACK; or we have called it.
    /// </summary>
    public bool IsProven => _unverified is null or { IsProven: true };

    /// <summary>Hops that it may still go (Max-Forwards).</summary>
    public int Hops { get; init; } = HopLimit.Default;

    /// <summary>Its place among the calls of its user, trunk or address; null where nothing counts them.</summary>
    public CallQuota? Quota { get; init; }

    /// <summary>Where its trunk is; null when it goes over none.</summary>
    public TrunkSources? Trunk { get; init; }

    /// <summary>Whether our Contact has to be a sips URI (RFC 3261 §12.1.1).</summary>
    public bool UsesSips { get; init; }

    /// <summary>Whether our number is withheld from the phone (RFC 3323 §4.1.1.3).</summary>
    public bool HidesNumber { get; init; }

    public CallInfo Info => _info;

    public CallState State => _state;

    public bool HasEnded => _state == CallState.Ended;

    public Task<CallOutcome> Answered => _answered.Task;

    public Task<CallEvent.Ended> Ended => _ended.Task;

    public IReadOnlyList<KeyValuePair<string, string>> RemoteHeaders
    {
        get => _remoteHeaders;
        set => _remoteHeaders = value;
    }

    /// <summary>When the call began (monotonic).</summary>
    public TimeSpan StartedAt { get; }

    /// <summary>When it was answered, by the same clock; null before. Any thread.</summary>
    public TimeSpan? AnsweredAt => Volatile.Read(ref _answeredTicks) is >= 0 and var ticks ? new TimeSpan(ticks) : null;

    /// <summary>When the call began (UTC).</summary>
    public DateTimeOffset BegunAt { get; }

    public CallServices Services { get; }

    public ILogger Logger { get; }

    public CallTrace? Trace { get; init; }

    public SipShard Shard { get; }

    /// <summary>What leads to the answer; null from then on.</summary>
    public CallSetup? Setup { get; private set; }

    /// <summary>The dialog with the phone; of several that ring, the one that has answered.</summary>
    public CallDialog? Dialog { get; set; }

    public CallAudio? Audio { get; set; }

    public RoomStay Room { get; }

    public CallDigits Digits { get; }

    /// <summary>Hears of its leg of audio.</summary>
    public IRtpLegObserver AudioNews { get; }

    public CallTransfers Transfers { get; }

    public CallMessages Messages { get; }

    public CallHold Hold { get; }

    /// <summary>Where the phone is while something concerns it alone.</summary>
    public CallBooth Booth { get; }

    /// <summary>What the host has said of its audio.</summary>
    public CallOrders Orders { get; }

    /// <summary>By what rules know it, its own leg and its door alike; who takes its place is known by the same. Any thread.</summary>
    public object Place => _place;

    /// <summary>The call that has taken its place, or null. Any thread.</summary>
    public Call? Successor => _successor;

    public WireDebts Debts { get; }

    public CallEvents Events { get; }

    public CallRecord Record { get; }

    public CallFigures Figures { get; }

    /// <summary>As what it was let into its room. Any thread.</summary>
    public ParticipantOptions Participant => _participant;

    /// <summary>Whether the call ends when all others have left its room.</summary>
    public bool EndsWithOthers { get; set; }

    /// <summary>The caller that an outgoing call rings for, when the host has said so; else null.</summary>
    public string? ForCallId { get; init; }

    /// <summary>The REFER that an outgoing call was made for, or null.</summary>
    public CallReferral? Referral { get; init; }

    /// <summary>When an outgoing call began, as <see cref="RingLedger"/> counts.</summary>
    public long RingStamp { get; init; }

    /// <summary>Whether a program has the phone for itself: speaks with it, plays to it, or waits for its keys.</summary>
    public bool HasCompany => Booth.IsClosed || Digits.Gather.IsAsking;

    /// <summary>How long it may be alone in its room once it is answered, where it is to end with the others; zero for ever.</summary>
    public TimeSpan AloneLimit { get; set; }

    /// <summary>What answers a challenge of the other side, or null.</summary>
    public SipCredentials? Credentials { get; }

    /// <summary>Begins.</summary>
    /// <param name="setup">What leads to the answer.</param>
    public void Begin(CallSetup setup)
    {
        Setup = setup;
        Guard(setup.Begin);
    }

    /// <summary>Runs a piece of the call's work on its shard: what throws ends this call, and nothing else.</summary>
    public void Guard(Action work)
    {
        try
        {
            work();
        }
#pragma warning disable CA1031 // Whatever it is, the caller gets his answer, and ports and places are given back.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ServerLog.CallFailed(Logger, exception, Id);
            if (HasEnded)
                Release(static call => call.Debts.Abandon());
            else
                End(new CallEnd(CallEndCause.Failed, 500, "an error inside the server"));
        }
    }

    /// <summary>Runs a piece of the call's work on the shard. Any thread.</summary>
    public void Post(Action work) => Shard.Post(_ => Guard(work));

    /// <summary>A deadline of the call.</summary>
    public CallTimer NewTimer(Action onDue) => new(this, onDue);

    /// <summary>Our Contact towards the phone (RFC 3261 §8.1.1.8).</summary>
    public string ContactFor(SipFlow flow) =>
        flow.ContactFor(HidesNumber ? "" : _info.Direction == CallDirection.Incoming ? _info.To : _info.From, UsesSips);

    /// <summary>Takes a place in a room.</summary>
    public void Join(string roomId, ParticipantOptions participant, Action onJoined)
    {
        _participant = participant;
        _info = _info with { ParticipantId = participant.Id ?? Id, Attributes = participant.Attributes };
        Booth.Streams.Wanted = participant.Stream is { } stream ? [stream] : [];
        OnMoved(roomId);
        // The host may have muted it before it had decided.
        if (participant.Muted)
            Orders.TryMute(true);
        Room.Join(onJoined);
    }

    /// <summary>The call is in another room.</summary>
    public void OnMoved(string roomId)
    {
        _info = _info with { RoomId = roomId };
        Services.Calls.Enter(this, roomId);
        Trace?.OnRoom(roomId);
    }

    /// <summary>The call has a room in place of another: for rules it is that one from now on, and what was said of that one holds.</summary>
    public void Follow(Call old)
    {
        _place = Booth.Door.KnownAs = old.Place;
        Orders.Follow(old.Orders);
        Booth.Follow(old.Booth);
    }

    /// <summary>The call is answered in place of another.</summary>
    public void Succeed(Call old)
    {
        old._successor = this;
        Orders.Follow(old.Orders);
    }

    /// <summary>The called side rings.</summary>
    public void ReportRinging()
    {
        if (_state != CallState.Connecting)
            return;
        _state = CallState.Ringing;
        Figures.OnHeard();
        Trace?.OnRinging();
        Referral?.OnRinging();
        Events.Ringing();
    }

    /// <summary>Offer, answer and dialog are there: audio starts, and everybody is told.</summary>
    public void OnAnswered()
    {
        _state = CallState.Answered;
        Setup?.Close();
        Setup = null;
        Volatile.Write(ref _answeredTicks, Shard.Now.Ticks);
        Figures.OnAnswered();
        Trace?.OnAnswered(Audio!.CodecName);
        _maxDuration.SetUnlessEndless(Services.Options.Calls.MaxDuration);
        Audio!.OnAnswered();
        StartAudio();
        Room.SetConnected();
        Events.Answered();
        _answered.TrySetResult(new CallOutcome(true, null, 200));
        _alone.OnAnswered();
        OnSessionChanged();
        Booth.Streams.OnAnswered();
        Referral?.OnAnswered();
    }

    /// <summary>The phone and the room hear each other from now on; before the answer too, where that is wanted.</summary>
    public void StartAudio()
    {
        Orders.ApplyTo(Audio!.Rtp);
        Audio.Rtp.KnownAs = _place;
        // Who has shown where he is gets what is early, too, and who is trusted at an address that is his own; others only after a word from
        // there: the sender of an INVITE over UDP may be forged, and the address of its audio anybody's.
        if ((IsProven || MayHearEarly()) && _info.Direction == CallDirection.Incoming && _state != CallState.Answered)
            Audio.Rtp.Confirm();
        if (_state != CallState.Answered)
            Trace?.OnEarlyMedia();
        Audio.Start(Booth.Mix, Booth.MixRule);
    }

    /// <summary>An offer was answered: the phone may hold us, or hold no more.</summary>
    public void OnSessionChanged()
    {
        // What we do not want to send tells nothing of whether the phone wants to hear it.
        if (_state != CallState.Answered || !Audio!.Direction.HasFlag(SdpDirection.SendOnly) || Audio.IsHeldByPeer == _isHeldByPeer)
            return;
        _isHeldByPeer = !_isHeldByPeer;
        Events.Hold(_isHeldByPeer, byHost: false);
    }

    /// <summary>The phone has shown that it hears us: by the ACK of our 2xx, or by what can only follow it.</summary>
    public void OnPeerHeard()
    {
        _unverified?.Confirm();
        Audio?.Rtp.Confirm();
    }

    /// <summary>The phone has hung up.</summary>
    public void OnRemoteBye(CallDialog dialog, SipMessage bye)
    {
        // RFC 3261 §15: on an early dialog only the caller may say BYE; a phone that rings, one of several, is merely out.
        // It still owes the answer to our INVITE.
        if (ReferenceEquals(dialog, Dialog))
            End(new CallEnd(CallEndCause.RemoteHangup, 0, "the phone hung up", Failure: FailureReader.Read(bye)));
    }

    /// <summary>Somebody came to the room, connected or left.</summary>
    public void OnOthersChanged(RoomChange change)
    {
        if (HasEnded)
            return;
        if (Setup is { } setup)
            setup.OnOthersChanged(change);
        if (!HasEnded)
            _alone.OnOthersChanged(change);
    }

    /// <summary>Somebody has come to speak with the phone alone, or has gone.</summary>
    public void OnCompanyChanged()
    {
        if (!HasEnded)
            _alone.OnCompanyChanged();
    }

    /// <summary>The only end of a call: out of everything, told to everybody, debts on the wire settled. The second is nothing.</summary>
    public void End(CallEnd why)
    {
        // On the shard but for the stop of the server, which may meet the shard's last work (Abandon).
        if (Interlocked.Exchange(ref _ending, 1) != 0)
            return;
        var wasAnswered = _state == CallState.Answered;
        var duration = wasAnswered ? Shard.Now - new TimeSpan(_answeredTicks) : TimeSpan.Zero;
        var status = wasAnswered ? 0 : why.Status;
        _state = CallState.Ended;
        var quality = duration > TimeSpan.Zero ? Audio?.GetQuality() : null;
        // Before the debts: a call that owes nothing is whole at once.
        Release(static (call, end) => call.Figures.EndTrace(end.why, end.wasAnswered, end.quality), (why, wasAnswered, quality));
        // Each on its own: one that fails must not keep the others from being given back.
        Release(static call => call._maxDuration.Cancel());
        Release(static call => call._alone.Cancel());
        Release(static call => call.Digits.End());
        Release(static call => call.Hold.End());
        Release(static call => call.Booth.End());
        Release(static call => call.Setup?.Close());
        Setup = null;
        Release(static call => call.Dialog?.OnEnded());
        Release(static (call, end) => call.Debts.Settle(end), why);
        Release(static call => call.CloseEarlyDialog());
        Release(static call => call._unverified?.Dispose());
        Release(static call => call.Quota?.Dispose());
        Release(static call => call.Audio?.Dispose());
        var told = new CallEnd(why.Cause, status, why.Reason);
        Release(static (call, end) => call.Room.Leave(end), told);
        Release(static (call, end) => call.Services.Rings.OnEnded(call, end.told, end.wasAnswered), (told, wasAnswered));
        Release(static (call, end) => call.Referral?.OnEnded(end.Cause, end.Status), told);
        Release(static call => call.Events.Connecting());
        var ended = Events.NewEnded(why, status, duration, quality);
        Release(static (call, ended) => call.Events.Note(ended), ended);
        Release(static (call, ended) => call._report = CallReports.Keep(call, ended), ended);
        Services.Calls.Remove(this);
        Release(
            static (call, end) => call.Figures.OnEnded(end.why, end.wasAnswered ? end.ended.Duration : null, end.ended.Quality),
            (why, wasAnswered, ended));
        _answered.TrySetResult(new CallOutcome(false, why.Cause, status) { Failure = why.Failure });
        Release(static call => call.Handle.OnEnded());
        Release(static (call, ended) => call.Events.Ended(ended), ended);
        _ended.TrySetResult(ended);
    }

    /// <summary>What is known of the call so far. Any thread.</summary>
    public CallReport NewReport() => _report ?? CallReports.New(this);

    /// <summary>Ends the call from any thread.</summary>
    public void PostEnd(CallEnd why) => Post(() => End(why));

    /// <summary>The shard works no more: what still waits for it is answered here. After the stack has been disposed of.</summary>
    public void Abandon()
    {
        Release(static call => call.Debts.Abandon());
        End(new CallEnd(CallEndCause.Shutdown, 503, "the server stopped"));
        Handle.Abandon();
    }

    /// <summary>Writes down what was decided, and why. Any thread.</summary>
    public void Note(string subject, string text) => Record.Note(subject, text);

    /// <summary>Writes down what was decided, and why, in a sentence that is made when it is read. Any thread.</summary>
    public void Note<TState>(string subject, TState state, Func<TState, string> text) => Record.Note(subject, state, text);

    private bool MayHearEarly() => Audio!.Remote is IPEndPoint remote && _unverified!.IsOfSender(remote.Address);

    private void CloseEarlyDialog() => (Dialog is { Open: null } early ? early : null)?.Close();

    private void Release(Action<Call> release) => Release(static (call, release) => release(call), release);

    private void Release<TState>(Action<Call, TState> release, TState state)
    {
        try
        {
            release(this, state);
        }
#pragma warning disable CA1031 // The end of a call goes on whatever happens.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ServerLog.CallEndFailed(Logger, exception, Id);
        }
    }

    private void OnSettled()
    {
        Record.Close();
        Trace?.OnSettled();
        Services.Calls.OnSettled();
    }
}
