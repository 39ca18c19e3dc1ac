using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Atm0s.Sip.Calls;

/// <summary>The calls of a server, by id, and the last words that still wait for an answer.</summary>
internal sealed class CallDirectory
{
    private readonly ConcurrentDictionary<string, CallLeg> _calls = new(StringComparer.Ordinal);
    private int _count;
    private int _farewells;
    private TaskCompletionSource? _quiet;

    public IReadOnlyCollection<ISipCall> All => [.. _calls.Values];

    public IReadOnlyCollection<CallLeg> Legs => [.. _calls.Values];

    /// <summary>
    /// Completes when no BYE or CANCEL waits for its final response any more. To be asked once, when no more calls begin.
    /// </summary>
    public Task WhenQuietAsync()
    {
        _quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _farewells) == 0)
            _quiet.TrySetResult();
        return _quiet.Task;
    }

    public bool TryGet(string id, [NotNullWhen(true)] out CallLeg? leg) => _calls.TryGetValue(id, out leg);

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
    public void Add(CallLeg leg) => _calls[leg.Id] = leg;

    /// <summary>The call of a place that was taken is not made after all.</summary>
    public void GiveBack() => Interlocked.Decrement(ref _count);

    public void Remove(CallLeg leg)
    {
        if (_calls.TryRemove(KeyValuePair.Create(leg.Id, leg)))
            Interlocked.Decrement(ref _count);
    }

    public void FarewellSent() => Interlocked.Increment(ref _farewells);

    public void FarewellDone()
    {
        if (Interlocked.Decrement(ref _farewells) == 0)
            Volatile.Read(ref _quiet)?.TrySetResult();
    }
}
