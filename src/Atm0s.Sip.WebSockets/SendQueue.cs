using System.Buffers;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.WebSockets;

/// <summary>
/// Messages that wait to be sent over one connection, in pooled memory; what is bounded is the memory. One thread at a time, but for the
/// message that <see cref="TryTake"/> gave: that is read meanwhile.
/// </summary>
/// <param name="maxBytes">The most it may hold.</param>
/// <param name="budget">What it may take of what all connections may hold together.</param>
internal sealed class SendQueue(int maxBytes, ByteShare budget)
{
    private readonly Queue<(byte[] Array, int Length)> _messages = new();
    private byte[]? _taken;
    private int _bytes;

    /// <summary>Bytes kept, with the message that is being sent.</summary>
    public int Bytes => _bytes;

    /// <summary>Adds a message; false when there is no room.</summary>
    public bool TryAdd(ReadOnlySpan<byte> message)
    {
        var array = ArrayPool<byte>.Shared.Rent(message.Length);
        if (_bytes + array.Length > maxBytes || !budget.TryTake(array.Length))
        {
            ArrayPool<byte>.Shared.Return(array);
            return false;
        }

        message.CopyTo(array);
        _bytes += array.Length;
        _messages.Enqueue((array, message.Length));
        return true;
    }

    /// <summary>The next message; the one before it is done with.</summary>
    /// <returns>False when none waits.</returns>
    public bool TryTake(out ReadOnlyMemory<byte> message)
    {
        ReturnTaken();
        message = default;
        if (!_messages.TryDequeue(out var next))
            return false;
        _taken = next.Array;
        message = next.Array.AsMemory(0, next.Length);
        return true;
    }

    /// <summary>Forgets everything. Nobody may be reading a message.</summary>
    public void Clear()
    {
        ReturnTaken();
        while (_messages.TryDequeue(out var next))
            Return(next.Array);
    }

    private void ReturnTaken()
    {
        if (_taken is { } array)
            Return(array);
        _taken = null;
    }

    private void Return(byte[] array)
    {
        _bytes -= array.Length;
        budget.Return(array.Length);
        ArrayPool<byte>.Shared.Return(array);
    }
}
