using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls;

/// <summary>
/// Which outgoing calls ring for which caller. The host names the caller (<see cref="OutgoingCallOptions.ForCallId"/>), or only rings into
/// the room that it then gives the caller: what becomes of such a call while the host still thinks is written down here for as long as it
/// thinks, and no longer. Any thread.
/// </summary>
internal sealed class RingLedger
{
    private const int MaxEnded = 10_000;

    private readonly Lock _lock = new();
    private readonly SortedSet<long> _questions = [];
    private readonly EndedRings _ended = new(MaxEnded);
    private readonly Dictionary<string, List<Call>> _ringing = new(StringComparer.Ordinal);
    private long _sequence;

    /// <summary>How much is written down: nothing while no host thinks and nobody rings for anybody.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _questions.Count + _ended.Count + _ringing.Count;
        }
    }

    /// <summary>The host is asked about a caller.</summary>
    /// <returns>To be given back with <see cref="Close"/>.</returns>
    public long Open()
    {
        lock (_lock)
        {
            _questions.Add(++_sequence);
            return _sequence;
        }
    }

    /// <summary>The host has decided, or need not any more. Safe to repeat.</summary>
    public void Close(long question)
    {
        lock (_lock)
        {
            if (!_questions.Remove(question))
                return;
            // What began before every question that is still open was rung for none of them.
            var oldest = _questions.Count == 0 ? long.MaxValue : _questions.Min;
            _ended.Forget(oldest);
        }
    }

    /// <summary>An outgoing call begins.</summary>
    public long Begin()
    {
        lock (_lock)
            return ++_sequence;
    }

    /// <summary>An outgoing call rings for a caller.</summary>
    /// <returns>False when that caller is gone.</returns>
    public bool TryLink(Call outgoing, string callerId)
    {
        lock (_lock)
        {
            if (!outgoing.Services.Calls.TryGet(callerId, out var caller) || caller.HasEnded)
                return false;
            if (!_ringing.TryGetValue(callerId, out var ringing))
                _ringing.Add(callerId, ringing = []);
            ringing.Add(outgoing);
            return true;
        }
    }

    /// <summary>Who rings for a caller rings for whoever is in the room from now on, for somebody takes the caller's place.</summary>
    public void Release(string callerId)
    {
        lock (_lock)
            _ringing.Remove(callerId);
    }

    /// <summary>What has become of who was rung for a caller before the host had decided about him, or null.</summary>
    /// <param name="question">The question about the caller.</param>
    /// <param name="callerId">The caller.</param>
    /// <param name="roomId">The room that the host has given him.</param>
    public CallEnd? Find(long question, string callerId, string roomId)
    {
        lock (_lock)
        {
            // Who was rung for somebody else says nothing about this one, though both wait for the same room.
            return _ended.Find(callerId, roomId, since: question);
        }
    }

    /// <summary>An outgoing call into a room could not be made at all.</summary>
    public void OnRefused(string roomId, string? forCallId, CallEnd why)
    {
        lock (_lock)
            Add(++_sequence, roomId, forCallId, why);
    }

    /// <summary>A call has ended. Who rings for it has nobody any more to ring for.</summary>
    public void OnEnded(Call call, CallEnd why, bool wasAnswered)
    {
        List<Call>? ringing = null;
        lock (_lock)
        {
            if (call.Info.Direction == CallDirection.Incoming)
            {
                _ringing.Remove(call.Id, out ringing);
            }
            else
            {
                Unlink(call);
                var isNews = wasAnswered ? why.Cause == CallEndCause.RemoteHangup
                    : why.Cause is not (CallEndCause.LocalHangup or CallEndCause.Shutdown);
                if (isNews && call.Info.RoomId is { } roomId)
                    Add(call.RingStamp, roomId, call.ForCallId, why);
            }
        }

        foreach (var outgoing in ringing ?? [])
            outgoing.Post(() =>
            {
                if (outgoing.State != CallState.Answered)
                    outgoing.End(new CallEnd(CallEndCause.OthersLeft, 487, "whom it was rung for is gone"));
            });
    }

    private void Unlink(Call outgoing)
    {
        if (outgoing.ForCallId is not { } callerId || !_ringing.TryGetValue(callerId, out var ringing))
            return;
        ringing.Remove(outgoing);
        if (ringing.Count == 0)
            _ringing.Remove(callerId);
    }

    private void Add(long begun, string roomId, string? forCallId, CallEnd why)
    {
        if (_questions.Count > 0 && (begun >= _questions.Min || forCallId is not null))
            _ended.Add(begun, roomId, forCallId, why);
    }
}
