namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>
/// Datagrams between the media thread and the handshake: 32 at most, of 2048 bytes; what does not fit is lost, as on the way.
/// </summary>
internal sealed class DatagramQueue
{
    /// <summary>Datagrams that wait at most.</summary>
    public const int Max = 32;

    /// <summary>The longest datagram.</summary>
    public const int MaxLength = 2048;

    private readonly Queue<QueuedDatagram> _queue = new();
    private volatile int _count;
    private bool _isEnded;

    /// <summary>Whether nothing waits. Takes no lock.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>Adds a copy.</summary>
    /// <param name="datagram">1 to 2048 bytes.</param>
    /// <param name="peer">Who sent it, or is sent it; empty when that is not known.</param>
    /// <param name="maxOfOne">How many of one peer may wait.</param>
    /// <returns>False when it was lost.</returns>
    public bool TryAdd(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> peer, int maxOfOne = Max)
    {
        lock (_queue)
        {
            if (_isEnded || _queue.Count >= Max || datagram.Length is 0 or > MaxLength)
                return false;
            if (maxOfOne < Max && CountOf(peer) >= maxOfOne)
                return false;
            _queue.Enqueue(new QueuedDatagram(datagram.ToArray(), peer.ToArray()));
            _count = _queue.Count;
            Monitor.Pulse(_queue);
            return true;
        }
    }

    /// <summary>Takes the next one, if there is one.</summary>
    public bool TryTake(out QueuedDatagram datagram)
    {
        datagram = default;
        if (IsEmpty)
            return false;
        lock (_queue)
            return TryTakeLocked(out datagram);
    }

    /// <summary>Takes the next one, and waits for it.</summary>
    /// <param name="milliseconds">How long; at least one.</param>
    /// <param name="datagram">The datagram.</param>
    /// <param name="isEnded">Whether nothing will come any more.</param>
    /// <returns>False when none came.</returns>
    public bool TryWait(int milliseconds, out QueuedDatagram datagram, out bool isEnded)
    {
        lock (_queue)
        {
            if (_queue.Count == 0 && !_isEnded)
                Monitor.Wait(_queue, milliseconds);
            isEnded = _isEnded;
            return TryTakeLocked(out datagram);
        }
    }

    /// <summary>Nothing will come any more: whoever waits goes on.</summary>
    public void End()
    {
        lock (_queue)
        {
            _isEnded = true;
            Monitor.PulseAll(_queue);
        }
    }

    private int CountOf(ReadOnlySpan<byte> peer)
    {
        var count = 0;
        foreach (var waiting in _queue)
            count += peer.SequenceEqual(waiting.Peer) ? 1 : 0;
        return count;
    }

    private bool TryTakeLocked(out QueuedDatagram datagram)
    {
        var has = _queue.TryDequeue(out datagram);
        _count = _queue.Count;
        return has;
    }
}
