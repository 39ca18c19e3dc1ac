using System.Buffers;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.WebSockets;

/// <summary>
/// The message that is being received. It has memory only while there is something to keep, and all of it counts against what all
/// connections may keep.
/// </summary>
/// <param name="maxBytes">The largest message.</param>
/// <param name="budget">What it may take of what all connections may hold together.</param>
internal sealed class MessageBuffer(int maxBytes, ByteShare budget)
{
    private const int FirstSize = 4096;

    private byte[]? _array;
    private int _length;

    /// <summary>Bytes kept.</summary>
    public int Length => _length;

    /// <summary>The bytes kept.</summary>
    public ReadOnlySpan<byte> Content => _array.AsSpan(0, _length);

    /// <summary>Room for more: never empty, and one byte more than a message may have.</summary>
    /// <param name="room">Where to read to.</param>
    /// <returns>False when there is no memory for it.</returns>
    public bool TryGetRoom(out Memory<byte> room)
    {
        room = default;
        if (_array is null || _length == _array.Length)
        {
            var size = Math.Clamp(2 * _length, FirstSize, Math.Max(maxBytes + 1, _length + 1));
            var larger = ArrayPool<byte>.Shared.Rent(size);
            if (!budget.TryTake(larger.Length))
            {
                ArrayPool<byte>.Shared.Return(larger);
                return false;
            }

            Content.CopyTo(larger);
            ReturnArray();
            _array = larger;
        }

        room = _array.AsMemory(_length, Math.Min(_array.Length, maxBytes + 1) - _length);
        return true;
    }

    /// <summary>So many bytes were read into the room.</summary>
    /// <returns>False when the message is larger than one may be.</returns>
    public bool TryCommit(int count)
    {
        _length += count;
        return _length <= maxBytes;
    }

    /// <summary>Forgets everything and gives back the memory.</summary>
    public void Release()
    {
        ReturnArray();
        _array = null;
        _length = 0;
    }

    private void ReturnArray()
    {
        if (_array is null)
            return;
        budget.Return(_array.Length);
        ArrayPool<byte>.Shared.Return(_array);
    }
}
