using System.Buffers;

namespace Atm0s.Sip.Core.Transport;

/// <summary>
/// What waits to be sent over one connection, in pooled blocks. It counts the blocks, not the messages, so what is bounded is the memory.
/// One thread at a time, but for the block that <see cref="First"/> gave: that may be read meanwhile.
/// </summary>
/// <param name="maxBytes">The most it may hold.</param>
/// <param name="budget">What it may take of what all connections may hold together.</param>
internal sealed class TcpSendQueue(int maxBytes, ByteShare budget)
{
    /// <summary>Size of a block, and so of one step of progress.</summary>
    public const int BlockSize = 4096;

    private readonly Queue<byte[]> _blocks = new();
    private byte[] _last = [];
    private int _start;
    private int _end;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _blocks.Count == 0;

    /// <summary>Memory in use.</summary>
    public int Bytes => _blocks.Count * BlockSize;

    /// <summary>Whether so many bytes more are within its limit.</summary>
    public bool HasRoom(int bytes) => Bytes + ((bytes + BlockSize - 1) / BlockSize * BlockSize) <= maxBytes;

    /// <summary>Adds bytes; all, or none when there is no room.</summary>
    public bool TryAdd(ReadOnlySpan<byte> bytes)
    {
        var room = IsEmpty ? 0 : BlockSize - _end;
        var more = (Math.Max(0, bytes.Length - room) + BlockSize - 1) / BlockSize * BlockSize;
        if (Bytes + more > maxBytes || (more > 0 && !budget.TryTake(more)))
            return false;
        while (!bytes.IsEmpty)
        {
            if (IsEmpty || _end == BlockSize)
                AddBlock();
            var part = bytes[..Math.Min(bytes.Length, BlockSize - _end)];
            part.CopyTo(_last.AsSpan(_end));
            _end += part.Length;
            bytes = bytes[part.Length..];
        }

        return true;
    }

    /// <summary>The first bytes that wait: at most a block.</summary>
    public ReadOnlyMemory<byte> First => _blocks.TryPeek(out var block)
        ? block.AsMemory(_start, (_blocks.Count == 1 ? _end : BlockSize) - _start)
        : default;

    /// <summary>So many of the first bytes are sent.</summary>
    public void Advance(int count)
    {
        _start += count;
        if (_start == (_blocks.Count == 1 ? _end : BlockSize))
            RemoveBlock();
    }

    /// <summary>Forgets everything. Nobody may be reading a block.</summary>
    public void Clear()
    {
        while (!IsEmpty)
            RemoveBlock();
    }

    private void AddBlock()
    {
        if (IsEmpty)
            _start = 0;
        _last = ArrayPool<byte>.Shared.Rent(BlockSize);
        _end = 0;
        _blocks.Enqueue(_last);
    }

    private void RemoveBlock()
    {
        var block = _blocks.Dequeue();
        _start = 0;
        if (IsEmpty)
            (_last, _end) = ([], 0);
        ArrayPool<byte>.Shared.Return(block);
        budget.Return(BlockSize);
    }
}
