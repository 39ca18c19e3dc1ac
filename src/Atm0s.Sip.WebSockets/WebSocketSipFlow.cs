using System.Net;
using System.Net.WebSockets;
using System.Text.Unicode;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.WebSockets;

/// <summary>
/// One WebSocket (RFC 7118 §5): reliable, and the only way to its peer. What is sent waits in a bounded queue for those before it; a peer
/// that lets too much pile up is closed.
/// </summary>
internal sealed class WebSocketSipFlow : SipFlow, IPlaceHolder
{
    // What the peer has to answer a Close with its own (RFC 6455 §7.1.1).
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly WebSocketSipTransport _transport;
    private readonly Lock _gate = new();
    private readonly SendQueue _queue;
    private readonly string _sentBy;
    private volatile FlowState _state = FlowState.Opening;
    private TcpCloseReason _reason;
    private TcpDeadlines _deadlines;
    private TimeSpan _closeBy = TimeSpan.MaxValue;
    private TimeSpan _lastHeard;
    private WebSocket? _socket;
    private Action? _abort;
    private bool _isSending;
    private int _holders;
    private int _isTold;

    public WebSocketSipFlow(WebSocketSipTransport transport, bool isSecure, IPEndPoint local, IPEndPoint remote)
    {
        _transport = transport;
        Protocol = isSecure ? SipTransportProtocol.Wss : SipTransportProtocol.Ws;
        LocalEndPoint = local;
        RemoteEndPoint = remote;
        _sentBy = SentByText.Create(transport.Options, local, remote.Address);
        _queue = new SendQueue(transport.Options.MaxSendBytes, transport.Budget.ShareOf(remote.Address, isReceived: false));
        _lastHeard = transport.Now;
        _deadlines = TcpDeadlines.Opened(transport.Options.FirstMessageTimeout, _lastHeard, accepted: true);
    }

    public override SipTransportProtocol Protocol { get; }

    public override IPEndPoint LocalEndPoint { get; }

    public override IPEndPoint RemoteEndPoint { get; }

    public override string SentBy => _sentBy;

    public override bool IsClosed => _state >= FlowState.Closing;

    /// <inheritdoc/>
    public bool IsHeld => Volatile.Read(ref _holders) > 0;

    IPAddress IPlaceHolder.Source => RemoteEndPoint.Address;

    TimeSpan IPlaceHolder.LastHeard => _lastHeard;

    /// <summary>Done when the word of why it closes is out, or can't be sent.</summary>
    public Task Closing { get; private set; } = Task.CompletedTask;

    /// <summary>Why it was closed; None while it is open.</summary>
    public TcpCloseReason Reason => _reason;

    /// <summary>The connection is there.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="abort">Ends what is below it.</param>
    /// <returns>False when it has been closed meanwhile.</returns>
    public bool Open(WebSocket socket, Action abort)
    {
        lock (_gate)
        {
            if (_state != FlowState.Opening)
                return false;
            (_socket, _abort) = (socket, abort);
            _state = FlowState.Open;
            return true;
        }
    }

    /// <inheritdoc/>
    public override bool TrySend(ReadOnlySpan<byte> message)
    {
        bool isTaken;
        lock (_gate)
        {
            if (_state != FlowState.Open)
                return false;
            isTaken = _queue.TryAdd(message);
            if (isTaken && _isSending)
                return true;
            if (isTaken)
                _isSending = true;
            else
                (_state, _reason) = (FlowState.Closing, TcpCloseReason.NoMemory);
        }

        if (isTaken)
        {
            _ = SendQueuedAsync();
            return true;
        }

        _transport.Metrics.Unsent();
        AbortElsewhere(TcpCloseReason.NoMemory);
        return false;
    }

    internal override void Hold() => Interlocked.Increment(ref _holders);

    internal override void Release() => Interlocked.Decrement(ref _holders);

    /// <summary>The first message came.</summary>
    public void OnSpoke() => _transport.OnSpoke(this);

    /// <summary>Bytes of a message came.</summary>
    /// <param name="spoke">Whether a message ever came.</param>
    /// <param name="isPartial">Whether more of it is to come.</param>
    public void OnRead(bool spoke, bool isPartial)
    {
        lock (_gate)
        {
            _lastHeard = _transport.Now;
            _deadlines.OnRead(_transport.Options, _transport.Options.IdleTimeout, _lastHeard, spoke, isPartial, isNew: false);
        }
    }

    /// <summary>Closes with a word of why; the peer has a moment to agree. More calls do nothing.</summary>
    public void Close(TcpCloseReason reason, WebSocketCloseStatus status, string text)
    {
        lock (_gate)
        {
            if (_state >= FlowState.Closing)
                return;
            (_state, _reason) = (FlowState.Closing, reason);
            _closeBy = _transport.Now + CloseTimeout;
        }

        Tell();
        if (_socket is { } socket)
            Closing = CloseAsync(socket, status, text);
    }

    /// <summary>Closes at once, without a word. More calls do nothing.</summary>
    public void Abort(TcpCloseReason reason)
    {
        if (!TryEnd(reason))
            return;
        try
        {
            _socket?.Abort();
            _abort?.Invoke();
        }
#pragma warning disable CA1031 // The host's server may have ended it at the same time.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        Tell();
    }

    /// <summary>Its connection is at its end. More calls do nothing.</summary>
    public void End(TcpCloseReason reason)
    {
        if (TryEnd(reason))
            Tell();
    }

    /// <summary>Closes it when something expected did not come in time.</summary>
    public void CheckTime(TimeSpan now)
    {
        TcpCloseReason reason;
        bool isOver;
        lock (_gate)
        {
            isOver = now >= _closeBy;
            reason = IsClosed ? TcpCloseReason.None : _deadlines.Check(_transport.Options.IdleTimeout, now, IsHeld);
        }

        if (isOver || reason == TcpCloseReason.StalledSend)
            Abort(reason);
        else if (reason != TcpCloseReason.None)
            Close(reason, WebSocketCloseStatus.NormalClosure, reason == TcpCloseReason.SlowMessage ? "slow message" : "idle");
    }

    private bool TryEnd(TcpCloseReason reason)
    {
        lock (_gate)
        {
            if (_state == FlowState.Closed)
                return false;
            _reason = _state == FlowState.Closing ? _reason : reason;
            _state = FlowState.Closed;
            // Else who sends is still reading from it.
            if (!_isSending)
                _queue.Clear();
            return true;
        }
    }

    private void Tell()
    {
        if (Interlocked.Exchange(ref _isTold, 1) == 0)
            _transport.TellClosed(this);
    }

    private async Task SendQueuedAsync()
    {
        try
        {
            while (TryTakeNext(out var message))
            {
                // RFC 7118 §4.2: what is no UTF-8 goes as binary.
                var type = Utf8.IsValid(message.Span) ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
                await _socket!.SendAsync(message, type, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Whatever it was, nothing more can be sent.
        catch (Exception)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                _isSending = false;
                _queue.Clear();
            }

            AbortElsewhere(TcpCloseReason.Failed);
        }
    }

    // On the thread of a call, which is in the middle of something: that the connection is gone is told from another.
    private void AbortElsewhere(TcpCloseReason reason) => ThreadPool.UnsafeQueueUserWorkItem(
        static work => work.Flow._transport.Guard(() => work.Flow.Abort(work.Reason)), (Flow: this, Reason: reason), preferLocal: false);

    private bool TryTakeNext(out ReadOnlyMemory<byte> message)
    {
        lock (_gate)
        {
            // RFC 6455 §5.5.1: nothing follows a Close.
            if (IsClosed)
                _queue.Clear();
            if (_queue.TryTake(out message))
            {
                _deadlines.OnSending(_transport.Options, _transport.Now);
                return true;
            }

            _isSending = false;
            _deadlines.OnSent();
            return false;
        }
    }

    private static async Task CloseAsync(WebSocket socket, WebSocketCloseStatus status, string text)
    {
        try
        {
            await socket.CloseOutputAsync(status, text, CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The peer is gone already.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
