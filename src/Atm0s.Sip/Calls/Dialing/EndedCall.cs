using Atm0s.Sip.Calls.Records;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>A call that could not even be tried: its phone is not registered, or nothing leads there.</summary>
internal sealed class EndedCall : ISipCall
{
    private readonly CallReport _report;

    public EndedCall(CallServices services, CallInfo info, CallEnd why, string? forCallId)
    {
        Info = info;
        var ended = new CallEvent.Ended
        {
            Call = info,
            Timestamp = services.Stack.Clock.UtcNow,
            Cause = why.Cause,
            StatusCode = why.Status,
            Reason = why.Reason,
            Duration = TimeSpan.Zero,
        };
        Answered = Task.FromResult(new CallOutcome(false, why.Cause, why.Status));
        Ended = Task.FromResult(ended);
        var record = CallRecord.OfRefused(services, info.SipCallId);
        record.Note("end", why.Reason);
        _report = new CallReport(record)
        {
            Info = info,
            State = CallState.Ended,
            StartedAt = ended.Timestamp,
            End = ended,
            ForCallId = forCallId,
            HasFailed = true,
        };
        services.History.Add(_report, record);
        services.Tell(new CallEvent.Connecting { Call = info, Timestamp = ended.Timestamp });
        services.Tell(ended);
    }

    public string Id => Info.CallId;

    public CallInfo Info { get; }

    public CallState State => CallState.Ended;

    public bool IsBegun => false;

    public Task<CallOutcome> Answered { get; }

    public Task<CallEvent.Ended> Ended { get; }

    public bool IsMuted => false;

    public bool IsOnHold => false;

    public double Gain => 0;

    public IReadOnlyList<KeyValuePair<string, string>> RemoteHeaders => [];

    private static Task<CallCommandResult> HasEnded { get; } = Task.FromResult(CallCommandResult.Ended);

    public Task<CallCommandResult> AnswerAsync() => HasEnded;

    public Task<CallCommandResult> RejectAsync(int statusCode = 486, string? reasonPhrase = null) => HasEnded;

    public Task<CallCommandResult> HangUpAsync(int statusCode = 480) => Task.FromResult(CallCommandResult.AlreadyDone);

    public Task<CallCommandResult> MuteAsync(bool muted = true) => HasEnded;

    public Task<CallCommandResult> SetGainAsync(double decibels) => HasEnded;

    public Task<CallCommandResult> SetAutomaticGainAsync(bool on = true) => HasEnded;

    public Task<CallCommandResult> SetRuleAsync(MemberRule rule) => HasEnded;

    public Task<CallCommandResult> SendDtmfAsync(string digits, TimeSpan? duration = null, TimeSpan? gap = null) => HasEnded;

    public Task<CallCommandResult> HoldAsync(IPcmEndpoint? music = null) => HasEnded;

    public Task<CallCommandResult> ResumeAsync() => HasEnded;

    public Task<PlayResult> PlayAsync(AudioClip clip, PlayOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new PlayResult(PlayEnd.Ended, TimeSpan.Zero));

    public Task<GatherResult> GatherDigitsAsync(GatherOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new GatherResult(GatherEnd.Ended, ""));

    public Task<CallCommandResult> MoveToRoomAsync(string roomId) => HasEnded;

    public Task<TransferResult> TransferAsync(string target, TransferOptions? options = null) =>
        Task.FromResult(new TransferResult(TransferStatus.Ended));

    public Task<TransferResult> TransferAsync(ISipCall other, TransferOptions? options = null) =>
        Task.FromResult(new TransferResult(TransferStatus.Ended));

    public Task<MessageResult> SendMessageAsync(string text, string contentType = "text/plain;charset=UTF-8") =>
        Task.FromResult(new MessageResult(MessageStatus.Ended));

    public CallStatistics? GetStatistics() => null;

    public IReadOnlyList<CallNote> Explain() => _report.Notes;

    public CallReport GetReport() => _report;

    public IReadOnlyList<WireTraceEntry> WireTrace => [];

    public Task<CallCommandResult> TraceWireAsync() => HasEnded;
}
