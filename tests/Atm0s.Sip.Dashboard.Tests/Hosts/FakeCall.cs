using System.Net;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Dashboard.Tests.Hosts;

/// <summary>A call that only looks like one.</summary>
internal sealed class FakeCall(int number, string room, string? from = null) : ISipCall
{
    private readonly TaskCompletionSource<CallEvent.Ended> _ended = new();
    private int _looks = number * 7;

    public string Id { get; } = $"call{number:D5}";

    public CallInfo Info => new()
    {
        CallId = Id, SipCallId = $"{Id}@test", Direction = number % 3 == 0 ? CallDirection.Outgoing : CallDirection.Incoming,
        From = from ?? $"+49301{number:D5}", To = room, RoomId = room, Username = $"user{number}", ParticipantId = Id,
    };

    public CallState State { get; set; } = CallState.Answered;

    public Task<CallOutcome> Answered => Task.FromResult(new CallOutcome(true, null, 200));

    public Task<CallEvent.Ended> Ended => _ended.Task;

    public bool IsMuted { get; set; }

    public bool IsOnHold => false;

    public double Gain => 0;

    public IReadOnlyList<KeyValuePair<string, string>> RemoteHeaders => [];

    public IReadOnlyList<WireTraceEntry> WireTrace => [];

    // Other than the last time, as a voice is.
    public CallStatistics GetStatistics()
    {
        var look = Interlocked.Increment(ref _looks);
        return new CallStatistics
        {
            Codec = "opus", PacketsSent = look * 20, PacketsReceived = look * 20, PacketsLost = look / 9,
            JitterMilliseconds = 4 + (look % 13), Level = -10 - (look * 17 % 70), Local = new IPEndPoint(IPAddress.Loopback, 40_000),
            Mos = 3.4 + (look % 10 / 10.0), PlayedAudio = TimeSpan.FromSeconds(look),
        };
    }

    public IReadOnlyList<CallNote> Explain() => [];

    public Task<CallCommandResult> MuteAsync(bool muted = true)
    {
        IsMuted = muted;
        return Done;
    }

    public Task<CallCommandResult> AnswerAsync() => Done;

    public Task<CallCommandResult> RejectAsync(int statusCode = 486, string? reasonPhrase = null) => Done;

    public Task<CallCommandResult> HangUpAsync(int statusCode = 480) => Done;

    public Task<CallCommandResult> SetGainAsync(double decibels) => Done;

    public Task<CallCommandResult> SendDtmfAsync(string digits, TimeSpan? duration = null, TimeSpan? gap = null) => Done;

    public Task<CallCommandResult> HoldAsync(IPcmEndpoint? music = null) => Done;

    public Task<CallCommandResult> ResumeAsync() => Done;

    public Task<CallCommandResult> MoveToRoomAsync(string roomId) => Done;

    public Task<CallCommandResult> TraceWireAsync() => Done;

    public Task<TransferResult> TransferAsync(string target, TransferOptions? options = null) => throw new NotSupportedException();

    public Task<TransferResult> TransferAsync(ISipCall other, TransferOptions? options = null) => throw new NotSupportedException();

    public Task<MessageResult> SendMessageAsync(string text, string contentType = "text/plain") => throw new NotSupportedException();

    private static Task<CallCommandResult> Done => Task.FromResult(CallCommandResult.Done);

    public CallReport GetReport() => throw new NotSupportedException();
}
