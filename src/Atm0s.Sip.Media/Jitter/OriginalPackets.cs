namespace Atm0s.Sip.Media.Jitter;

/// <summary>
/// The payloads of the packets decoded last whose samples lie in the queue as the decoder gave them, but for changes of the delay: whoever
/// hears just these may get the packet itself. One caller at a time; allocates nothing after it was made.
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
    /// <param name="sequence">Its number.</param>
    /// <param name="format">Index of its format.</param>
    /// <param name="block">Its memory, which is the store's.</param>
    /// <param name="length">Bytes of it.</param>
    public void Add(long position, long sequence, int format, byte[] block, int length)
    {
        ref var entry = ref _entries[_next];
        Free(ref entry);
        entry = new Entry(position, sequence, format, block, length, IsExact: true);
        _next = (_next + 1) % MaxPackets;
    }

    /// <summary>Finds the packet whose first sample is in a frame. They are of a frame's length each, so there are no two.</summary>
    /// <param name="position">Of the frame.</param>
    /// <param name="length">Of it.</param>
    /// <param name="format">Index of its format.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="isExact">Whether the frame is the packet, sample for sample.</param>
    /// <param name="payload">What it carries.</param>
    public bool TryFind(
        long position, int length, out int format, out long sequence, out bool isExact, out ReadOnlySpan<byte> payload)
    {
        foreach (ref var entry in _entries.AsSpan())
        {
            if (entry.Block is null || entry.Position < position || entry.Position >= position + length)
                continue;
            (format, sequence, isExact) = (entry.Format, entry.Sequence, entry.IsExact && entry.Position == position);
            payload = entry.Block.AsSpan(0, entry.Length);
            return true;
        }

        (format, sequence, isExact) = (0, 0, false);
        payload = default;
        return false;
    }

    /// <summary>The delay has changed: samples at the front of the queue are there twice, or not at all.</summary>
    /// <param name="position">From where on packets are as they were; those before have had their turn, or lose it.</param>
    public void OnScaled(long position)
    {
        foreach (ref var entry in _entries.AsSpan())
        {
            if (entry.Position < position)
                Free(ref entry);
            else
                entry = entry with { IsExact = false };
        }
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

    private readonly record struct Entry(long Position, long Sequence, int Format, byte[]? Block, int Length, bool IsExact);
}
