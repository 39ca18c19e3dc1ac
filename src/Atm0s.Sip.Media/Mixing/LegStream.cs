using System.Runtime.CompilerServices;
using Atm0s.Sip.Media.Audio;
using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>A leg in its room: packets in and out, once per tick. Media thread only, but for what says otherwise.</summary>
internal sealed class LegStream : RoomMember
{
    private const int MaxDatagram = 2048;
    private const int MaxOld = 1024;
    private const int MaxRtp = 32;
    private const int MaxRtcp = 4;
    private const int RtcpEvery = 5; // ticks
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15); // RFC 6263 §7

    private readonly LegPorts _ports;
    private readonly LegTransport _transport;
    private readonly LegFigures _figures;
    private readonly IRtpLegObserver _observer;
    private readonly RtpSender _sender;
    private readonly TelephoneEventEncoder _dtmf = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private MediaCounters _counters;
    private Random _random;
    private RtpLegParameters _parameters;
    private RtpReceiver _receiver;
    private RtcpSession _rtcp;
    private LegUpdate? _update;
    private MixRoom? _move;
    private volatile bool _muted;
    private volatile int _gain = AudioGain.ToFactor(0);
    private volatile bool _closing;
    private bool _started;
    private TimeSpan _lastPacket;
    private TimeSpan _keepAliveDue;
    private bool _timedOut;
    private long _lostBefore; // by sources and receivers before this one
    private int _rtcpWait;

    public LegStream(
        LegPorts ports, LegUpdate start, RtpSender sender, LegFigures figures, IRtpLegObserver observer, MixRoom room, TimeSpan timeout, TimeProvider time)
    {
        _ports = ports;
        _counters = room.Counters;
        _random = room.Random;
        _transport = new LegTransport(ports, _counters);
        _figures = figures;
        _observer = observer;
        _sender = sender;
        _time = time;
        _timeout = timeout;
        _parameters = start.Parameters;
        _receiver = start.Receiver!;
        _rtcp = start.Rtcp!;
        _rtcpWait = ports.Rtp.LocalEndPoint.Port / 2 % RtcpEvery;
        _transport.SetRemote(_parameters.Remote, _parameters.RemoteRtcp, _parameters.SignallingAddress);
    }

    public override int SampleRate => _receiver.SampleRate;

    public override bool IsFinished => _closing;

    /// <summary>Puts an update there for the next tick. Any thread, under the leg's lock.</summary>
    public void Offer(LegUpdate update) => Volatile.Write(ref _update, update);

    /// <summary>Takes an update back that no tick has seen.</summary>
    public LegUpdate? TakeBack() => Interlocked.Exchange(ref _update, null);

    /// <summary>Whether the room does not hear it. Any thread.</summary>
    public void SetMuted(bool muted) => _muted = muted;

    /// <summary>How loud the room hears it, as a factor of <see cref="AudioGain"/>. Any thread.</summary>
    public void SetGain(int factor) => _gain = factor;

    /// <summary>Queues digits. Any thread, under the leg's lock.</summary>
    public bool TrySend(string digits, TimeSpan duration, TimeSpan gap) => _dtmf.TryAdd(digits, duration, gap);

    /// <summary>Lets the next tick take it to another room; the last wish counts. Any thread.</summary>
    public void RequestMove(MixRoom room) => Volatile.Write(ref _move, room);

    public override MixRoom? TakeMove() => Volatile.Read(ref _move) is null ? null : Interlocked.Exchange(ref _move, null);

    public override void Enter(MixRoom room)
    {
        _counters = room.Counters;
        _random = room.Random;
        _transport.Counters = room.Counters;
    }

    /// <summary>Lets the next tick end the leg. Any thread.</summary>
    public void RequestClose() => _closing = true;

    public override void Prepare(TimeSpan now)
    {
        if (!_started)
        {
            _started = true;
            _lastPacket = now;
            _rtcp.Schedule(now, _random.NextDouble());
            DiscardOld();
        }

        if (Volatile.Read(ref _update) is not null && TakeBack() is { } update) Apply(update, now);
        _receiver.Prepare();
    }

    /// <summary>Says good-bye and frees the ports.</summary>
    [SkipLocalsInit]
    public override void Release(TimeSpan now)
    {
        try
        {
            if (_started)
            {
                Span<byte> datagram = stackalloc byte[MaxDatagram];
                var length = _rtcp.WriteBye(datagram, now, _time.GetUtcNow());
                if (length > 0)
                    _transport.SendRtcp(datagram[..length]);
                Publish();
            }
        }
        finally
        {
            _ports.Release();
            _sender.Dispose();
            _receiver.Dispose();
            TakeBack()?.Receiver?.Dispose();
        }
    }

    public override void OnFailed() => _observer.OnFailed();

    protected override bool Read(Span<short> frame, TimeSpan now)
    {
        Drain(now);
        if (++_rtcpWait >= RtcpEvery)
        {
            _rtcpWait = 0;
            DrainRtcp(now);
        }

        var heard = _receiver.ReadFrame(frame, now) && _parameters.Receive;
        while (_receiver.TryReadEvent(out var e)) _observer.OnDtmf(e);
        _figures.SetLevel(heard ? -AudioLevel.Measure(frame) : -AudioLevel.Silence);
        Watch(now);
        if (!heard || _muted) return false;
        AudioGain.Apply(frame, _gain);
        return true;
    }

    [SkipLocalsInit]
    protected override void Write(ReadOnlySpan<short> frame, TimeSpan now)
    {
        Span<byte> datagram = stackalloc byte[MaxDatagram];
        if (_parameters.Send)
        {
            var length = WriteEvent(datagram);
            if (length == 0) length = _sender.Write(frame, datagram);
            if (length > 0 && _transport.Send(datagram[..length]))
                _counters.PacketsSent++;
            _keepAliveDue = now + KeepAlive;
        }
        else
        {
            _sender.Skip();
            if (now >= _keepAliveDue)
            {
                // RFC 6263 §4.1, §7: an empty datagram keeps the binding of a NAT between us and the peer; no stack takes it for media.
                _transport.Send([]);
                _keepAliveDue = now + KeepAlive;
            }
        }

        if (_rtcp.IsReportDue(now))
        {
            var length = _rtcp.WriteReport(datagram, now, _time.GetUtcNow());
            if (length > 0) _transport.SendRtcp(datagram[..length]);
            _rtcp.Schedule(now, _random.NextDouble());
        }

        Publish();
    }

    private int WriteEvent(Span<byte> datagram)
    {
        if (_parameters.SendEvents is { } events) return _dtmf.Write(_sender, events.PayloadType, datagram);
        _dtmf.Clear();
        return 0;
    }

    private void Apply(LegUpdate update, TimeSpan now)
    {
        var next = update.Parameters;
        if (next.SendFormat != _parameters.SendFormat) _sender.ChangeCodec(next.SendFormat.Codec, next.SendFormat.PayloadType);
        if (update.Receiver is not null)
        {
            _lostBefore += Math.Max(0, _receiver.Statistics.Lost);
            _receiver.Dispose();
            _receiver = update.Receiver;
            _rtcp = update.Rtcp!;
            _rtcp.Schedule(now, _random.NextDouble());
        }

        _transport.SetRemote(next.Remote, next.RemoteRtcp, next.SignallingAddress);
        _figures.SetPeer(next.SendFormat.Codec.Name, _transport.Source.IsNone ? next.Remote : _transport.Source.ToEndPoint());
        _parameters = next;
    }

    // What the kernel kept since the ports were opened is up to seconds old: played, it would only be delay.
    [SkipLocalsInit]
    private void DiscardOld()
    {
        Span<byte> buffer = stackalloc byte[MaxDatagram];
        for (var i = 0; i < MaxOld; i++)
        {
            var result = _ports.Rtp.Receive(buffer, out _);
            if (result == MediaReceive.None) return;
            Refuse(RefusalReason.NotReceiving);
        }
    }

    [SkipLocalsInit]
    private void Drain(TimeSpan now)
    {
        Span<byte> buffer = stackalloc byte[MaxDatagram];
        for (var i = 0; i < MaxRtp; i++)
        {
            var result = _ports.Rtp.Receive(buffer, out var datagram);
            if (result == MediaReceive.None) break;
            if (result == MediaReceive.Error) _counters.ReceiveErrors++;
            else OnDatagram(buffer[..datagram.Length], datagram.Source, now);
        }

        _transport.Settle(now);
    }

    [SkipLocalsInit]
    private void DrainRtcp(TimeSpan now)
    {
        Span<byte> buffer = stackalloc byte[MaxDatagram];
        for (var i = 0; i < MaxRtcp; i++)
        {
            var result = _ports.Rtcp.Receive(buffer, out var datagram);
            if (result == MediaReceive.None) return;
            if (result == MediaReceive.Error) _counters.ReceiveErrors++;
            else if (_transport.AcceptRtcp(datagram.Source)) OnRtcp(buffer[..datagram.Length], now);
            else Refuse(RefusalReason.Source);
        }
    }

    private void OnRtcp(ReadOnlySpan<byte> compound, TimeSpan now)
    {
        if (!_rtcp.OnPacket(compound, now))
        {
            Refuse(RefusalReason.Invalid);
            return;
        }

        OnSign(now);
        // Redundancy costs quality: it is paid for only while the peer tells of losses.
        if (_rtcp.RemoteFractionLost is { } lost)
            _sender.ExpectLoss(lost);
    }

    private void OnSign(TimeSpan now)
    {
        _lastPacket = now;
        _timedOut = false;
    }

    private void OnDatagram(ReadOnlySpan<byte> datagram, MediaAddress source, TimeSpan now)
    {
        if (datagram.IsEmpty) // RFC 6263 §4.1: a keep-alive
            return;
        if (datagram.Length >= 2 && datagram[0] >> 6 == 2 && datagram[1] is >= 192 and <= 223) // RFC 5761 §4
        {
            if (source == _transport.Source) OnRtcp(datagram, now);
            else Refuse(RefusalReason.Source);
            return;
        }

        if (!RtpPacketView.TryParse(datagram, out var packet))
        {
            Refuse(RefusalReason.Invalid);
            return;
        }

        var known = _receiver.Takes(packet.PayloadType);
        if (!known && source != _transport.Source)
        {
            Refuse(RefusalReason.PayloadType);
            return;
        }

        var verdict = _transport.Judge(source, packet.Ssrc, packet.SequenceNumber, now);
        if (verdict == LatchVerdict.Refused)
        {
            Refuse(RefusalReason.Source);
            return;
        }

        if (verdict == LatchVerdict.Latched)
        {
            var endPoint = source.ToEndPoint();
            _transport.OnLatched();
            _figures.SetRemote(endPoint);
            _observer.OnLatched(endPoint);
        }

        OnSign(now);
        if (_parameters.Receive) Receive(datagram, now);
        else Refuse(RefusalReason.NotReceiving);
    }

    private void Receive(ReadOnlySpan<byte> datagram, TimeSpan now)
    {
        var (expected, lost) = (_receiver.Statistics.Expected, _receiver.Statistics.Lost);
        var arrival = _receiver.OnPacket(datagram, now);
        // The figures start anew with another SSRC, and with sequence numbers that do.
        if (_receiver.Statistics.Expected < expected)
            _lostBefore += Math.Max(0, lost);

        switch (arrival)
        {
            case RtpArrival.Accepted or RtpArrival.Event:
                _counters.PacketsReceived++;
                _figures.CountReceived();
                break;
            case RtpArrival.WrongPayloadType:
                Refuse(RefusalReason.PayloadType);
                break;
            case RtpArrival.Duplicate:
                Refuse(RefusalReason.Duplicate);
                break;
            case RtpArrival.TooLate:
                Refuse(RefusalReason.TooLate);
                break;
            case RtpArrival.NewSource or RtpArrival.Jump:
                Refuse(RefusalReason.Probation);
                break;
            default:
                Refuse(RefusalReason.Invalid);
                break;
        }
    }

    private void Refuse(RefusalReason reason)
    {
        _counters.Refuse(reason);
        _figures.CountRefused();
    }

    private void Watch(TimeSpan now)
    {
        // RFC 3264 §8.4: on hold nobody needs to send. The time counts anew from the resume.
        if (_parameters.IsOnHold || !_parameters.Receive)
            OnSign(now);
        if (_timedOut || _timeout <= TimeSpan.Zero || now - _lastPacket < _timeout) return;
        _timedOut = true;
        _observer.OnMediaTimeout();
    }

    private void Publish()
    {
        var statistics = _receiver.Statistics;
        _figures.Set(_sender.Packets, _lostBefore + Math.Max(0, statistics.Lost), statistics.JitterMilliseconds, _rtcp.RoundTrip, _receiver.Delay);
    }
}
