namespace Atm0s.Sip.Media.Jitter;

/// <summary>
/// The payloads of the packets decoded last whose samples lie in the queue as the decoder gave them: whoever hears just these may get the
/// packet itself. One caller at a time; allocates nothing after it was made.
/// </summary>
/// <param name="store">Gives the memory, and takes it back.</param>
internal sealed class OriginalPackets(PacketStore store)
{
    /// <summary>Packets kept: those of the longest queue that is usual.</summary>
    public const int MaxPackets = 4;

    private readonly Entry[] _entries = new Entry[MaxPackets];
    private int _next;

    /// <summary>Keeps a packet; of more than <see cref="MaxPackets"/> the oldest goes.</summary>
    /// <param name="position">Of its first sample.</param>
    /// <param name="format">Index of its format.</param>
    /// <param name="block">Its memory, which is the store's.</param>
    /// <param name="length">Bytes of it.</param>
    public void Add(long position, int format, byte[] block, int length)
    {
        ref var entry = ref _entries[_next];
        Free(ref entry);
        entry = new Entry(position, format, block, length);
        _next = (_next + 1) % MaxPackets;
    }

    /// <summary>Finds the packet whose first sample is at this position.</summary>
    public bool TryFind(long position, out int format, out ReadOnlySpan<byte> payload)
    {
        foreach (ref var entry in _entries.AsSpan())
        {
            if (entry.Block is null || entry.Position != position)
                continue;
            format = entry.Format;
            payload = entry.Block.AsSpan(0, entry.Length);
            return true;
        }

        format = 0;
        payload = default;
        return false;
    }

    /// <summary>The samples in the queue have changed, or their positions.</summary>
    public void Clear()
    {
        foreach (ref var entry in _entries.AsSpan())
            Free(ref entry);
    }

    private void Free(ref Entry entry)
    {
        if (entry.Block is { } block)
            store.Return(block);
        entry = default;
    }

    private readonly record struct Entry(long Position, int Format, byte[]? Block, int Length);
}
