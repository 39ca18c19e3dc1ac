using System.Runtime.InteropServices;

namespace Atm0s.Sip.Calls.Records;

/// <summary>Messages one after the other in blocks: the oldest can be dropped. Under the lock of its owner.</summary>
/// <param name="memory">Where blocks come from.</param>
/// <param name="isShared">Whether they are used again.</param>
internal sealed class TraceStream(TraceMemory memory, bool isShared)
{
    private TraceBlock? _head;
    private TraceBlock? _tail;
    private int _headOffset;
    private int _tailOffset = TraceBlock.Size;

    /// <summary>Bytes of the messages.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes of the blocks.</summary>
    public int Memory { get; private set; }

    /// <summary>Adds a message.</summary>
    /// <returns>False when there is no memory: nothing was added.</returns>
    public bool TryAppend(in TraceFrame frame, ReadOnlySpan<byte> message, bool isLive)
    {
        var missing = TraceFrame.Size + message.Length - (TraceBlock.Size - _tailOffset);
        if (missing > 0)
        {
            var count = (missing + TraceBlock.Size - 1) / TraceBlock.Size;
            if (memory.TryTake(count, isLive, isShared) is not { } chain)
                return false;
            Memory += count * TraceBlock.Size;
            if (_tail is null)
                (_head, _tail, _headOffset, _tailOffset) = (chain, chain, 0, 0);
            else
                _tail.Next = chain;
        }

        Span<byte> header = stackalloc byte[TraceFrame.Size];
        MemoryMarshal.Write(header, frame);
        Write(header);
        Write(message);
        Length += header.Length + message.Length;
        return true;
    }

    /// <summary>Drops the oldest message; there is one.</summary>
    public void DropFirst(bool isLive)
    {
        Span<byte> header = stackalloc byte[TraceFrame.Size];
        var (block, offset) = Read(_head!, _headOffset, header);
        var frame = MemoryMarshal.Read<TraceFrame>(header);
        (block, offset) = Skip(block, offset, frame.Length);
        Length -= header.Length + frame.Length;
        if (Length == 0)
        {
            Clear(isLive);
            return;
        }

        while (_head != block)
        {
            var old = _head!;
            _head = old.Next;
            old.Next = null;
            Memory -= TraceBlock.Size;
            memory.GiveBack(old, isLive);
        }

        _headOffset = offset;
    }

    /// <summary>Gives everything back.</summary>
    public void Clear(bool isLive)
    {
        memory.GiveBack(_head, isLive);
        (_head, _tail, _headOffset, _tailOffset, Length, Memory) = (null, null, 0, TraceBlock.Size, 0, 0);
    }

    /// <summary>Copies the messages out, oldest first.</summary>
    public void CopyTo(List<(TraceFrame Frame, byte[] Message)> messages)
    {
        var (block, offset) = (_head, _headOffset);
        Span<byte> header = stackalloc byte[TraceFrame.Size];
        for (var rest = Length; rest > 0;)
        {
            (block, offset) = Read(block!, offset, header);
            var frame = MemoryMarshal.Read<TraceFrame>(header);
            var message = new byte[frame.Length];
            (block, offset) = Read(block, offset, message);
            messages.Add((frame, message));
            rest -= header.Length + message.Length;
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_tailOffset == TraceBlock.Size)
                (_tail, _tailOffset) = (_tail!.Next!, 0);
            var part = Math.Min(bytes.Length, TraceBlock.Size - _tailOffset);
            bytes[..part].CopyTo(_tail!.Bytes[_tailOffset..]);
            bytes = bytes[part..];
            _tailOffset += part;
        }
    }

    private static (TraceBlock Block, int Offset) Read(TraceBlock block, int offset, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (offset == TraceBlock.Size)
                (block, offset) = (block.Next!, 0);
            var part = Math.Min(bytes.Length, TraceBlock.Size - offset);
            block.Bytes.Slice(offset, part).CopyTo(bytes);
            bytes = bytes[part..];
            offset += part;
        }

        return (block, offset);
    }

    private static (TraceBlock Block, int Offset) Skip(TraceBlock block, int offset, int count)
    {
        for (offset += count; offset > TraceBlock.Size; offset -= TraceBlock.Size)
            block = block.Next!;
        return (block, offset);
    }
}
