using System.Runtime.InteropServices;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>
/// The server transactions of one shard that are answered and only know their repetitions: a key and bytes each, in a queue for each
/// duration; no object. Found by key, ended in the shard's turns (<see cref="LingerSweep"/>) from the head of each queue. Not thread-safe.
/// </summary>
/// <param name="merged">Where their requests are remembered for as long.</param>
internal sealed class LingeringTransactions(MergedRequests merged)
{
    /// <summary>Bytes that a transaction takes beside its record: its places in the tables, with what these keep free.</summary>
    public const int TableBytes = 112;

    // Whether one lingers a tenth of a second longer does not matter.
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<MatchKey, LingerPlace> _places = [];

    // By LingerKind, which is also the order in which they give way: the repetition of an INVITE that is forgotten rings again.
    private readonly LingerQueue[] _queues = [new(), new(), new(), new(), new()];

    /// <summary>Transactions that are there.</summary>
    public int Count => _places.Count;

    /// <summary>Bytes that they take.</summary>
    public long Bytes
    {
        get
        {
            var bytes = (long)Count * TableBytes;
            foreach (var queue in _queues)
                bytes += queue.Bytes;
            return bytes;
        }
    }

    /// <summary>When the next one ends, within a tenth of a second; null when there is none.</summary>
    public TimeSpan? NextDeadline
    {
        get
        {
            var next = TimeSpan.MaxValue;
            foreach (var queue in _queues)
            {
                if (queue.FirstEnd is { } end && end < next)
                    next = end;
            }

            return next == TimeSpan.MaxValue ? null : new TimeSpan((next.Ticks + Grain.Ticks - 1) / Grain.Ticks * Grain.Ticks);
        }
    }

    /// <summary>Bytes that a transaction takes.</summary>
    /// <param name="length">Length of its response, or tag.</param>
    public static int SizeOf(int length) => TableBytes + LingerQueue.SizeOf(length);

    /// <summary>Whether there is one with this key.</summary>
    public bool Contains(MatchKey key) => _places.ContainsKey(key);

    /// <summary>Adds one.</summary>
    /// <param name="key">What its messages are matched by.</param>
    /// <param name="merge">What its request is remembered by; forgotten with it.</param>
    /// <param name="kind">How far it is.</param>
    /// <param name="end">When it ends: no transaction of its kind ends later.</param>
    /// <param name="content">Its response, or our tag; copied.</param>
    /// <param name="requestLength">Length of its request; 0 where it is not asked for.</param>
    /// <returns>False when the key is taken.</returns>
    public bool TryAdd(
        MatchKey key, MatchKey merge, LingerKind kind, TimeSpan end, ReadOnlySpan<byte> content, ushort requestLength = 0)
    {
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, key, out var isTaken);
        if (isTaken)
            return false;
        place = _queues[(int)kind].Add(key, merge, kind, end, content, requestLength);
        return true;
    }

    /// <summary>Finds one.</summary>
    /// <param name="key">What its messages are matched by.</param>
    /// <param name="found">What is left of it.</param>
    public bool TryGet(MatchKey key, out LingeringTransaction found)
    {
        if (!_places.TryGetValue(key, out var place))
        {
            found = default;
            return false;
        }

        found = LingerQueue.Read(place);
        return true;
    }

    /// <summary>Takes one out before its time.</summary>
    /// <param name="key">What its messages are matched by.</param>
    /// <param name="kind">What it must be.</param>
    /// <param name="merge">What its request is remembered by still.</param>
    /// <returns>False when there is none of that kind.</returns>
    public bool TryTake(MatchKey key, LingerKind kind, out MatchKey merge)
    {
        merge = default;
        if (!_places.TryGetValue(key, out var place) || LingerQueue.Read(place).Kind != kind)
            return false;
        _places.Remove(key);
        merge = _queues[(int)kind].Clear(place);
        return true;
    }

    /// <summary>The ACK of a refusal has come (RFC 3261 §17.2.1): from now on everything is absorbed.</summary>
    /// <param name="key">What its messages are matched by.</param>
    /// <param name="end">When it ends; null at once, where nothing is repeated.</param>
    public void Confirm(MatchKey key, TimeSpan? end)
    {
        if (!TryTake(key, LingerKind.Refused, out var merge))
            return;
        if (end is { } later)
            TryAdd(key, merge, LingerKind.Confirmed, later, default);
        else
            merged.Remove(merge);
    }

    /// <summary>Forgets the one that costs its client least: the oldest of the kind that gives way first.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryEvict()
    {
        foreach (var queue in _queues)
        {
            if (TryForgetFirst(queue))
                return true;
        }

        return false;
    }

    /// <summary>Forgets the request of one that was not added.</summary>
    public void Forget(MatchKey merge) => merged.Remove(merge);

    /// <summary>Ends those whose time is over.</summary>
    /// <param name="now">The present time.</param>
    /// <param name="max">How many at most.</param>
    /// <returns>How many there were.</returns>
    public int End(TimeSpan now, int max)
    {
        var ended = 0;
        foreach (var queue in _queues)
        {
            while (ended < max && queue.FirstEnd <= now)
            {
                TryForgetFirst(queue);
                ended++;
            }
        }

        return ended;
    }

    private bool TryForgetFirst(LingerQueue queue)
    {
        if (!queue.TryTake(out var key, out var merge))
            return false;
        // The key of one that was confirmed meanwhile is empty.
        _places.Remove(key);
        merged.Remove(merge);
        return true;
    }
}
