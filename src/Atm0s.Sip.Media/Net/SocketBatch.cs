using System.Runtime.InteropServices;
using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Native;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Net;

/// <summary>
/// The datagrams of one media thread's tick, received and sent by one call of the system each in place of one for each datagram. To enter
/// the system costs as much as what it does there, and more in virtual machines. What can't be had this way (io_uring is older than Linux
/// 6.1, or forbidden) sockets do as ever.
/// </summary>
internal sealed unsafe class SocketBatch : IDisposable
{
    /// <summary>Datagrams in one call.</summary>
    public const int Capacity = 128;

    private const int MaxBytes = 64 * 1024; // to be sent

    [ThreadStatic]
    private static SocketBatch? _current;

    private static int _told;

    private readonly IoRing _ring;
    private readonly byte* _receiveMemory;
    private readonly byte* _sendMemory;
    private readonly FetchedDatagram[] _fetched = new FetchedDatagram[Capacity];
    private readonly LinuxMediaSocket?[] _senders = new LinuxMediaSocket?[Capacity];
    private readonly int[] _starts = new int[Capacity + 1];
    private int _fetchedCount;
    private int _bytes;
    private int _failed;
    private bool _isOver; // the system has not done what it was asked for

    private SocketBatch(IoRing ring)
    {
        _ring = ring;
        _receiveMemory = (byte*)NativeMemory.AlignedAlloc(Capacity * FetchedDatagram.Size, 64);
        _sendMemory = (byte*)NativeMemory.AlignedAlloc(MaxBytes, 64);
        for (var i = 0; i < Capacity; i++)
            _fetched[i] = new FetchedDatagram(this, _receiveMemory + (i * FetchedDatagram.Size));
    }

    /// <summary>That of the calling thread, if it has one.</summary>
    public static SocketBatch? Current => _current;

    /// <summary>Gives the calling thread one, until it is disposed of; says once whether there is one.</summary>
    public static SocketBatch? TryBegin(ILogger logger)
    {
        var error = 0;
        var ring = LibC.IsUsable ? IoRing.TryCreate(Capacity, out error) : null;
        if (LibC.IsUsable && Interlocked.Exchange(ref _told, 1) == 0)
        {
            if (ring is null)
                MediaLog.NoRing(logger, error);
            else
                MediaLog.Ring(logger);
        }

        return ring is null ? null : _current = new SocketBatch(ring);
    }

    /// <summary>What was fetched and not read is lost; other sockets may be asked.</summary>
    public void BeginFetch()
    {
        Forget();
        SendAll();
    }

    /// <summary>A socket that is about to be read: it is to find what came, or that nothing did. <see cref="Capacity"/> at most.</summary>
    public void Ask(LinuxMediaSocket socket)
    {
        if (_isOver || !socket.TryHold(out var descriptor))
            return;
        var fetched = _fetched[_fetchedCount];
        fetched.Prepare(socket.IsStamped);
        (fetched.Socket, fetched.Result) = (socket, -LinuxMediaSocket.WouldBlock);
        _ring.Add(IoRing.ReceiveMessage, descriptor, fetched.Header, 1, LinuxMediaSocket.DontWait, _fetchedCount++);
    }

    /// <summary>Fetches one datagram of each socket that was asked.</summary>
    public void Fetch()
    {
        if (_fetchedCount == 0)
            return;
        Submit();
        while (_ring.TryRead(out var index, out var result))
            _fetched[index].Result = result;
        foreach (var fetched in _fetched.AsSpan(0, _fetchedCount))
        {
            fetched.Socket!.LetGo();
            if (!_isOver)
                fetched.Socket.Give(fetched);
        }
    }

    /// <summary>Takes a datagram that its socket is to send to its peer.</summary>
    /// <returns>False when the socket has to do so.</returns>
    public bool TrySend(LinuxMediaSocket socket, ReadOnlySpan<byte> datagram)
    {
        if (_isOver || datagram.Length > FetchedDatagram.MaxLength)
            return false;
        if (_ring.Count == Capacity || _bytes + datagram.Length > MaxBytes)
            SendAll();
        if (_isOver || !socket.TryHold(out var descriptor))
            return false;
        var at = _sendMemory + _bytes;
        datagram.CopyTo(new Span<byte>(at, datagram.Length));
        var index = _ring.Count;
        (_senders[index], _starts[index]) = (socket, _bytes);
        _bytes += datagram.Length;
        _starts[index + 1] = _bytes;
        _ring.Add(IoRing.Send, descriptor, at, datagram.Length, LinuxMediaSocket.DontWait | LinuxMediaSocket.NoSignal, index);
        return true;
    }

    /// <summary>Sends what was taken; what fails is told by <see cref="Flush"/>.</summary>
    public void SendAll()
    {
        var count = _ring.Count;
        if (count == 0)
            return;
        Submit();
        while (_ring.TryRead(out var index, out var result))
        {
            // An ICMP error that was pending is told in place of the try, which then has sent nothing.
            if (result < 0 && (result == -LinuxMediaSocket.WouldBlock || !_senders[index]!.TrySendNow(Datagram(index))))
                _failed++;
        }

        Release(_senders.AsSpan(0, count));
        _bytes = 0;
    }

    /// <summary>Sends what was taken: the end of a tick.</summary>
    /// <returns>Datagrams that were not sent since the last call, though their socket said so.</returns>
    public int Flush()
    {
        SendAll();
        var failed = _failed;
        _failed = 0;
        return failed;
    }

    /// <summary>What was taken is sent no more. By its thread.</summary>
    public void Dispose()
    {
        if (_current == this)
            _current = null;
        Forget();
        Release(_senders);
        _ring.Dispose();
        if (_isOver) // the system may still write to it
            return;
        _isOver = true;
        NativeMemory.AlignedFree(_receiveMemory);
        NativeMemory.AlignedFree(_sendMemory);
    }

    private ReadOnlySpan<byte> Datagram(int index) => new(_sendMemory + _starts[index], _starts[index + 1] - _starts[index]);

    private void Submit()
    {
        if (_ring.Submit())
            return;
        _isOver = true;
        _current = null;
    }

    private void Forget()
    {
        foreach (var fetched in _fetched.AsSpan(0, _fetchedCount))
        {
            fetched.Socket!.TakeBack(fetched);
            fetched.Socket = null;
        }

        _fetchedCount = 0;
    }

    private static void Release(Span<LinuxMediaSocket?> senders)
    {
        foreach (ref var sender in senders)
        {
            sender?.LetGo();
            sender = null;
        }
    }
}
