namespace Atm0s.Sip.Bots;

/// <summary>
/// What a bot has said and its room has not heard yet. Any thread writes; one thread at a time reads, without a lock: the tick. Its memory
/// grows with what waits, up to the capacity, and is given back when nothing waits any more.
/// </summary>
/// <param name="capacity">Samples that may wait.</param>
internal sealed class SpeechQueue(int capacity)
{
    private const int MinLength = 2048;         // a power of two, more than a frame
    private const int MaxKept = 64 * 1024;      // what is not worth giving back

    private readonly Lock _writing = new();
    private short[] _buffer = new short[MinLength]; // a power of two
    private long _written;
    private long _taken;
    private long _dropped; // of what was taken

    /// <summary>Samples written since the beginning.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Samples heard or dropped since the beginning.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Samples that wait.</summary>
    public int Count => (int)Math.Max(0, Written - Taken);

    /// <summary>Samples that may still be written.</summary>
    public int Free => capacity - Count;

    /// <summary>Whether nothing waits in a memory that was made for much.</summary>
    public bool IsSpacious => Volatile.Read(ref _buffer).Length > MaxKept && Written == Taken;

    /// <summary>Samples that it has memory for.</summary>
    public int Reserved => Volatile.Read(ref _buffer).Length;

    /// <summary>Gives memory back that nothing waits in.</summary>
    public void Trim()
    {
        if (!IsSpacious)
            return;
        lock (_writing)
        {
            // A reader that is under way finds out by its position that what it copies was dropped.
            if (IsSpacious)
                Volatile.Write(ref _buffer, new short[MinLength]);
        }
    }

    /// <summary>Appends what there is room for.</summary>
    /// <returns>Samples taken.</returns>
    public int Write(ReadOnlySpan<short> samples)
    {
        lock (_writing)
        {
            var waiting = (int)(_written - Taken);
            var count = Math.Min(capacity - waiting, samples.Length);
            if (count <= 0)
                return 0;
            if (waiting + count > _buffer.Length)
                Grow(waiting + count);
            Copy(samples[..count], _written);
            Volatile.Write(ref _written, _written + count);
            return count;
        }
    }

    /// <summary>Takes the next samples. The reader's thread.</summary>
    /// <returns>Samples read; none when they were flushed meanwhile.</returns>
    public int Read(Span<short> frame)
    {
        // In this order: a buffer is never older than what is known to be written.
        var taken = Taken;
        var written = Written;
        var buffer = Volatile.Read(ref _buffer);
        var count = (int)Math.Min(frame.Length, written - taken);
        if (count <= 0)
            return 0;
        var at = (int)(taken & (buffer.Length - 1));
        var first = Math.Min(count, buffer.Length - at);
        buffer.AsSpan(at, first).CopyTo(frame);
        buffer.AsSpan(0, count - first).CopyTo(frame[first..]);
        return Interlocked.CompareExchange(ref _taken, taken + count, taken) == taken ? count : 0;
    }

    /// <summary>Drops everything that waits.</summary>
    /// <returns>Where the reader was, how many samples it has got since the beginning, and how many it will not get now.</returns>
    public (long Position, long Heard, long Dropped) Flush()
    {
        lock (_writing)
        {
            while (true)
            {
                var taken = Taken;
                if (Interlocked.CompareExchange(ref _taken, _written, taken) != taken)
                    continue;
                var heard = taken - _dropped;
                _dropped += _written - taken;
                return (taken, heard, _written - taken);
            }
        }
    }

    private void Grow(int needed)
    {
        var grown = new short[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)needed)];
        var old = _buffer;
        for (var position = Taken; position < _written; position++)
            grown[position & (grown.Length - 1)] = old[position & (old.Length - 1)];
        Volatile.Write(ref _buffer, grown);
    }

    private void Copy(ReadOnlySpan<short> samples, long position)
    {
        var at = (int)(position & (_buffer.Length - 1));
        var first = Math.Min(samples.Length, _buffer.Length - at);
        samples[..first].CopyTo(_buffer.AsSpan(at));
        samples[first..].CopyTo(_buffer);
    }
}
