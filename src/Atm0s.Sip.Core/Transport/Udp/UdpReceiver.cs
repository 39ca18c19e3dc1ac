using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atm0s.Sip.Core.Diagnostics;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport.Linux;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Core.Transport.Udp;

/// <summary>
/// The thread of one UDP socket: a batch of datagrams in, their messages to the sink, the shards that they woke run, the answers out.
/// </summary>
internal sealed class UdpReceiver
{
    private static readonly TimeSpan DropsRead = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DropsTold = TimeSpan.FromMinutes(1);

    // With one processor a shard on the pool would only take it away from this thread.
    private static readonly bool MayHandOver = Environment.ProcessorCount > 1;

    private readonly UdpSipTransport _transport;
    private readonly UdpSocket _socket;
    private readonly ISipTransportSink _sink;
    private readonly SipLimits _limits;
    private readonly ILogger _logger;
    private readonly UdpFlowCache _flows;
    private readonly UdpSendBatch _batch;
    private readonly ErrorPause _pause = new();
    private readonly HandOverRule _handOver = new();
    private readonly TimeProvider _timeProvider;
    private readonly DropCount _drops;
    private readonly Pace _dropsRead;
    private readonly Pace _dropsTold;
    private readonly Pace _errorsTold;
    private readonly object _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _untold;
    private long _turns;    // odd while it is in one
    private volatile bool _isStopped;

    public UdpReceiver(
        UdpSipTransport transport, UdpSocket socket, ISipTransportSink sink, SipLimits limits, TimeProvider timeProvider, ILogger logger)
    {
        _transport = transport;
        _socket = socket;
        _sink = sink;
        _limits = limits;
        _timeProvider = timeProvider;
        _logger = logger;
        _flows = new UdpFlowCache(transport);
        _batch = new UdpSendBatch(socket, transport.OnSendFailed);
        _drops = new DropCount(socket.Socket);
        _dropsRead = new Pace(timeProvider, DropsRead);
        _dropsTold = new Pace(timeProvider, DropsTold);
        _errorsTold = new Pace(timeProvider, DropsTold);
    }

    /// <summary>Done when the thread has ended and the socket is closed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>What it does at this moment. Any thread.</summary>
    public ReceiverState State
    {
        get
        {
            var turns = Volatile.Read(ref _turns);
            return new ReceiverState(!_isStopped && !Ended.IsCompleted, turns, (turns & 1) != 0);
        }
    }

    /// <summary>Starts the thread.</summary>
    public void Start() =>
        new Thread(Run) { IsBackground = true, Name = $"sip udp {_transport.LocalEndPoint.Port}" }.UnsafeStart();

    /// <summary>Has the thread end soon. Any thread.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopped = true;
            Monitor.PulseAll(_gate);
        }

        try
        {
            _socket.Wake();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in between.
        }
    }

    /// <summary>Whether it receives for a transport.</summary>
    public bool IsOf(UdpSipTransport transport) => ReferenceEquals(_transport, transport);

    /// <summary>
    /// Sends within a turn of this thread. A response waits for the end of the turn; whether a request can be sent its transaction wants to
    /// know at once (RFC 3261 §17.1.4), and so it is with a way on which the last message failed.
    /// </summary>
    public bool Send(UdpSipFlow flow, ReadOnlySpan<byte> message)
    {
        if (!flow.HasFailed && message.StartsWith("SIP/2.0 "u8) && _batch.TryAdd(flow, message))
            return true;
        // Nothing overtakes what waits.
        _batch.Flush();
        return _transport.SendNow(_socket, flow, message);
    }

    private void Run()
    {
        while (!_isStopped)
        {
            try
            {
                Loop();
            }
#pragma warning disable CA1031 // A listener that is deaf is the end of the service.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Tell(() => TransportLog.ReceiverFailed(_logger, exception, _transport.LocalEndPoint));
                Rest(_pause.Next());
            }
        }

        _socket.Dispose();
        _ended.SetResult();
    }

    // Compiled well at once: a loop that never ends would stay what it was when it began.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Loop()
    {
        while (true)
        {
            var count = _socket.Receive(out var error);
            if (_isStopped)
                return;
            if (count > 0)
            {
                Volatile.Write(ref _turns, _turns | 1);
                TakeIn(count);
                Volatile.Write(ref _turns, _turns + 1);
            }

            if (error == 0)
                _pause.Reset();
            else
                OnError(error);
            if (_dropsRead.TryPass())
                TellDrops();
        }
    }

    private void TakeIn(int count)
    {
        // When a whole batch came at once, more waits.
        if (count < _socket.BatchSize || !MayHandOver)
        {
            TakeIn(count, handOver: false);
            return;
        }

        var handOver = _handOver.Next();
        var start = Worked();
        var ran = TakeIn(count, handOver);
        if (!handOver)
            _handOver.OnRan(ran, Worked() - start);
    }

    // Of this thread where the system says it: on a busy machine much time passes in which it does nothing.
    private TimeSpan Worked() => LibC.IsUsable ? LibC.ThreadTime() : _timeProvider.GetElapsedTime(0);

    private int TakeIn(int count, bool handOver)
    {
        var turn = ShardTurn.Begin(this);
        using (turn)
        {
            if (handOver)
                turn.HandOver();
            for (var i = 0; i < count; i++)
                TakeInOne(i);
        }

        return turn.Ran;
    }

    private void TakeInOne(int index)
    {
        try
        {
            OnDatagram(_socket.Datagram(index));
        }
#pragma warning disable CA1031 // One message must not take the others with it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            TellFailure(exception);
        }
    }

    // Apart: what a lambda captures would be made for each message, whether it fails or not.
    private void TellFailure(Exception exception) =>
        Tell(() => TransportLog.MessageFailed(_logger, exception, _transport.LocalEndPoint));

    private void OnDatagram(UdpDatagram datagram)
    {
        // RFC 5626 §3.5.1: keep-alives of blank lines mean nothing.
        if (datagram.Length <= 4 && !datagram.Bytes.ContainsAnyExcept((byte)'\r', (byte)'\n'))
            return;
        if (datagram.IsTruncated)
        {
            _sink.OnRefused(SipRefusal.TooLarge, datagram.Length);
            return;
        }

        if (!SipParser.TryParse(datagram.Bytes, _limits, isStream: false, out var message, out var refusal))
        {
            _sink.OnRefused(refusal, datagram.Length);
            return;
        }

        var flow = _flows.Get(datagram.Source);
        message.RemoteEndPoint = flow.RemoteEndPoint;
        if (refusal != SipRefusal.None)
            _sink.OnRefused(refusal, datagram.Length);
        _sink.OnMessage(flow, message);
    }

    private void OnError(int error)
    {
        if (_errorsTold.TryPass())
            TransportLog.ReceiveFailed(_logger, _transport.LocalEndPoint, Marshal.GetPInvokeErrorMessage(error));
        Rest(_pause.Next());
    }

    private void Rest(TimeSpan pause)
    {
        lock (_gate)
        {
            if (!_isStopped && pause > TimeSpan.Zero)
                Monitor.Wait(_gate, pause);
        }
    }

    private void TellDrops()
    {
        var dropped = _drops.Take();
        if (dropped > 0)
            _sink.OnReceiveOverflow(dropped);
        _untold += dropped;
        if (_untold == 0 || !_dropsTold.TryPass())
            return;
        TransportLog.ReceiveOverflow(_logger, _transport.LocalEndPoint, _untold);
        _untold = 0;
    }

    private static void Tell(Action log)
    {
        try
        {
            log();
        }
#pragma warning disable CA1031 // A log that throws must not end the thread.
        catch
#pragma warning restore CA1031
        {
        }
    }
}
