using System.Buffers;

namespace Atm0s.Sip.Core.Transport;

/// <summary>
/// What was read from a connection and is not yet a whole message. It has memory only while there is something to keep, and what it keeps
/// longer than for one read counts against what all connections may keep.
/// </summary>
/// <param name="maxBytes">The most it may hold.</param>
/// <param name="budget">What it may take of what all connections may hold together.</param>
internal sealed class TcpReceiveBuffer(int maxBytes, ByteShare budget)
{
    private const int FirstSize = 4096;

    private byte[]? _array;
    private int _start;
    private int _end;
    private int _charged;

    /// <summary>Bytes kept.</summary>
    public int Length => _end - _start;

    /// <summary>The bytes kept.</summary>
    public ReadOnlySequence<byte> Content => _array is null ? default : new ReadOnlySequence<byte>(_array, _start, Length);

    /// <summary>Room for more: never empty, as long as what is kept is less than the limit.</summary>
    public Memory<byte> Free()
    {
        if (_array is null)
            _array = ArrayPool<byte>.Shared.Rent(FirstSize);
        else if (_end == _array.Length)
            MakeRoom();
        return _array.AsMemory(_end);
    }

    /// <summary>So many bytes were read into the room.</summary>
    public void Commit(int count) => _end += count;

    /// <summary>So many of the first bytes are done with.</summary>
    public void Consume(int count) => _start += count;

    /// <summary>Nothing will be read for a while: gives back the memory when there is nothing to keep.</summary>
    /// <returns>False when something is to be kept and there is no room for it.</returns>
    public bool TryRest()
    {
        if (Length == 0)
        {
            Release();
            return true;
        }

        var more = _array!.Length - _charged;
        if (more > 0 && !budget.TryTake(more))
            return false;
        _charged += Math.Max(0, more);
        return true;
    }

    /// <summary>Gives back the memory.</summary>
    public void Release()
    {
        if (_array is null)
            return;
        ArrayPool<byte>.Shared.Return(_array);
        budget.Return(_charged);
        _array = null;
        _start = _end = _charged = 0;
    }

    private void MakeRoom()
    {
        var old = _array!;
        // Half of it at least is free: moving costs no more than reading did.
        if (_start < old.Length / 2)
            _array = ArrayPool<byte>.Shared.Rent(Math.Clamp(2 * old.Length, FirstSize, Math.Max(maxBytes, Length + 1)));
        old.AsSpan(_start, Length).CopyTo(_array);
        (_start, _end) = (0, Length);
        if (!ReferenceEquals(old, _array))
            ArrayPool<byte>.Shared.Return(old);
    }
}
