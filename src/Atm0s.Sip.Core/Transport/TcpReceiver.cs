using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Atm0s.Sip.Core.Diagnostics;
using Atm0s.Sip.Core.Framing;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Core.Transport;

/// <summary>
/// Reads one connection: bytes into a pipe, frames out of it, messages to the sink. Ends when the peer closes, is too slow, or sends what
/// can't be followed.
/// </summary>
internal sealed class TcpReceiver(
    TcpSipFlow flow, SipListenerOptions options, SipLimits limits, TimeProvider timeProvider, ISipTransportSink sink, ILogger logger,
    bool accepted)
{
    private readonly SipStreamFramer _framer = new(limits);
    private bool _hasSpoken = !accepted;

    public async Task RunAsync()
    {
        var reader = PipeReader.Create(
            new NetworkStream(flow.Socket, ownsSocket: false), new StreamPipeReaderOptions(bufferSize: 4096, leaveOpen: true));
        try
        {
            while (await ReadAsync(reader).ConfigureAwait(false))
            {
            }
        }
        catch (OperationCanceledException)
        {
            TransportLog.ConnectionTimedOut(logger, flow.RemoteEndPoint);
            flow.Close();
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            if (!flow.IsClosed)
                TransportLog.ConnectionFailed(logger, exception, flow.RemoteEndPoint);
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
            flow.CloseAfterWriting();
        }
    }

    // Reads until one thing is whole: within IdleTimeout something must come, the first within FirstMessageTimeout, and once it has begun
    // it must be complete within MessageTimeout.
    private async Task<bool> ReadAsync(PipeReader reader)
    {
        using var limit = new CancellationTokenSource(_hasSpoken ? options.IdleTimeout : options.FirstMessageTimeout, timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, flow.Closed);
        var begun = false;
        while (true)
        {
            ReadResult read;
            try
            {
                read = await reader.ReadAsync(both.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!begun && flow.IsHeld && !flow.IsClosed)
            {
                // Silent, but a call, a registration or a trunk depends on it.
                return true;
            }

            var buffer = read.Buffer;
            var before = buffer.Length;
            var goOn = Consume(ref buffer);
            var isEmpty = buffer.IsEmpty;
            // What is left over after a whole message is the beginning of another one, with its own time: a busy trunk never pauses between
            // messages.
            var begins = !begun || buffer.Length < before;
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (!goOn || read.IsCompleted)
                return false;
            if (isEmpty)
                return true;
            if (begins)
            {
                begun = true;
                limit.CancelAfter(options.MessageTimeout);
            }
        }
    }

    private bool Consume(ref ReadOnlySequence<byte> buffer)
    {
        while (true)
        {
            var frame = _framer.Read(buffer);
            switch (frame.Kind)
            {
                case FrameKind.NeedMore:
                    return true;
                case FrameKind.Ping:
                    _hasSpoken = true;
                    flow.TrySend("\r\n"u8);
                    break;
                case FrameKind.Message:
                    _hasSpoken = true;
                    Deliver(buffer.Slice(0, frame.Length));
                    break;
                case FrameKind.Refused:
                    Refuse(buffer.Slice(0, Math.Min(frame.Length, limits.MaxMessageSize)), frame.Refusal);
                    return false;
            }

            buffer = buffer.Slice(frame.Length);
        }
    }

    private void Deliver(in ReadOnlySequence<byte> frame)
    {
        if (frame.IsSingleSegment)
        {
            Deliver(frame.FirstSpan);
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent((int)frame.Length);
        frame.CopyTo(rented);
        Deliver(rented.AsSpan(0, (int)frame.Length));
        ArrayPool<byte>.Shared.Return(rented);
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
        message.RemoteEndPoint = flow.RemoteEndPoint;
        sink.OnMessage(flow, message);
    }

    // RFC 3261 §18.3: the request is answered if it can be, and the stream, which can't be followed any more, closed. The answer is made
    // here, since the
    // connection does not outlive it.
    private void Refuse(in ReadOnlySequence<byte> head, SipRefusal refusal)
    {
        sink.OnRefused(refusal, (int)head.Length);
        var bytes = head.ToArray();
        if (refusal.ToStatusCode() == 0 || !SipParser.TryParse(bytes, limits, isStream: true, out var message, out _))
            return;
        using (message)
        {
            message.RemoteEndPoint = flow.RemoteEndPoint;
            if (message.IsRequest && message.Method != SipMethod.Ack && message.TopViaBranch.Length > 0)
                flow.TrySend(Serialization.SipResponseWriter.Create(message, refusal.ToStatusCode(), refusal.ToReason(), null));
        }
    }
}
