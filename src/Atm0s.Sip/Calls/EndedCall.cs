using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls;

/// <summary>A call that could not even be tried: its phone is not registered, or nothing leads there.</summary>
internal sealed class EndedCall : ISipCall
{
    public EndedCall(CallServices services, CallInfo info, CallEndCause cause, int status, string reason)
    {
        Info = info;
        var ended = new CallEvent.Ended
        {
            Call = info, Timestamp = services.Stack.Clock.UtcNow, Cause = cause, StatusCode = status, Reason = reason, Duration = TimeSpan.Zero,
        };
        Answered = Task.FromResult(new CallOutcome(false, cause, status));
        Ended = Task.FromResult(ended);
        services.NewEventQueue(info.CallId).Post((observer, cancellation) => observer.OnCallEventAsync(ended, cancellation));
    }

    public string Id => Info.CallId;

    public CallInfo Info { get; }

    public CallState State => CallState.Ended;

    public Task<CallOutcome> Answered { get; }

    public Task<CallEvent.Ended> Ended { get; }

    public Task HangUpAsync(int statusCode = 480) => Ended;

    public CallStatistics? GetStatistics() => null;
}
