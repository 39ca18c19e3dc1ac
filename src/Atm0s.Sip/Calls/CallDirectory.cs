using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Atm0s.Sip.Calls;

/// <summary>The calls of a server, by id, and how many of those that ended still owe something on the wire.</summary>
internal sealed class CallDirectory
{
    private readonly ConcurrentDictionary<string, Call> _calls = new(StringComparer.Ordinal);
    private readonly Lock _roomsLock = new();
    private readonly Dictionary<string, Call> _rooms = new(StringComparer.Ordinal);     // the first of each
    private int _count;
    private int _unsettled;
    private TaskCompletionSource? _quiet;
    private TaskCompletionSource? _empty;

    public IReadOnlyCollection<Call> All => [.. _calls.Values];

    /// <summary>Does something with each call, without a list of them.</summary>
    public void Visit(Action<Call> visit)
    {
        foreach (var (_, call) in _calls)
            visit(call);
    }

    /// <summary>
    /// Completes when every call has ended and owes nothing any more. To be asked once, when no more calls begin.
    /// </summary>
    public Task WhenQuietAsync()
    {
        _quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _unsettled) == 0)
            _quiet.TrySetResult();
        return _quiet.Task;
    }

    /// <summary>Calls that exist now, those that are about to be made included.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Completes the next time that there is no call, at once when there is none.</summary>
    public Task WhenEmptyAsync()
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = Interlocked.CompareExchange(ref _empty, mine, null) ?? mine;
        if (Count == 0)
            Interlocked.Exchange(ref _empty, null)?.TrySetResult();
        return Count == 0 ? Task.CompletedTask : all.Task;
    }

    public bool TryGet(string id, [NotNullWhen(true)] out Call? call) => _calls.TryGetValue(id, out call);

    /// <summary>
    /// Takes a place for a call that is about to be made, unless there are <paramref name="limit"/> already. <see cref="Add"/> or
    /// <see cref="GiveBack"/> follows.
    /// </summary>
    public bool TryTakePlace(int limit)
    {
        if (Interlocked.Increment(ref _count) <= limit)
            return true;
        Interlocked.Decrement(ref _count);
        return false;
    }

    /// <summary>The call of a place that was taken.</summary>
    public void Add(Call call)
    {
        Interlocked.Increment(ref _unsettled);
        _calls[call.Id] = call;
        if (call.Info.RoomId is { } roomId)
            Enter(call, roomId);
    }

    /// <summary>The call is in a room, or about to be, and in no other.</summary>
    public void Enter(Call call, string roomId)
    {
        lock (_roomsLock)
        {
            Leave(call);
            if (_rooms.TryGetValue(roomId, out var first))
            {
                call.RoomLinks.Next = first;
                first.RoomLinks.Previous = call;
            }

            call.RoomLinks.RoomId = roomId;
            _rooms[roomId] = call;
        }
    }

    /// <summary>The calls in a room, those that are about to be there included.</summary>
    public IReadOnlyList<Call> InRoom(string roomId)
    {
        var calls = new List<Call>();
        lock (_roomsLock)
        {
            for (var call = _rooms.GetValueOrDefault(roomId); call is not null; call = call.RoomLinks.Next)
                calls.Add(call);
        }

        return calls;
    }

    /// <summary>The call of a place that was taken is not made after all.</summary>
    public void GiveBack()
    {
        if (Interlocked.Decrement(ref _count) == 0)
            Interlocked.Exchange(ref _empty, null)?.TrySetResult();
    }

    /// <summary>The call has ended.</summary>
    public void Remove(Call call)
    {
        if (_calls.TryRemove(KeyValuePair.Create(call.Id, call)))
            GiveBack();
        lock (_roomsLock)
            Leave(call);
    }

    /// <summary>A call that has ended owes nothing any more.</summary>
    public void OnSettled()
    {
        if (Interlocked.Decrement(ref _unsettled) == 0)
            Volatile.Read(ref _quiet)?.TrySetResult();
    }

    private void Leave(Call call)
    {
        var (roomId, previous, next) = call.RoomLinks;
        if (roomId is null)
            return;
        if (next is not null)
            next.RoomLinks.Previous = previous;
        if (previous is not null)
            previous.RoomLinks.Next = next;
        else if (next is not null)
            _rooms[roomId] = next;
        else
            _rooms.Remove(roomId);
        call.RoomLinks = default;
    }
}
