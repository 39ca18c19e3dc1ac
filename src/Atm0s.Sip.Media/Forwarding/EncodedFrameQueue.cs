using System.Numerics;

namespace Atm0s.Sip.Media.Forwarding;

/// <summary>
/// Opus frames that wait, bounded in bytes and in time: when there is no more room the oldest is lost. One thread at a time writes and one
/// reads, without a lock between them. All memory is taken at the beginning.
/// </summary>
public sealed class EncodedFrameQueue
{
    private const int MinSamples = 120; // 2.5 ms
    private const int BytesPerSecond = 64_000; // Opus at its highest rate

    private readonly Entry[] _entries;  // a power of two
    private readonly byte[] _bytes;     // a power of two
    private readonly long _maxSamples;
    private long _written;
    private long _taken;
    private long _lost;
    private long _nextByte;     // the writer's
    private long _nextSample;   // the writer's

    /// <summary>Makes a queue.</summary>
    /// <param name="capacity">Audio that may wait, 20 ms to 10 s; in bytes as much as that is at 510 kbit/s, and 4,096 at least.</param>
    /// <exception cref="ArgumentOutOfRangeException">Out of that range.</exception>
    public EncodedFrameQueue(TimeSpan capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, TimeSpan.FromMilliseconds(20));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, TimeSpan.FromSeconds(10));
        _maxSamples = (long)(capacity.TotalSeconds * 48_000);
        // Frames shorter than 10 ms are rare: as many as of those, whatever they hold.
        _entries = new Entry[BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, _maxSamples / (4 * MinSamples)))];
        _bytes = new byte[BitOperations.RoundUpToPowerOf2((uint)Math.Max(4096, capacity.TotalSeconds * BytesPerSecond))];
    }

    /// <summary>Frames that wait.</summary>
    public int Count => (int)Math.Max(0, Volatile.Read(ref _written) - Volatile.Read(ref _taken));

    /// <summary>Frames that were lost for want of room.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Appends a frame; the oldest make room for it. The writer's thread.</summary>
    /// <param name="frame">Copied.</param>
    /// <param name="time">Kept with it.</param>
    /// <returns>False when it is longer than <see cref="EncodedFrame.MaxBytes"/>: then nothing has changed.</returns>
    public bool Write(in EncodedFrame frame, TimeSpan time)
    {
        if (frame.Payload.Length > EncodedFrame.MaxBytes)
            return false;
        while (Volatile.Read(ref _taken) is var taken && !Fits(frame, taken))
        {
            // The reader that copies just this one finds out by it.
            if (Interlocked.CompareExchange(ref _taken, taken + 1, taken) == taken)
                Volatile.Write(ref _lost, _lost + 1);
        }

        ref var entry = ref _entries[_written & (_entries.Length - 1)];
        entry.SequenceNumber = frame.SequenceNumber;
        entry.Timestamp = frame.Timestamp;
        entry.Samples = frame.Samples;
        entry.Level = frame.Level ?? -1;
        entry.HasVoice = frame.HasVoice;
        entry.Length = frame.Payload.Length;
        entry.FirstByte = _nextByte;
        entry.FirstSample = _nextSample;
        entry.Time = time;
        CopyIn(frame.Payload, _nextByte);
        _nextByte += frame.Payload.Length;
        _nextSample += frame.Samples;
        Volatile.Write(ref _written, _written + 1);
        return true;
    }

    /// <summary>Takes the oldest frame. The reader's thread.</summary>
    /// <param name="buffer">Receives the payload: <see cref="EncodedFrame.MaxBytes"/> always suffice.</param>
    /// <param name="frame">The frame; its payload is in <paramref name="buffer"/>.</param>
    /// <param name="time">What was kept with it.</param>
    /// <returns>False when there is none.</returns>
    /// <exception cref="ArgumentException">The buffer is shorter than that.</exception>
    public bool TryRead(Span<byte> buffer, out EncodedFrame frame, out TimeSpan time)
    {
        if (buffer.Length < EncodedFrame.MaxBytes)
            throw new ArgumentException("A frame may have 1,500 bytes.", nameof(buffer));
        frame = default;
        time = default;
        while (true)
        {
            var taken = Volatile.Read(ref _taken);
            if (taken >= Volatile.Read(ref _written))
                return false;
            // May be written over meanwhile: then it is not taken.
            var entry = _entries[taken & (_entries.Length - 1)];
            var length = Math.Clamp(entry.Length, 0, EncodedFrame.MaxBytes);
            CopyOut(entry.FirstByte, buffer[..length]);
            if (Interlocked.CompareExchange(ref _taken, taken + 1, taken) != taken)
                continue;
            time = entry.Time;
            frame = new EncodedFrame
            {
                SequenceNumber = entry.SequenceNumber,
                Timestamp = entry.Timestamp,
                Samples = entry.Samples,
                Level = entry.Level < 0 ? null : entry.Level,
                HasVoice = entry.HasVoice,
                Payload = buffer[..length],
            };
            return true;
        }
    }

    /// <summary>Forgets what waits; it does not count as lost. The reader's thread.</summary>
    public void Clear()
    {
        while (Volatile.Read(ref _taken) is var taken && Volatile.Read(ref _written) is var written && taken < written)
            Interlocked.CompareExchange(ref _taken, written, taken);
    }

    // What is taken is read by nobody any more; so the writer may ask what it wrote there itself.
    private bool Fits(in EncodedFrame frame, long taken)
    {
        if (taken >= _written)
            return true;
        ref var oldest = ref _entries[taken & (_entries.Length - 1)];
        return _written - taken < _entries.Length
            && _nextByte + frame.Payload.Length - oldest.FirstByte <= _bytes.Length
            && _nextSample + frame.Samples - oldest.FirstSample <= _maxSamples;
    }

    private void CopyIn(ReadOnlySpan<byte> payload, long position)
    {
        var at = (int)(position & (_bytes.Length - 1));
        var first = Math.Min(payload.Length, _bytes.Length - at);
        payload[..first].CopyTo(_bytes.AsSpan(at));
        payload[first..].CopyTo(_bytes);
    }

    private void CopyOut(long position, Span<byte> payload)
    {
        var at = (int)(position & (_bytes.Length - 1));
        var first = Math.Min(payload.Length, _bytes.Length - at);
        _bytes.AsSpan(at, first).CopyTo(payload);
        _bytes.AsSpan(0, payload.Length - first).CopyTo(payload[first..]);
    }

    private struct Entry
    {
        public ushort SequenceNumber;
        public uint Timestamp;
        public int Samples;
        public int Level;
        public bool HasVoice;
        public int Length;
        public long FirstByte;
        public long FirstSample;
        public TimeSpan Time;
    }
}
