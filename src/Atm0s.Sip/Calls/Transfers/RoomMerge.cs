using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Transfers;

/// <summary>Takes calls to a room, each on its own shard, and tells when all are there. On the shard of the call that wants it.</summary>
internal sealed class RoomMerge
{
    private readonly Call _owner;
    private readonly Action<int> _onDone;
    private int _waiting;
    private int _moved;

    private RoomMerge(Call owner, int count, Action<int> onDone)
    {
        _owner = owner;
        _waiting = count;
        _onDone = onDone;
    }

    /// <summary>The calls in a room but for some.</summary>
    public static IReadOnlyList<Call> Others(CallServices services, string? roomId, params ReadOnlySpan<Call?> except)
    {
        var others = new List<Call>();
        if (roomId is null)
            return others;
        foreach (var call in services.Calls.InRoom(roomId))
        {
            if (call.Info.RoomId == roomId && !call.HasEnded && !except.Contains(call))
                others.Add(call);
        }

        return others;
    }

    /// <summary>Begins.</summary>
    /// <param name="owner">Who wants it.</param>
    /// <param name="calls">Who is to move; at least one.</param>
    /// <param name="roomId">Where to.</param>
    /// <param name="onDone">Gets the number of those that are there, on the owner's shard.</param>
    public static void Begin(Call owner, IReadOnlyList<Call> calls, string roomId, Action<int> onDone)
    {
        var merge = new RoomMerge(owner, calls.Count, onDone);
        foreach (var call in calls)
            call.Post(() => Move(call, roomId, merge.Report));
    }

    private static void Move(Call call, string roomId, Action<CallCommandResult> onDone)
    {
        if (call.HasEnded)
            onDone(CallCommandResult.Ended);
        else
            call.Room.Move(roomId, onDone);
    }

    private void Report(CallCommandResult result) => _owner.Post(() =>
    {
        if (result is CallCommandResult.Done or CallCommandResult.AlreadyDone)
            _moved++;
        if (--_waiting == 0)
            _onDone(_moved);
    });
}
