using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>
/// Records of one duration, one behind the other in pooled blocks: they end in the order in which they came, so nothing is sorted, nothing
/// is moved, and none is an object. Not thread-safe.
/// </summary>
internal sealed class LingerQueue
{
    // Small enough that a quiet shard holds little, large enough that a block holds some dozens of records.
    private const int BlockSize = 16 * 1024;
    private const int MergeAt = MatchKey.Size;
    private const int EndAt = 2 * MatchKey.Size;
    private const int LengthAt = EndAt + sizeof(long);
    private const int HeaderSize = LengthAt + sizeof(int) + 4;
    private const int KindAt = LengthAt + sizeof(int);
    private const int RequestLengthAt = KindAt + 2;

    // Blocks that are full, each with the end of its records; the first of them, or else the last block, begins with taken ones.
    private readonly Queue<(byte[] Block, int End)> _full = new();
    private byte[]? _last;
    private int _lastEnd;
    private int _firstAt;

    /// <summary>Records that are there.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the records that are there.</summary>
    public long Bytes { get; private set; }

    /// <summary>When the first one ends; null when there is none.</summary>
    public TimeSpan? FirstEnd => Count == 0 ? null : new TimeSpan(BinaryPrimitives.ReadInt64LittleEndian(First[EndAt..]));

    private Span<byte> First => (_full.TryPeek(out var full) ? full.Block : _last).AsSpan(_firstAt);

    /// <summary>Bytes that a record takes.</summary>
    /// <param name="length">Length of its content.</param>
    public static int SizeOf(int length) => (HeaderSize + length + 7) & ~7;

    /// <summary>Adds a record behind all others.</summary>
    /// <param name="key">What it is found by.</param>
    /// <param name="merge">What its request is known by in <see cref="MergedRequests"/>.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="end">When it ends: not before any that is there.</param>
    /// <param name="content">Its content; copied.</param>
    /// <param name="requestLength">Length of its request; 0 where it is not asked for.</param>
    /// <returns>Where it is, until it is taken.</returns>
    public LingerPlace Add(
        MatchKey key, MatchKey merge, LingerKind kind, TimeSpan end, ReadOnlySpan<byte> content, ushort requestLength = 0)
    {
        var size = SizeOf(content.Length);
        if (_last is null || _last.Length - _lastEnd < size)
        {
            if (_last is not null)
                _full.Enqueue((_last, _lastEnd));
            _last = ArrayPool<byte>.Shared.Rent(Math.Max(BlockSize, size));
            _lastEnd = 0;
        }

        var place = new LingerPlace(_last, _lastEnd);
        var record = _last.AsSpan(_lastEnd, size);
        MemoryMarshal.Write(record, key);
        MemoryMarshal.Write(record[MergeAt..], merge);
        BinaryPrimitives.WriteInt64LittleEndian(record[EndAt..], end.Ticks);
        BinaryPrimitives.WriteInt32LittleEndian(record[LengthAt..], content.Length);
        record[KindAt] = (byte)kind;
        BinaryPrimitives.WriteUInt16LittleEndian(record[RequestLengthAt..], requestLength);
        content.CopyTo(record[HeaderSize..]);
        _lastEnd += size;
        Count++;
        Bytes += size;
        return place;
    }

    /// <summary>Takes the first record.</summary>
    /// <param name="key">What it was found by.</param>
    /// <param name="merge">What its request is known by.</param>
    /// <returns>False when there is none.</returns>
    public bool TryTake(out MatchKey key, out MatchKey merge)
    {
        (key, merge) = (default, default);
        if (Count == 0)
            return false;
        var first = First;
        key = MemoryMarshal.Read<MatchKey>(first);
        merge = MemoryMarshal.Read<MatchKey>(first[MergeAt..]);
        var size = SizeOf(BinaryPrimitives.ReadInt32LittleEndian(first[LengthAt..]));
        _firstAt += size;
        Count--;
        Bytes -= size;
        if (_full.TryPeek(out var full))
        {
            if (_firstAt == full.End)
                GiveBack(_full.Dequeue().Block);
        }
        else if (Count == 0)
        {
            GiveBack(_last!);
            _last = null;
        }

        return true;
    }

    /// <summary>What a record says.</summary>
    public static LingeringTransaction Read(LingerPlace place)
    {
        var record = place.Block.AsSpan(place.Offset);
        var length = BinaryPrimitives.ReadInt32LittleEndian(record[LengthAt..]);
        var requestLength = BinaryPrimitives.ReadUInt16LittleEndian(record[RequestLengthAt..]);
        return new LingeringTransaction((LingerKind)record[KindAt], requestLength, record.Slice(HeaderSize, length));
    }

    /// <summary>Makes a record of this queue one of nothing; it stays where it is until its turn comes.</summary>
    /// <returns>What its request was known by.</returns>
    public MatchKey Clear(LingerPlace place)
    {
        var record = place.Block.AsSpan(place.Offset);
        var merge = MemoryMarshal.Read<MatchKey>(record[MergeAt..]);
        record[..EndAt].Clear();
        while (Count > 0 && MemoryMarshal.Read<MatchKey>(First).IsEmpty)
            TryTake(out _, out _);
        return merge;
    }

    private void GiveBack(byte[] block)
    {
        ArrayPool<byte>.Shared.Return(block);
        _firstAt = 0;
    }
}
