using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls.Booth;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Calls.Messages;
using Atm0s.Sip.Calls.Transfers;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Recordings;
using Atm0s.Sip.Rooms;
using Atm0s.Sip.Streams;

namespace Atm0s.Sip.Calls;

/// <summary>A call as the host sees it: from any thread, and after its end too.</summary>
internal sealed class CallHandle(Call call) : ISipCall
{
    private readonly CallCommands _commands = new(call);

    public string Id => call.Id;

    public CallInfo Info => call.Info;

    public CallState State => call.State;

    public Task<CallOutcome> Answered => call.Answered;

    public Task<CallEvent.Ended> Ended => call.Ended;

    public bool IsMuted => call.Orders.IsMuted;

    public bool IsOnHold => call.Hold.IsOn;

    public double Gain => call.Orders.Gain;

    public bool HasAutomaticGain => call.Orders.HasAutomaticGain;

    public MemberRule Rule => call.Booth.Told;

    public IReadOnlyList<KeyValuePair<string, string>> RemoteHeaders => call.RemoteHeaders;

    /// <summary>The call itself; its shard's.</summary>
    internal Call Inner => call;

    internal CallServices Services => call.Services;

    /// <summary>The call has ended.</summary>
    internal void OnEnded() => _commands.OnEnded();

    /// <summary>The shard works no more: what still waits for it is answered here.</summary>
    internal void Abandon() => _commands.Abandon();

    public IReadOnlyList<CallNote> Explain() => call.Record.Notes;

    public IReadOnlyList<WireTraceEntry> WireTrace => call.Record.Messages;

    public CallReport GetReport() => call.NewReport();

    public Task<CallCommandResult> TraceWireAsync() =>
        _commands.RunAsync(() => call.Record.TryTrace() ? CallCommandResult.Done : CallCommandResult.AlreadyDone);

    public CallStatistics? GetStatistics() => call.Audio?.GetStatistics();

    public Task<CallCommandResult> AnswerAsync() => _commands.RunAsync(() =>
        call.State == CallState.Answered ? CallCommandResult.AlreadyDone : call.Setup!.Answer());

    public Task<CallCommandResult> RejectAsync(int statusCode = 486, string? reasonPhrase = null)
    {
        // The factory refuses what can't be sent.
        var rejection = (InviteDecision.Rejection)InviteDecision.Reject(statusCode, reasonPhrase);
        return _commands.RunAsync(() => call.Setup?.Reject(rejection) ?? CallCommandResult.NotPossible);
    }

    public Task<CallCommandResult> HangUpAsync(int statusCode = 480)
    {
        if (statusCode is < 400 or > 699)
            throw new ArgumentOutOfRangeException(
                nameof(statusCode), statusCode, "A call is refused with a status code from 400 to 699, for example 480.");
        return _commands.RunAsync(
            () =>
            {
                call.End(new CallEnd(CallEndCause.LocalHangup, statusCode, "ended by the host"));
                return CallCommandResult.Done;
            },
            CallCommandResult.AlreadyDone);
    }

    public Task<CallCommandResult> MuteAsync(bool muted = true) =>
        _commands.RunAsync(() => call.Orders.TryMute(muted) ? CallCommandResult.Done : CallCommandResult.AlreadyDone);

    public Task<CallCommandResult> SetGainAsync(double decibels)
    {
        if (decibels is not (>= -40 and <= 20))
            throw new ArgumentOutOfRangeException(nameof(decibels), decibels, "The gain is from -40 to +20 dB.");
        return _commands.RunAsync(() => call.Orders.TrySetGain(decibels) ? CallCommandResult.Done : CallCommandResult.AlreadyDone);
    }

    public Task<CallCommandResult> SetRuleAsync(MemberRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var inAudio = rule with { Hears = AudioMembers.Of(rule.Hears, Services), HeardBy = AudioMembers.Of(rule.HeardBy, Services) };
        return _commands.RunAsync(() =>
        {
            if (call.Audio is not { IsStarted: true })
                return CallCommandResult.NotPossible;
            call.Booth.SetRule(rule, inAudio);
            return CallCommandResult.Done;
        });
    }

    public Task<CallCommandResult> SetAutomaticGainAsync(bool on = true) =>
        _commands.RunAsync(() => call.Orders.TrySetAutomaticGain(on) ? CallCommandResult.Done : CallCommandResult.AlreadyDone);

    public Task<CallCommandResult> SendDtmfAsync(string digits, TimeSpan? duration = null, TimeSpan? gap = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(digits);
        var (length, pause) = (duration ?? TimeSpan.FromMilliseconds(100), gap ?? TimeSpan.FromMilliseconds(60));
        DtmfDigits.Check(digits, length, pause);
        return BeginAsync(command => call.Digits.Send(digits, length, pause, command.Complete));
    }

    public Task<CallCommandResult> HoldAsync(IPcmEndpoint? music = null)
    {
        if (music is not null && music.SampleRate is not (8000 or 16000 or 48000))
            throw new ArgumentException("Music is at 8000, 16000 or 48000 Hz.", nameof(music));
        return BeginAsync(command => call.Hold.Hold(music, command));
    }

    public Task<CallCommandResult> ResumeAsync() => BeginAsync(call.Hold.Resume);

    public Task<CallCommandResult> MoveToRoomAsync(string roomId)
    {
        RoomName.Check(roomId);
        return BeginAsync(command => call.Room.Move(roomId, command.Complete));
    }

    public Task<RoomBot?> AddParticipantAsync(RoomBotOptions? options = null)
    {
        Services.Bots.CheckRooms();
        return _commands.BeginAsync<RoomBot?>(
            command => command.Complete(
                call.Room.HasPlace ? Services.Bots.TryAdd(call.Info.RoomId!, options ?? new RoomBotOptions(), mustFindRoom: true) : null),
            null);
    }

    public Task<PlayResult> PlayAsync(AudioClip clip, PlayOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(clip);
        PlayedClip? played = null;
        var task = _commands.BeginAsync<PlayResult>(
            command => played = call.Booth.Player.Play(clip, options ?? new PlayOptions(), result =>
            {
                command.Complete(result);
                if (call.Services.Events.IsWatched)
                    call.Services.Events.Tell(new SipServerEvent.Played(call.Id, null, result));
            }),
            new PlayResult(PlayEnd.Ended, TimeSpan.Zero));
        return Cancellable(task, () => played?.Stop(PlayEnd.Stopped), cancellationToken);
    }

    public Task<Recording?> StartRecordingAsync(string path, RecordingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (call.HasEnded || call.Audio is null)
            return Task.FromResult<Recording?>(null);
        var started = new TaskCompletionSource<Recording?>(TaskCreationOptions.RunContinuationsAsynchronously);
        call.Services.Recordings.CreateFile(path, started, file => call.Shard.Post(_ =>
        {
            Recording? recording = null;
            call.Guard(() => recording = call.HasEnded ? null : call.Booth.Recorder.Start(file, options ?? new RecordingOptions()));
            if (recording is null)
                RecordingDirectory.GiveUp(file);
            RecordingDirectory.Started(started, recording);
        }));
        return started.Task;
    }

    public Task<MediaStream?> StartStreamAsync(MediaStreamOptions options)
    {
        StreamDirectory.Check(options);
        return _commands.BeginAsync<MediaStream?>(command => command.Complete(call.Booth.Streams.Start(options)), null);
    }

    public Task<GatherResult> GatherDigitsAsync(GatherOptions? options = null, CancellationToken cancellationToken = default)
    {
        options = GatherOptions.Check(options ?? new GatherOptions(), nameof(options));
        var hasBegun = false;
        var task = _commands.BeginAsync<GatherResult>(
            command =>
            {
                call.Digits.Gather.Begin(options, command.Complete);
                hasBegun = !command.Task.IsCompleted;
            },
            new GatherResult(GatherEnd.Ended, ""));
        return Cancellable(
            task,
            () =>
            {
                if (hasBegun && !task.IsCompleted)
                    call.Digits.Gather.Cancel(GatherEnd.Cancelled);
            },
            cancellationToken);
    }

    public Task<TransferResult> TransferAsync(string target, TransferOptions? options = null)
    {
        TransferAddress.Check(target, nameof(target));
        return TransferAsync(onDone => call.Transfers.Send(target, null, options ?? new TransferOptions(), onDone));
    }

    public Task<TransferResult> TransferAsync(ISipCall other, TransferOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other is EndedCall)
            return Task.FromResult(new TransferResult(call.HasEnded ? TransferStatus.Ended : TransferStatus.NotPossible));
        if (other is not CallHandle handle || ReferenceEquals(handle, this) || handle.Services != Services)
            throw new ArgumentException("The other call is another one of the same server.", nameof(other));
        return TransferAsync(onDone => call.Transfers.SendInPlaceOf(handle.Inner, options ?? new TransferOptions(), onDone));
    }

    public Task<MessageResult> SendMessageAsync(string text, string contentType = "text/plain;charset=UTF-8")
    {
        MessageBody.Check(text, contentType);
        return _commands.BeginAsync<MessageResult>(
            command => call.Messages.Send(text, contentType, command.Complete), new MessageResult(MessageStatus.Ended), outlivesCall: true);
    }

    private Task<CallCommandResult> BeginAsync(Action<CallCommand<CallCommandResult>> command) =>
        _commands.BeginAsync(command, CallCommandResult.Ended);

    private Task<TransferResult> TransferAsync(Action<Action<TransferResult>> begin) =>
        _commands.BeginAsync<TransferResult>(
            command => begin(command.Complete), new TransferResult(TransferStatus.Ended), outlivesCall: true);

    // After the beginning, which was posted before.
    private Task<TResult> Cancellable<TResult>(Task<TResult> task, Action cancel, CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
            return task;
        var registration = cancellationToken.Register(() => call.Post(cancel));
        task.ContinueWith(_ => registration.Dispose(), TaskScheduler.Default);
        return task;
    }
}
