using Atm0s.Sip.Core.Framing;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Transport;

/// <summary>
/// Reads one connection: bytes into a buffer, frames out of it, messages to the sink. It waits without a buffer, so a silent connection
/// costs none. Ends when the peer closes its side or sends what can't be followed.
/// </summary>
internal sealed class TcpReceiver(
    TcpSipFlow flow, SipLimits limits, ByteShare budget, ConnectionIndex connections, ISipTransportSink sink)
{
    // A peer that never pauses leaves the thread to others now and then.
    private const int ReadsPerTurn = 64;
    private const int MaxDiscarded = 1 << 20;

    private readonly SipStreamFramer _framer = new(limits);
    private readonly TcpReceiveBuffer _buffer = new(limits.MaxMessageSize + 1, budget);
    private bool _hasSpoken;

    public async Task RunAsync()
    {
        try
        {
            var reads = 0;
            while (true)
            {
                await flow.WaitAsync().ConfigureAwait(false);
                var count = await flow.ReadAsync(_buffer.Free()).ConfigureAwait(false);
                if (Take(count) is { } end)
                {
                    flow.EndOfReading(end);
                    if (end == TcpCloseReason.Unreadable)
                        await DiscardAsync().ConfigureAwait(false);
                    return;
                }

                if (++reads % ReadsPerTurn == 0)
                    await Task.Yield();
            }
        }
#pragma warning disable CA1031 // Whatever it was: a connection that nobody reads any more must not stay open.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            flow.Close(TcpCloseReason.Failed, exception);
        }
        finally
        {
            _buffer.Release();
        }
    }

    // Null: wait for more. Else why nothing more is read.
    private TcpCloseReason? Take(int count)
    {
        if (count < 0)
            return null;
        if (count == 0)
            return TcpCloseReason.PeerClosed;
        _buffer.Commit(count);
        // What the messages wake runs here and now, as it does on the receiving threads of UDP.
        using var turn = ShardTurn.Begin();
        var before = _buffer.Length;
        if (!Consume())
            return TcpCloseReason.Unreadable;
        var left = _buffer.Length;
        flow.OnRead(_hasSpoken, isPartial: left > 0, isNew: left < before);
        return _buffer.TryRest() ? null : TcpCloseReason.NoMemory;
    }

    // RFC 3261 §18.3: what the peer goes on to send is not looked at. It is read, for a connection that is closed over unread bytes is
    // reset, and the answer lost with it.
    private async Task DiscardAsync()
    {
        for (var discarded = 0; discarded < MaxDiscarded;)
        {
            await flow.WaitAsync().ConfigureAwait(false);
            _buffer.Consume(_buffer.Length);
            _buffer.TryRest();
            var count = await flow.ReadAsync(_buffer.Free()).ConfigureAwait(false);
            if (count < 0)
                continue;
            if (count == 0)
                break;
            discarded += count;
        }

        flow.Close(TcpCloseReason.Unreadable);
    }

    private bool Consume()
    {
        while (true)
        {
            var content = _buffer.Content;
            var frame = _framer.Read(content);
            switch (frame.Kind)
            {
                case FrameKind.NeedMore:
                    return true;
                case FrameKind.Ping:
                    HasSpoken();
                    // RFC 5626 §4.4.1
                    flow.TrySend("\r\n"u8);
                    break;
                case FrameKind.Message:
                    HasSpoken();
                    Deliver(content.FirstSpan[..(int)frame.Length]);
                    break;
                case FrameKind.Blank:
                    flow.OnBlankLine();
                    break;
                case FrameKind.Refused:
                    Refuse(content.FirstSpan[..(int)Math.Min(frame.Length, limits.MaxMessageSize)], frame.Refusal);
                    return false;
            }

            _buffer.Consume((int)frame.Length);
        }
    }

    private void HasSpoken()
    {
        if (_hasSpoken)
            return;
        _hasSpoken = true;
        flow.OnSpoke();
    }

    private void Deliver(ReadOnlySpan<byte> frame)
    {
        if (!SipParser.TryParse(frame, limits, isStream: true, out var message, out var refusal))
        {
            sink.OnRefused(refusal, frame.Length);
            return;
        }

        if (refusal != SipRefusal.None)
            sink.OnRefused(refusal, frame.Length);
        if (message.IsRequest && message.Method != SipMethod.Ack)
            flow.OnRequest();
        message.RemoteEndPoint = flow.RemoteEndPoint;
        connections.OnMessage(flow, message);
        sink.OnMessage(flow, message);
    }

    // RFC 3261 §18.3: the request is answered if it can be, and the stream, which can't be followed any more, closed. The answer is made
    // here, since the connection does not outlive it.
    private void Refuse(ReadOnlySpan<byte> head, SipRefusal refusal)
    {
        sink.OnRefused(refusal, head.Length);
        if (refusal.ToStatusCode() == 0 || !SipParser.TryParse(head, limits, isStream: true, out var message, out _))
            return;
        using (message)
        {
            if (!message.IsRequest || message.Method == SipMethod.Ack)
                return;
            message.RemoteEndPoint = flow.RemoteEndPoint;
            // RFC 3261 §8.2.6.2
            var tag = ((uint)HashCode.Combine(message.CallIdHash, message.CSeqNumber)).ToString("x8");
            flow.TrySend(SipResponseWriter.Create(message, refusal.ToStatusCode(), refusal.ToReason(), tag));
        }
    }
}
