using System.Collections.Concurrent;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>
/// Remembers for a while which outgoing calls began, so that an answer of the hook server that comes too late ends what was rung for the
/// caller, and nothing else.
/// </summary>
internal sealed class RungCalls(ISipServer server, TimeProvider timeProvider, CancellationToken stopped) : ICallObserver
{
    private const int Max = 20_000;
    private const int RequestTerminated = 487;

    // No question is older: InviteTimeout is at most 59 s.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(59) + HookPipeline.LateLimit;

    // A call that was begun just before the answer came is not told of yet.
    private static readonly TimeSpan OnItsWay = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentQueue<Rung> _recent = new();

    /// <summary>Cancelled when the host has stopped: nobody waits for answers any more.</summary>
    public CancellationToken Stopped => stopped;

    public ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        if (callEvent is CallEvent.Connecting { Call: { Direction: CallDirection.Outgoing, RoomId: not null } call })
        {
            _recent.Enqueue(new Rung(timeProvider.GetTimestamp(), call.CallId));
            while (_recent.TryPeek(out var oldest) && (_recent.Count > Max || timeProvider.GetElapsedTime(oldest.At) > Memory))
                _recent.TryDequeue(out _);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The answer came, too late: ends the outgoing calls into its room that began since, when nobody else is in it.</summary>
    /// <param name="roomId">The room that the answer names.</param>
    /// <param name="since">When the hook server was asked.</param>
    public Task EndInRoomAsync(string roomId, long since) => EndAsync(since, call => call.RoomId == roomId);

    /// <summary>
    /// The answer is lost, and with it the name of the room: ends the outgoing calls that began since, from this caller to this callee,
    /// where nobody else is in the room.
    /// </summary>
    /// <param name="from">Number of the caller.</param>
    /// <param name="to">Number or user he called.</param>
    /// <param name="since">When the hook server was asked.</param>
    public Task EndBetweenAsync(string from, string to, long since) => EndAsync(since, call => call.From == from && call.To == to);

    private async Task EndAsync(long since, Func<CallInfo, bool> isWanted)
    {
        await Task.Delay(OnItsWay, timeProvider, stopped).ConfigureAwait(false);
        var calls = new List<ISipCall>();
        foreach (var rung in _recent)
        {
            if (rung.At >= since && server.TryGetCall(rung.CallId, out var call) && isWanted(call.Info))
                calls.Add(call);
        }

        foreach (var room in calls.GroupBy(static call => call.Info.RoomId))
        {
            if (server.Rooms.FirstOrDefault(r => r.Id == room.Key) is { } other && other.Members > room.Count())
                continue;
            foreach (var call in room)
                await call.HangUpAsync(RequestTerminated).ConfigureAwait(false);
        }
    }

    private readonly record struct Rung(long At, string CallId);
}
