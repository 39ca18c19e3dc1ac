using System.Net.WebSockets;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.WebSockets.Metering;

namespace Atm0s.Sip.WebSockets;

/// <summary>
/// Reads one connection: each message of it is one of SIP (RFC 7118 §5), or a keep-alive (§6). It waits without a buffer, so a silent
/// connection costs none. Ends when the peer closes, or sends what can't be followed.
/// </summary>
internal sealed class WebSocketReceiver(
    WebSocketSipFlow flow, WebSocket socket, ByteMeter? meter, SipLimits limits, ByteShare budget, ISipTransportSink sink)
{
    // Messages in a row that are none of SIP: whoever sends them has something else in mind.
    private const int MaxForeign = 8;

    // Frames of one message: a message of many tiny ones is much work for little.
    private const int MaxFrames = 4096;

    // What a peer that was told to stop may still send, bytes.
    private const int MaxDiscarded = 1 << 20;

    private readonly MessageBuffer _buffer = new(limits.MaxMessageSize, budget);
    private bool _hasSpoken;
    private int _foreign;
    private int _frames;
    private int _discarded;

    /// <summary>Reads until there is nothing more to read.</summary>
    /// <returns>Why it has ended.</returns>
    public async Task<TcpCloseReason> RunAsync()
    {
        try
        {
            while (true)
            {
                var isBegun = _buffer.Length > 0;
                var room = Memory<byte>.Empty;
                if (isBegun && !_buffer.TryGetRoom(out room))
                    return TcpCloseReason.NoMemory;
                var result = await socket.ReceiveAsync(room, CancellationToken.None).ConfigureAwait(false);
                // The first wait is for a frame, without a place to put it.
                if (!isBegun && result is { MessageType: not WebSocketMessageType.Close, EndOfMessage: false })
                {
                    if (!_buffer.TryGetRoom(out room))
                        return TcpCloseReason.NoMemory;
                    result = await socket.ReceiveAsync(room, CancellationToken.None).ConfigureAwait(false);
                }

                if (result.MessageType == WebSocketMessageType.Close)
                    return TcpCloseReason.PeerClosed;
                meter?.OnMessageBytes(result.Count);
                if (flow.IsClosed ? !TryDiscard(result) : !TryTake(result))
                    return TcpCloseReason.Unreadable;
            }
        }
        finally
        {
            _buffer.Release();
        }
    }

    // False when nothing more is read at all.
    private bool TryTake(ValueWebSocketReceiveResult result)
    {
        if (!_buffer.TryCommit(result.Count))
        {
            _buffer.Release();
            flow.Close(TcpCloseReason.Unreadable, WebSocketCloseStatus.MessageTooBig, "more than one SIP message can be");
            return true;
        }

        if (++_frames > MaxFrames)
            return false;
        if (!result.EndOfMessage)
        {
            flow.OnRead(_hasSpoken, isPartial: true);
            return true;
        }

        OnMessage(_buffer.Content);
        _buffer.Release();
        _frames = 0;
        if (!flow.IsClosed)
            flow.OnRead(_hasSpoken, isPartial: false);
        return true;
    }

    // RFC 6455 §7.1.1: what comes before the peer's Close is not looked at, but a connection that is closed over unread bytes is reset, and
    // the word of why is lost with it.
    private bool TryDiscard(ValueWebSocketReceiveResult result)
    {
        _buffer.Release();
        _discarded += result.Count + 1;
        return _discarded <= MaxDiscarded;
    }

    private void OnMessage(ReadOnlySpan<byte> content)
    {
        if (content.IndexOfAnyExcept("\r\n"u8) < 0)
        {
            OnKeepAlive(content);
            return;
        }

        // RFC 7118 §5: Content-Length is not needed, as in a datagram.
        if (!SipParser.TryParse(content, limits, isStream: false, out var message, out var refusal))
        {
            sink.OnRefused(refusal, content.Length);
            if (++_foreign >= MaxForeign)
                flow.Close(TcpCloseReason.Unreadable, WebSocketCloseStatus.InvalidMessageType, "these are no SIP messages");
            return;
        }

        _foreign = 0;
        OnSpoke();
        if (refusal != SipRefusal.None)
            sink.OnRefused(refusal, content.Length);
        message.RemoteEndPoint = flow.RemoteEndPoint;
        // What the message wakes runs here and now, as it does on the receiving threads of UDP.
        using var turn = ShardTurn.Begin();
        sink.OnMessage(flow, message);
    }

    // RFC 5626 §4.4.1: a double CRLF is a ping, a single one the answer to it.
    private void OnKeepAlive(ReadOnlySpan<byte> content)
    {
        if (!content.SequenceEqual("\r\n\r\n"u8))
            return;
        OnSpoke();
        flow.TrySend("\r\n"u8);
    }

    private void OnSpoke()
    {
        if (_hasSpoken)
            return;
        _hasSpoken = true;
        flow.OnSpoke();
    }
}
