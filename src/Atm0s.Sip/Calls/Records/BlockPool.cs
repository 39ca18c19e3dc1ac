namespace Atm0s.Sip.Calls.Records;

/// <summary>
/// Blocks that are used again. They are made in slabs, when there is none that is free anywhere: so there are never many more than were
/// in use at one time. Each processor has a place of its own for what is free. Any thread.
/// </summary>
internal sealed class BlockPool
{
    private const int BlocksPerSlab = 64;

    private readonly Place[] _places = [.. Enumerable.Range(0, Math.Min(64, Environment.ProcessorCount)).Select(static _ => new Place())];
    private long _made;

    /// <summary>Bytes of all blocks that were ever made.</summary>
    public long Made => Volatile.Read(ref _made);

    /// <summary>A chain of so many blocks.</summary>
    public TraceBlock Take(int count)
    {
        var place = Mine();
        TraceBlock? chain = null;
        while (place.Take(ref chain, ref count) > 0)
            place.Add(TakeOfAnother(place) ?? NewSlab());

        return chain!;
    }

    /// <summary>Takes a chain back.</summary>
    public void GiveBack(TraceBlock chain) => Mine().Add(chain);

    private Place Mine() => _places[(uint)Thread.GetCurrentProcessorId() % (uint)_places.Length];

    private TraceBlock? TakeOfAnother(Place mine)
    {
        TraceBlock? chain = null;
        var count = BlocksPerSlab;
        foreach (var place in _places)
        {
            if (place != mine && place.Take(ref chain, ref count) < BlocksPerSlab)
                return chain;
        }

        return null;
    }

    private TraceBlock NewSlab()
    {
        var slab = GC.AllocateUninitializedArray<byte>(BlocksPerSlab * TraceBlock.Size);
        Interlocked.Add(ref _made, slab.Length);
        TraceBlock? first = null;
        for (var i = BlocksPerSlab - 1; i >= 0; i--)
            first = new TraceBlock(slab, i * TraceBlock.Size, isShared: true) { Next = first };
        return first!;
    }

    private sealed class Place
    {
        private readonly Lock _lock = new();
        private TraceBlock? _first;

        // What is still missing.
        public int Take(ref TraceBlock? chain, ref int count)
        {
            lock (_lock)
            {
                while (count > 0 && _first is { } block)
                {
                    _first = block.Next;
                    block.Next = chain;
                    chain = block;
                    count--;
                }
            }

            return count;
        }

        public void Add(TraceBlock chain)
        {
            var last = chain;
            while (last.Next is { } next)
                last = next;
            lock (_lock)
            {
                last.Next = _first;
                _first = chain;
            }
        }
    }
}
