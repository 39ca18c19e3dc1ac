namespace Atm0s.Sip.Calls.Records;

/// <summary>The memory for messages of all calls, counted. Half of it is for calls that go on. Any thread; nobody waits for another.</summary>
/// <param name="maxBytes">How much there is.</param>
internal sealed class TraceMemory(long maxBytes)
{
    private readonly BlockPool _pool = new();
    private long _taken;
    private long _live;

    /// <summary>Bytes that are in use.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Bytes that calls use which go on.</summary>
    public long Live => Volatile.Read(ref _live);

    /// <summary>Bytes that were made to be used again and again; those in use are among them.</summary>
    public long Made => _pool.Made;

    /// <summary>A chain of blocks, or null when there is no room.</summary>
    /// <param name="count">How many; at least one.</param>
    /// <param name="isLive">Whether they are for a call that goes on.</param>
    /// <param name="isShared">Whether they come from what is used again; others belong to who keeps them.</param>
    public TraceBlock? TryTake(int count, bool isLive, bool isShared)
    {
        var bytes = (long)count * TraceBlock.Size;
        if (!TryCount(ref _taken, bytes, maxBytes))
            return null;
        if (isLive && !TryCount(ref _live, bytes, maxBytes / 2))
        {
            Interlocked.Add(ref _taken, -bytes);
            return null;
        }

        return isShared ? _pool.Take(count) : NewChain(count);
    }

    /// <summary>Takes a chain back.</summary>
    public void GiveBack(TraceBlock? chain, bool isLive)
    {
        if (chain is null)
            return;
        var bytes = 0L;
        for (var block = chain; block is not null; block = block.Next)
            bytes += TraceBlock.Size;
        // Before they are counted as free: who takes them then finds them there.
        if (chain.IsShared)
            _pool.GiveBack(chain);
        Uncount(bytes, isLive);
    }

    /// <summary>Blocks that are not shared belong to somebody else from now on.</summary>
    public void Uncount(long bytes, bool isLive)
    {
        Interlocked.Add(ref _taken, -bytes);
        if (isLive)
            Interlocked.Add(ref _live, -bytes);
    }

    /// <summary>What a call has used until now is used by one that has ended.</summary>
    public void Retire(long bytes) => Interlocked.Add(ref _live, -bytes);

    private static bool TryCount(ref long count, long bytes, long max)
    {
        for (var seen = Volatile.Read(ref count); seen + bytes <= max;)
        {
            var before = Interlocked.CompareExchange(ref count, seen + bytes, seen);
            if (before == seen)
                return true;
            seen = before;
        }

        return false;
    }

    private static TraceBlock NewChain(int count)
    {
        TraceBlock? chain = null;
        for (var i = 0; i < count; i++)
            chain = new TraceBlock(new byte[TraceBlock.Size], 0, isShared: false) { Next = chain };
        return chain!;
    }
}
