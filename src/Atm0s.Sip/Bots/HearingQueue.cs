namespace Atm0s.Sip.Bots;

/// <summary>
/// What a bot hears and has not taken yet. The tick writes without a lock; when the bot does not keep up the oldest is lost, and counted.
/// Any thread reads.
/// </summary>
internal sealed class HearingQueue
{
    private readonly Lock _reading = new();
    private readonly short[] _buffer; // a power of two
    private long _written;
    private long _taken;
    private long _lost;

    /// <param name="capacity">Samples that may wait; rounded up to a power of two.</param>
    public HearingQueue(int capacity) => _buffer = new short[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity)];

    /// <summary>Samples that wait.</summary>
    public int Count => (int)Math.Max(0, Volatile.Read(ref _written) - Volatile.Read(ref _taken));

    /// <summary>Samples that were lost because nobody took them.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Appends samples, at most the capacity at once. One thread at a time.</summary>
    public void Write(ReadOnlySpan<short> samples)
    {
        var written = _written;
        while (true)
        {
            var taken = Volatile.Read(ref _taken);
            var over = written + samples.Length - taken - _buffer.Length;
            if (over <= 0)
                break;
            // The reader that copies just these finds out by it.
            if (Interlocked.CompareExchange(ref _taken, taken + over, taken) == taken)
                Volatile.Write(ref _lost, _lost + over);
        }

        var at = (int)(written & (_buffer.Length - 1));
        var first = Math.Min(samples.Length, _buffer.Length - at);
        samples[..first].CopyTo(_buffer.AsSpan(at));
        samples[first..].CopyTo(_buffer);
        Volatile.Write(ref _written, written + samples.Length);
    }

    /// <summary>Takes the oldest samples.</summary>
    /// <param name="samples">Where to.</param>
    /// <param name="whole">Takes nothing unless all of <paramref name="samples"/> can be filled.</param>
    /// <returns>How many there were.</returns>
    public int Read(Span<short> samples, bool whole = false)
    {
        lock (_reading)
        {
            while (true)
            {
                var taken = Volatile.Read(ref _taken);
                var count = (int)Math.Min(samples.Length, Volatile.Read(ref _written) - taken);
                if (count <= 0 || (whole && count < samples.Length))
                    return 0;
                var at = (int)(taken & (_buffer.Length - 1));
                var first = Math.Min(count, _buffer.Length - at);
                _buffer.AsSpan(at, first).CopyTo(samples);
                _buffer.AsSpan(0, count - first).CopyTo(samples[first..]);
                if (Interlocked.CompareExchange(ref _taken, taken + count, taken) == taken)
                    return count;
            }
        }
    }
}
