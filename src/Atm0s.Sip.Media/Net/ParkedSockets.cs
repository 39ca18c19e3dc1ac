using System.Collections.Concurrent;
using System.Net;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Net;

/// <summary>
/// Bound sockets that no call uses at the moment. Opening and closing a pair costs more than a call's signalling; a busy server comes
/// back to the same ports within the <see cref="Stay"/>. Meanwhile they are connected to themselves: what strangers send is refused by
/// the system as on a closed port. Any thread.
/// </summary>
internal sealed class ParkedSockets : IDisposable
{
    /// <summary>How long a socket stays open without a call: as long as a pair of ports rests.</summary>
    public static readonly TimeSpan Stay = MediaPortPool.Rest;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly int _limit;
    private readonly ConcurrentDictionary<IPEndPoint, Parked> _parked = new();
    private readonly ConcurrentQueue<Parked> _order = new();
    private readonly ITimer _timer;
    private int _isArmed;
    private volatile bool _disposed;

    /// <param name="limit">Sockets kept at once; more are closed.</param>
    /// <param name="time">Measures the stay.</param>
    public ParkedSockets(int limit, TimeProvider time)
    {
        _limit = limit;
        _time = time;
        _timer = time.CreateTimer(
            static self => ((ParkedSockets)self!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sockets that are kept now.</summary>
    public int Count => _parked.Count;

    /// <summary>Whether no more are kept.</summary>
    public bool IsFull => _disposed || _parked.Count >= _limit;

    /// <summary>Gives the socket bound there, if there is one; it is still connected to itself.</summary>
    public SafeHandle? TryTake(IPEndPoint local) => _parked.TryRemove(local, out var parked) ? parked.Socket : null;

    /// <summary>Keeps a socket that is connected to itself, or closes it.</summary>
    public void Park(SafeHandle socket, IPEndPoint local)
    {
        DropTaken();
        var parked = new Parked(socket, local, _time.GetTimestamp());
        if (IsFull || !_parked.TryAdd(local, parked))
        {
            socket.Dispose();
            return;
        }

        _order.Enqueue(parked);
        if (_disposed)
            Close(parked);
        else if (Interlocked.Exchange(ref _isArmed, 1) == 0)
            Arm();
    }

    /// <summary>Closes all of them.</summary>
    public void CloseAll()
    {
        while (_order.TryDequeue(out var parked))
            Close(parked);
    }

    public void Dispose()
    {
        _disposed = true;
        _timer.Dispose();
        CloseAll();
    }

    private void OnTimer()
    {
        Volatile.Write(ref _isArmed, 0);
        try
        {
            CloseOld();
        }
        catch (Exception)
        {
            // A socket that does not close, on a thread of the timers: it is gone from here, and the others are closed in the next round.
        }

        if (!_order.IsEmpty && Interlocked.Exchange(ref _isArmed, 1) == 0)
            Arm();
    }

    private void CloseOld()
    {
        while (_order.TryPeek(out var oldest) && (IsTaken(oldest) || _time.GetElapsedTime(oldest.Since) >= Stay))
        {
            if (_order.TryDequeue(out var parked))
                Close(parked);
        }
    }

    // Calls come back to ports in the order in which they left them, so those that were taken are in front.
    private void DropTaken()
    {
        for (var i = 0; i < 2 && _order.TryPeek(out var oldest) && IsTaken(oldest); i++)
        {
            if (_order.TryDequeue(out var parked))
                Close(parked);
        }
    }

    private bool IsTaken(Parked parked) => !_parked.TryGetValue(parked.Local, out var present) || !ReferenceEquals(present, parked);

    private void Close(Parked parked)
    {
        if (_parked.TryRemove(KeyValuePair.Create(parked.Local, parked)))
            parked.Socket.Dispose();
    }

    private void Arm()
    {
        try
        {
            _timer.Change(Period, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // Closed by whoever disposed of it.
        }
    }

    // By reference: the same port may be parked again.
    private sealed class Parked(SafeHandle socket, IPEndPoint local, long since)
    {
        public SafeHandle Socket => socket;

        public IPEndPoint Local => local;

        public long Since => since;
    }
}
