using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Transport.Tls;

namespace Atm0s.Sip.Core.Transport;

/// <summary>
/// One TCP connection, with TLS over it or without: accepted, or opened by us. What is sent goes out at once; what the peer does not take
/// waits in a bounded queue, and only then has the connection buffers. Under TLS that queue has what is encrypted already.
/// </summary>
internal sealed class TcpSipFlow : SipFlow, IPlaceHolder
{
    private readonly TcpSipTransport _transport;
    private readonly Lock _gate = new();
    private readonly TlsLayer? _tls;
    private volatile TcpFlowState _state;
    private TcpCloseReason _drainReason;
    private TcpDeadlines _deadlines;
    private TcpSendQueue? _queue;
    private List<IPEndPoint>? _aliases;
    private bool _isFull;
    private IPEndPoint _local;
    private TimeSpan _lastHeard;
    private volatile bool _isBroken;
    private bool _isSending;
    private bool _answersPings;
    private bool _hasPinged;
    private int _owedAnswers;
    private int _holders;
    private int _users = 2;
    private int _isTold;
    private int _isUnproven;

    public TcpSipFlow(
        TcpSipTransport transport, Socket socket, IPEndPoint local, IPEndPoint remote, bool accepted, TlsPeer? peer = null)
    {
        _transport = transport;
        _tls = transport.Tls is { } context ? new TlsLayer(this, context) : null;
        Socket = socket;
        Peer = peer;
        _local = local;
        RemoteEndPoint = remote;
        IsAccepted = accepted;
        _isUnproven = accepted ? 0 : 1;
        _lastHeard = transport.Now;
        _state = accepted && _tls is null ? TcpFlowState.Open : TcpFlowState.Connecting;
        _deadlines = !accepted ? TcpDeadlines.Connecting(transport.Options, _lastHeard)
            : transport.Tls is { } tls ? TcpDeadlines.Securing(_lastHeard + tls.Options.HandshakeTimeout)
            : TcpDeadlines.Opened(transport.FirstMessageTimeout, _lastHeard, accepted);
    }

    public override SipTransportProtocol Protocol => _transport.Protocol;

    /// <summary>Whom a TLS connection of ours was opened for; else null.</summary>
    internal override TlsPeer? Peer { get; }

    /// <inheritdoc/>
    public override TlsIdentity? PeerIdentity => _tls?.Identity;

    /// <summary>
    /// Our address on the connection, with the port of the listener: that is where the peer finds us again when the connection is gone.
    /// </summary>
    public override IPEndPoint LocalEndPoint => _local;

    public override IPEndPoint RemoteEndPoint { get; }

    public override string SentBy => SentByText.Create(_transport.Options, _local, RemoteEndPoint.Address);

    public override bool IsClosed => _state >= TcpFlowState.Draining || _isBroken;

    internal override bool IsOpening => _state == TcpFlowState.Connecting;

    /// <summary>What waits to be sent; under the lock of the connection.</summary>
    public TcpSendQueue? Queue => _queue;

    /// <summary>Whether the peer opened it.</summary>
    public bool IsAccepted { get; }

    public Socket Socket { get; }

    /// <inheritdoc/>
    public bool IsHeld => Volatile.Read(ref _holders) > 0;

    IPAddress IPlaceHolder.Source => RemoteEndPoint.Address;

    TimeSpan IPlaceHolder.LastHeard => _lastHeard;

    /// <inheritdoc/>
    public override bool TrySend(ReadOnlySpan<byte> message)
    {
        TcpCloseReason end;
        bool isSent;
        lock (_gate)
        {
            var isAnswer = message.Length > 8 && message[8] != (byte)'1' && message.StartsWith("SIP/2.0 "u8); // a final one
            // The peer has closed its side: it gets the answers it waits for, and nothing else.
            if (_state == TcpFlowState.Closed || (_state == TcpFlowState.Draining && !isAnswer))
                return false;
            isSent = Send(message, out end);
            if (isSent && isAnswer && _owedAnswers > 0)
                _owedAnswers--;
            if (end == TcpCloseReason.None && IsOver())
                end = _drainReason;
        }

        if (!isSent)
            _transport.Metrics.Unsent();
        // It is told in a moment; who sent finds it closed at once.
        _isBroken |= end == TcpCloseReason.Failed;
        // On the thread of a call, which is in the middle of something: that the connection is gone is told from another.
        if (end != TcpCloseReason.None)
            CloseElsewhere(end);
        return isSent;
    }

    internal override void Hold()
    {
        Interlocked.Increment(ref _holders);
        LeaveUnproven();
    }

    internal override void Release() => Interlocked.Decrement(ref _holders);

    internal override SipFlow? TryReopen() => IsAccepted ? null : _transport.TryGetFlow(RemoteEndPoint, Peer);

    internal override bool TryPing(TimeSpan pongWithin, bool isPongSure)
    {
        if (IsClosed || !TrySend("\r\n\r\n"u8))
            return false;
        lock (_gate)
        {
            _hasPinged = true;
            if (isPongSure || _answersPings)
                _deadlines.OnPing(_transport.Now + pongWithin);
        }

        return true;
    }

    /// <summary>It was opened: what was sent meanwhile goes out.</summary>
    public bool OnConnected()
    {
        lock (_gate)
        {
            if (_state != TcpFlowState.Connecting)
                return false;
            _local = new IPEndPoint(((IPEndPoint)Socket.LocalEndPoint!).Address, _local.Port);
            _state = TcpFlowState.Open;
            _deadlines = TcpDeadlines.Opened(
                IsAccepted ? _transport.FirstMessageTimeout : _transport.IdleTimeout, _transport.Now, IsAccepted);
            if (_tls is null && _queue is { IsEmpty: false })
                BeginSending();
            _isBroken |= _tls?.TryWriteEarly() == false;
            if (_isBroken)
                CloseElsewhere(TcpCloseReason.Failed);
        }

        LeaveUnproven();
        return true;
    }

    /// <summary>The handshake of TLS, when there is one.</summary>
    /// <exception cref="Exception">It failed.</exception>
    public Task SecureAsync()
    {
        if (_tls is null)
            return Task.CompletedTask;
        if (!IsAccepted)
        {
            lock (_gate)
                _deadlines = TcpDeadlines.Securing(_transport.Now + _transport.Tls!.Options.HandshakeTimeout);
        }

        return _tls.SecureAsync(Peer);
    }

    /// <summary>Waits until there is something to read, without a buffer.</summary>
    public ValueTask<int> WaitAsync() => _tls?.WaitAsync() ?? Socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);

    /// <summary>Reads what is there: 0 when the peer has closed its side, less when it was a false alarm.</summary>
    /// <exception cref="SocketException">The connection is broken.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> room)
    {
        if (_tls is not null)
            return _tls.ReadAsync(room);
        var count = Socket.Receive(room.Span, SocketFlags.None, out var error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
            throw new SocketException((int)error);
        return new ValueTask<int>(error == SocketError.WouldBlock ? -1 : count);
    }

    /// <summary>A part of a record has come, and its rest is waited for; or nothing of one has.</summary>
    public void OnRecord(bool hasBegun)
    {
        lock (_gate)
            _deadlines.OnRecord(hasBegun ? _transport.Now + _transport.Options.MessageTimeout : null);
    }

    /// <summary>Sends what TLS has made.</summary>
    /// <exception cref="IOException">It can't be sent: the stream makes no sense any more.</exception>
    public void SendCipher(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_state == TcpFlowState.Closed || !SendBytes(bytes, out var end) || end != TcpCloseReason.None)
                throw new IOException("The connection takes nothing more.");
        }
    }

    /// <summary>The reader of TLS has come back: our side can be closed now.</summary>
    public void OnEndOwed()
    {
        lock (_gate)
        {
            if (_state != TcpFlowState.Closed)
                Shutdown();
        }
    }

    /// <summary>The peer says that a place is its, too (RFC 5923 §8.2).</summary>
    /// <returns>False when it has said so of enough, or is gone.</returns>
    public bool TryAddAlias(IPEndPoint place, int max)
    {
        lock (_gate)
        {
            if (IsClosed || _aliases?.Count >= max)
                return false;
            (_aliases ??= new List<IPEndPoint>(1)).Add(place);
            return true;
        }
    }

    /// <summary>That place is somebody else's.</summary>
    public void RemoveAlias(IPEndPoint place)
    {
        lock (_gate)
            _aliases?.Remove(place);
    }

    /// <summary>Its further places, which it has no more from now on.</summary>
    public IReadOnlyList<IPEndPoint> TakeAliases()
    {
        lock (_gate)
        {
            var aliases = _aliases ?? [];
            _aliases = null;
            return aliases;
        }
    }

    /// <summary>Bytes came.</summary>
    public void OnRead(bool spoke, bool isPartial, bool isNew)
    {
        lock (_gate)
        {
            _lastHeard = _transport.Now;
            _deadlines.OnRead(_transport.Options, _transport.IdleTimeout, _lastHeard, spoke, isPartial, isNew);
            // RFC 5626 §4.4.1 wants the pong itself. That anything came shows as well that the peer is there.
            _deadlines.OnPong();
        }
    }

    /// <summary>A blank line came: the answer to a ping of ours, if there was one.</summary>
    public void OnBlankLine() => _answersPings |= _hasPinged;

    /// <summary>The first message or ping came.</summary>
    public void OnSpoke() => _transport.OnSpoke(this);

    /// <summary>A request came that will be answered.</summary>
    public void OnRequest()
    {
        lock (_gate)
            _owedAnswers++;
    }

    /// <summary>Nothing more is read. Answers that are still being decided go out (RFC 3261 §18.2.2), for a while.</summary>
    public void EndOfReading(TcpCloseReason reason)
    {
        lock (_gate)
        {
            if (_state == TcpFlowState.Closed)
                return;
            // What can't be followed is read on until the peer has closed, too.
            var isWaitedFor = reason == TcpCloseReason.Unreadable
                || (reason == TcpCloseReason.PeerClosed && (_owedAnswers > 0 || _isSending));
            if (isWaitedFor && _transport.TryBeginDraining())
            {
                (_state, _drainReason) = (TcpFlowState.Draining, reason);
                _deadlines.OnDraining(_transport.Now + _transport.Options.MessageTimeout, reason);
                // Whether it is over is found out again when the last answer is out.
                _ = IsOver();
            }
        }

        // With something still on its way the peer has closed its side alone, and reads: had it closed all, that would have been an error.
        if (_state != TcpFlowState.Draining)
            Close(reason);
        else if (!_isSending)
            Tell();
    }

    /// <summary>Closes it when something expected did not come in time.</summary>
    public void CheckTime(TimeSpan now)
    {
        TcpCloseReason reason;
        lock (_gate)
            reason = _state == TcpFlowState.Closed ? TcpCloseReason.None : _deadlines.Check(_transport.IdleTimeout, now, IsHeld);
        if (reason != TcpCloseReason.None)
            Close(reason);
    }

    /// <summary>Closes the connection. The first call tells the transport; more do nothing.</summary>
    public void Close(TcpCloseReason reason, Exception? exception = null)
    {
        bool wasDraining;
        lock (_gate)
        {
            if (_state == TcpFlowState.Closed)
                return;
            wasDraining = _state == TcpFlowState.Draining;
            if (_state != TcpFlowState.Connecting && reason is not (TcpCloseReason.Failed or TcpCloseReason.NoMemory))
                _tls?.TryEnd(); // what the reader is in the middle of is cut off
            _state = TcpFlowState.Closed;
            _tls?.Early?.Clear();
            // Else who sends is still reading from it.
            if (!_isSending)
                _queue?.Clear();
        }

        try
        {
            Socket.Dispose();
            if (wasDraining)
                _transport.EndDraining();
            LeaveUnproven();
            Tell();
            _transport.OnClosed(this, reason, exception);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>One of the two that keep it known to the transport, its reader and its closing, is done.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) != 0)
            return;
        _tls?.Dispose();
        _transport.OnGone(this);
    }

    // Under the gate: whether the last word is out, and nothing more to be read. What can't be followed goes on to be read, and thrown
    // away, until the peer has closed, too.
    private bool IsOver()
    {
        if (_state != TcpFlowState.Draining || _owedAnswers > 0 || _isSending)
            return false;
        if (_drainReason != TcpCloseReason.Unreadable)
            return true;
        Shutdown();
        return false;
    }

    // One that we opened is proven when it is there and something depends on it; then, or when it is closed, it counts no more.
    private void LeaveUnproven()
    {
        if ((_state == TcpFlowState.Closed || (_state != TcpFlowState.Connecting && IsHeld))
            && Interlocked.Exchange(ref _isUnproven, 0) == 1)
            _transport.OnProven(this);
    }

    private void Tell()
    {
        if (Interlocked.Exchange(ref _isTold, 1) == 0)
            _transport.TellClosed(this);
    }

    private void Shutdown()
    {
        if (_tls?.TryEnd() == false)
            return;
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The peer is gone; the reader finds out.
        }
    }

    private void CloseElsewhere(TcpCloseReason reason, Exception? exception = null) => ThreadPool.UnsafeQueueUserWorkItem(
        static work => work.Flow._transport.Guard(() => work.Flow.Close(work.Reason, work.Exception)),
        (Flow: this, Reason: reason, Exception: exception),
        preferLocal: false);

    private bool Send(ReadOnlySpan<byte> message, out TcpCloseReason end)
    {
        end = TcpCloseReason.None;
        if (_state == TcpFlowState.Connecting)
            return (_tls is null ? (_queue ??= NewQueue()) : (_tls.Early ??= NewQueue())).TryAdd(message);
        if (_tls is null)
            return SendBytes(message, out end);
        var isSent = _tls.TryWrite(message, out var isBroken);
        end = !isBroken ? TcpCloseReason.None : _isFull ? TcpCloseReason.NoMemory : TcpCloseReason.Failed;
        return isSent;
    }

    private TcpSendQueue NewQueue() => new(_transport.Options.MaxSendBytes, _transport.Budget.ShareOf(RemoteEndPoint.Address, isReceived: false));

    private bool SendBytes(ReadOnlySpan<byte> message, out TcpCloseReason end)
    {
        end = TcpCloseReason.None;
        var sent = 0;
        if (!_isSending)
        {
            sent = Socket.Send(message, SocketFlags.None, out var error);
            if (error is not (SocketError.Success or SocketError.WouldBlock))
            {
                end = TcpCloseReason.Failed;
                return false;
            }

            if (sent == message.Length)
                return true;
        }

        _queue ??= NewQueue();
        if (_queue.TryAdd(message[sent..]))
        {
            if (!_isSending)
                BeginSending();
            return true;
        }

        _isFull = true;
        // Half of it is out: the stream makes no sense without the rest.
        if (sent > 0)
            end = TcpCloseReason.NoMemory;
        return false;
    }

    private void BeginSending()
    {
        _isSending = true;
        _ = SendQueuedAsync();
    }

    // It may begin on the thread of a call, under the gate: so what it has to tell is told from another.
    private async Task SendQueuedAsync()
    {
        try
        {
            for (var block = NextBlock(0); !block.IsEmpty;)
                block = NextBlock(await Socket.SendAsync(block, SocketFlags.None).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            lock (_gate)
            {
                _isSending = false;
                _queue!.Clear();
            }

            CloseElsewhere(TcpCloseReason.Failed, exception);
        }
    }

    private ReadOnlyMemory<byte> NextBlock(int sent)
    {
        ReadOnlyMemory<byte> next;
        bool isOver;
        bool isLast;
        lock (_gate)
        {
            _queue!.Advance(sent);
            if (_state == TcpFlowState.Closed)
                _queue.Clear();
            next = _queue.First;
            if (next.IsEmpty)
            {
                _isSending = false;
                _deadlines.OnSent();
            }
            else
                _deadlines.OnSending(_transport.Options, _transport.Now);
            isLast = next.IsEmpty && _state == TcpFlowState.Draining;
            isOver = IsOver();
        }

        if (isOver)
            CloseElsewhere(_drainReason);
        else if (isLast)
            ThreadPool.UnsafeQueueUserWorkItem(static flow => flow._transport.Guard(flow.Tell), this, preferLocal: false);
        return next;
    }
}
