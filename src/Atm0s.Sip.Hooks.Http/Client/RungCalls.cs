using System.Collections.Concurrent;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>
/// Remembers for a while which outgoing calls began, so that an answer of the hook server that comes too late ends what was rung for the
/// caller, and nothing else.
/// </summary>
internal sealed class RungCalls(ISipServer server, TimeProvider timeProvider) : ICallObserver
{
    private const int Max = 20_000;
    private const int RequestTerminated = 487;

    // No question is older: InviteTimeout is at most 59 s.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(59) + HookPipeline.LateLimit;

    private readonly ConcurrentQueue<Rung> _recent = new();

    public ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        if (callEvent is CallEvent.Connecting { Call: { Direction: CallDirection.Outgoing, RoomId: { } room } call })
        {
            _recent.Enqueue(new Rung(timeProvider.GetTimestamp(), call.CallId, room));
            while (_recent.TryPeek(out var oldest) && (_recent.Count > Max || timeProvider.GetElapsedTime(oldest.At) > Memory))
                _recent.TryDequeue(out _);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the outgoing calls into a room that began since then, when nobody else is in it.</summary>
    /// <param name="roomId">The room that the late answer names.</param>
    /// <param name="since">When the hook server was asked.</param>
    public async Task EndAsync(string roomId, long since)
    {
        var calls = new List<ISipCall>();
        foreach (var rung in _recent)
        {
            if (rung.At >= since && rung.RoomId == roomId && server.TryGetCall(rung.CallId, out var call) && call.Info.RoomId == roomId)
                calls.Add(call);
        }

        if (server.Rooms.FirstOrDefault(room => room.Id == roomId) is { } room && room.Members > calls.Count)
            return;
        foreach (var call in calls)
            await call.HangUpAsync(RequestTerminated).ConfigureAwait(false);
    }

    private readonly record struct Rung(long At, string CallId, string RoomId);
}
