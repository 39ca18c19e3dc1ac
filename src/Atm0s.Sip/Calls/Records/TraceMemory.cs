namespace Atm0s.Sip.Calls.Records;

/// <summary>
/// The memory for messages of all calls: blocks that are made in slabs as they are needed and used again, so that nothing has to be
/// collected. Half of it is for calls that go on. Any thread.
/// </summary>
/// <param name="maxBytes">How much there is.</param>
internal sealed class TraceMemory(long maxBytes)
{
    private const int BlocksPerSlab = 64;

    private readonly Lock _lock = new();
    private TraceBlock? _free;
    private long _taken;
    private long _live;

    /// <summary>Bytes that are in use.</summary>
    public long Taken
    {
        get
        {
            lock (_lock)
                return _taken;
        }
    }

    /// <summary>Bytes that calls use which go on.</summary>
    public long Live
    {
        get
        {
            lock (_lock)
                return _live;
        }
    }

    /// <summary>A chain of blocks, or null when there is no room.</summary>
    /// <param name="count">How many; at least one.</param>
    /// <param name="isLive">Whether they are for a call that goes on.</param>
    /// <param name="isShared">Whether they come from what is used again; others belong to who keeps them.</param>
    public TraceBlock? TryTake(int count, bool isLive, bool isShared)
    {
        var bytes = (long)count * TraceBlock.Size;
        lock (_lock)
        {
            if (_taken + bytes > maxBytes || (isLive && _live + bytes > maxBytes / 2))
                return null;
            _taken += bytes;
            if (isLive)
                _live += bytes;
            TraceBlock? chain = null;
            for (var i = 0; i < count; i++)
            {
                var block = isShared ? TakeFree() : new TraceBlock(new byte[TraceBlock.Size], 0, isShared: false);
                block.Next = chain;
                chain = block;
            }

            return chain;
        }
    }

    /// <summary>Takes a chain back.</summary>
    public void GiveBack(TraceBlock? chain, bool isLive)
    {
        lock (_lock)
        {
            while (chain is { } block)
            {
                chain = block.Next;
                _taken -= TraceBlock.Size;
                if (isLive)
                    _live -= TraceBlock.Size;
                if (!block.IsShared)
                    continue;
                block.Next = _free;
                _free = block;
            }
        }
    }

    /// <summary>Blocks that are not shared belong to somebody else from now on.</summary>
    public void Uncount(long bytes, bool isLive)
    {
        lock (_lock)
        {
            _taken -= bytes;
            if (isLive)
                _live -= bytes;
        }
    }

    /// <summary>What a call has used until now is used by one that has ended.</summary>
    public void Retire(long bytes)
    {
        lock (_lock)
            _live -= bytes;
    }

    private TraceBlock TakeFree()
    {
        if (_free is null)
        {
            var slab = GC.AllocateUninitializedArray<byte>(BlocksPerSlab * TraceBlock.Size);
            for (var i = BlocksPerSlab - 1; i >= 0; i--)
                _free = new TraceBlock(slab, i * TraceBlock.Size, isShared: true) { Next = _free };
        }

        var block = _free!;
        _free = block.Next;
        return block;
    }
}
