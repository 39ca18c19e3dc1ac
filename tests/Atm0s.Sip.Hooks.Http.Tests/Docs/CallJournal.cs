namespace Atm0s.Sip.Hooks.Http.Tests.Docs;

/// <summary>A line for each call that was answered, or that failed.</summary>
internal sealed class CallJournal(TextWriter output) : ICallObserver
{
    public ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var call = callEvent.Call;
        var line = callEvent switch
        {
            CallEvent.Answered => $"{call.From} speaks in {call.RoomId}",
            CallEvent.Ended { StatusCode: >= 400 } failed => $"{call.From} -> {call.To}: {failed.StatusCode} {failed.Cause}, {failed.Reason}",
            CallEvent.Ended ended => $"{call.From} spoke for {ended.Duration.TotalSeconds:0} s, MOS {ended.Quality?.Mos:0.0}",
            _ => null,
        };
        return line is null ? ValueTask.CompletedTask : new ValueTask(output.WriteLineAsync(line.AsMemory(), cancellationToken));
    }
}
