using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Atm0s.Sip.Calls;

/// <summary>The calls of a server, by id, and the last words that still wait for an answer.</summary>
internal sealed class CallDirectory
{
    private readonly ConcurrentDictionary<string, CallLeg> _calls = new(StringComparer.Ordinal);
    private int _count;
    private int _farewells;

    public IReadOnlyCollection<ISipCall> All => [.. _calls.Values];

    public IReadOnlyCollection<CallLeg> Legs => [.. _calls.Values];

    /// <summary>BYEs and CANCELs that have no final response yet.</summary>
    public int Farewells => Volatile.Read(ref _farewells);

    public bool TryGet(string id, [NotNullWhen(true)] out CallLeg? leg) => _calls.TryGetValue(id, out leg);

    /// <summary>Adds a call unless there are <paramref name="limit"/> already.</summary>
    public bool TryAdd(CallLeg leg, int limit)
    {
        if (Interlocked.Increment(ref _count) > limit)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        _calls[leg.Id] = leg;
        return true;
    }

    public void Remove(CallLeg leg)
    {
        if (_calls.TryRemove(KeyValuePair.Create(leg.Id, leg)))
            Interlocked.Decrement(ref _count);
    }

    public void FarewellSent() => Interlocked.Increment(ref _farewells);

    public void FarewellDone() => Interlocked.Decrement(ref _farewells);
}
