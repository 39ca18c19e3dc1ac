using System.Buffers;

namespace Atm0s.Sip.Core.Serialization;

/// <summary>A growing buffer out of the shared array pool. Dispose it to give the buffer back.</summary>
/// <param name="capacity">First size, in bytes; default 2048.</param>
public sealed class PooledBufferWriter(int capacity = 2048) : IBufferWriter<byte>, IDisposable
{
    // A larger one is not kept: one long answer must not be paid by every thread for ever.
    private const int MaxKept = 16 * 1024;

    // Two, for a message may be made of another.
    [ThreadStatic]
    private static PooledBufferWriter? t_spare;

    [ThreadStatic]
    private static PooledBufferWriter? t_second;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(capacity);
    private bool _isOfThread;

    /// <summary>Bytes written so far.</summary>
    public int WrittenCount { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, WrittenCount);

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, WrittenCount);

    /// <summary>
    /// An empty one that goes back to its thread when it is disposed, so that writing a message allocates nothing. Use it as a local, on
    /// one thread: after <see cref="Dispose"/> it is somebody else's.
    /// </summary>
    public static PooledBufferWriter Rent()
    {
        var writer = t_spare ?? new PooledBufferWriter();
        (t_spare, t_second) = (t_second, null);
        writer._isOfThread = true;
        return writer;
    }

    /// <summary>Starts anew with the same buffer.</summary>
    public void Reset() => WrittenCount = 0;

    /// <summary>Writes bytes.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length - WrittenCount)
            Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(WrittenCount));
        WrittenCount += bytes.Length;
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_buffer.Length - WrittenCount), nameof(count));
        WrittenCount += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(WrittenCount);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(WrittenCount);
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (_isOfThread)
        {
            _isOfThread = false;
            if (_buffer.Length <= MaxKept && t_second is null)
            {
                WrittenCount = 0;
                (t_spare, t_second) = (this, t_spare);
                return;
            }
        }

        // A second call on a spare of the thread must not take its buffer away.
        if (ReferenceEquals(t_spare, this) || ReferenceEquals(t_second, this))
            return;
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        WrittenCount = 0;
    }

    private void Reserve(int sizeHint)
    {
        var wanted = WrittenCount + Math.Max(sizeHint, 1);
        if (wanted <= _buffer.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, _buffer.Length * 2));
        WrittenSpan.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
