using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Core.Transport;

/// <summary>
/// One TCP connection: accepted, or opened by us. What is sent goes out at once; what the peer does not take waits in a bounded queue, and
/// only then has the connection buffers.
/// </summary>
internal sealed class TcpSipFlow : SipFlow, IPlaceHolder
{
    private readonly TcpSipTransport _transport;
    private readonly Lock _gate = new();
    private volatile TcpFlowState _state;
    private TcpCloseReason _drainReason;
    private TcpDeadlines _deadlines;
    private TcpSendQueue? _queue;
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

    public TcpSipFlow(TcpSipTransport transport, Socket socket, IPEndPoint local, IPEndPoint remote, bool accepted)
    {
        _transport = transport;
        Socket = socket;
        _local = local;
        RemoteEndPoint = remote;
        IsAccepted = accepted;
        _isUnproven = accepted ? 0 : 1;
        _lastHeard = transport.Now;
        _state = accepted ? TcpFlowState.Open : TcpFlowState.Connecting;
        _deadlines = accepted
            ? TcpDeadlines.Opened(transport.Options, _lastHeard, accepted)
            : TcpDeadlines.Connecting(transport.Options, _lastHeard);
    }

    public override SipTransportProtocol Protocol => SipTransportProtocol.Tcp;

    /// <summary>
    /// Our address on the connection, with the port of the listener: that is where the peer finds us again when the connection is gone.
    /// </summary>
    public override IPEndPoint LocalEndPoint => _local;

    public override IPEndPoint RemoteEndPoint { get; }

    public override string SentBy => SentByText.Create(_transport.Options, _local, RemoteEndPoint.Address);

    public override bool IsClosed => _state >= TcpFlowState.Draining || _isBroken;

    internal override bool IsOpening => _state == TcpFlowState.Connecting;

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
            var isAnswer = IsFinalAnswer(message);
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

    internal override SipFlow? TryReopen() => IsAccepted ? null : _transport.TryGetFlow(RemoteEndPoint);

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
            _deadlines = TcpDeadlines.Opened(_transport.Options, _transport.Now, accepted: false);
            if (_queue is { IsEmpty: false })
                BeginSending();
        }

        LeaveUnproven();
        return true;
    }

    /// <summary>Bytes came.</summary>
    public void OnRead(bool spoke, bool isPartial, bool isNew)
    {
        lock (_gate)
        {
            _lastHeard = _transport.Now;
            _deadlines.OnRead(_transport.Options, _lastHeard, spoke, isPartial, isNew);
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
            reason = _state == TcpFlowState.Closed ? TcpCloseReason.None : _deadlines.Check(_transport.Options, now, IsHeld);
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
            _state = TcpFlowState.Closed;
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
        if (Interlocked.Decrement(ref _users) == 0)
            _transport.OnGone(this);
    }

    private static bool IsFinalAnswer(ReadOnlySpan<byte> message) =>
        message.Length > 8 && message[8] != (byte)'1' && message.StartsWith("SIP/2.0 "u8);

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
        static work => work.Flow.Close(work.Reason, work.Exception),
        (Flow: this, Reason: reason, Exception: exception),
        preferLocal: false);

    private bool Send(ReadOnlySpan<byte> message, out TcpCloseReason end)
    {
        end = TcpCloseReason.None;
        var sent = 0;
        if (_state != TcpFlowState.Connecting && !_isSending)
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

        _queue ??= new TcpSendQueue(_transport.Options.MaxSendBytes, _transport.Budget);
        if (_queue.TryAdd(message[sent..]))
        {
            if (_state != TcpFlowState.Connecting && !_isSending)
                BeginSending();
            return true;
        }

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
            ThreadPool.UnsafeQueueUserWorkItem(static flow => flow.Tell(), this, preferLocal: false);
        return next;
    }
}
