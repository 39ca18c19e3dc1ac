using System.Runtime.CompilerServices;
using Atm0s.Sip.Media.Audio;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Forwarding;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Quality;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>A leg in its room: once a tick it takes what has come, and sends what the room says. Media thread only.</summary>
internal sealed class LegMember : RoomMember
{
    private const int MaxDatagram = 2048;
    private const int MaxOld = 1024;
    // Datagrams a tick: more than come in 20 ms of a flood of 10,000 a second, or what the phone says would wait behind it and be lost.
    private const int MaxRtp = 512;
    private const int MaxRtcp = 32;
    private const int RtcpEvery = 5; // ticks, where the system tells when a datagram came
    private const int RestTicks = 5;
    private const int SleepAfter = 25; // rests: 2.5 s, in which our answer was repeated twice
    private const int DrainEvery = 5; // ticks, for what need not be read yet

    private readonly RtpLeg _leg;
    private readonly LegPorts _ports;
    private readonly LegGuard _guard = new();
    private readonly LegTransport _transport;
    private readonly LegInput _input;
    private readonly LegOutput _output;
    private readonly LegRtcp _rtcp;
    private readonly LegKeys _keys = new();
    private readonly RtpSender _sender;
    private readonly SilenceWatch _watch;
    private readonly LegDisposal _used;
    private MediaCounters _counters;
    private Random _random;
    private MediaClock _clock;
    private RtpLegParameters _parameters;
    private CodecImpairment _codec;
    private bool _started;
    private bool _isHeard;  // in the last tick
    private int _unknown;   // frames since the last one that was decoded
    private int _rested;
    private bool _isResting;
    private int _rests; // in a row, in which nothing came
    private bool _isFading; // what is received now, since another receiver takes over
    private int _rtcpWait;
    private int _drained;
    private bool _tellsAge;
    private bool _saysOpus; // in its last packet of audio
    private readonly TalkDetector _talk = new();
    private readonly AutomaticGain _automatic = new();
    private MixRoom _room;
    private LegReading _reading;

    /// <param name="leg">Whose wishes it follows.</param>
    /// <param name="plan">What to begin with.</param>
    /// <param name="sender">What it sends by.</param>
    /// <param name="session">RTCP of the sender and the plan's receiver.</param>
    /// <param name="room">The room that it is about to join.</param>
    public LegMember(RtpLeg leg, LegPlan plan, RtpSender sender, RtcpSession session, MixRoom room)
    {
        _leg = leg;
        _ports = leg.Ports;
        _room = room;
        _counters = room.Counters;
        _random = room.Random;
        _clock = room.Clock;
        _sender = sender;
        _parameters = plan.Parameters;
        _transport = new LegTransport(_ports, _guard, _counters);
        _input = new LegInput(_transport, plan.Receiver!, plan.Parameters);
        _output = new LegOutput(_transport, sender, leg.Digits);
        _rtcp = new LegRtcp(_transport, sender, session, leg.Time);
        _watch = new SilenceWatch(leg.Timeout);
        _used = plan.Replaced;
        _guard.Follow(plan, TimeSpan.Zero);
        _rtcpWait = _rested = _drained = _ports.Rtp.LocalEndPoint.Port / 2 % RtcpEvery;
        Follow(plan);
    }

    public override object Identity => _leg.KnownAs;

    public override int InputRate => _input.Receiver.SampleRate;

    public override int OutputRate => _sender.SampleRate;

    public override bool IsFinished => _leg.IsClosed;

    public override bool IsResting => _isResting;

    public override LinuxMediaSocket? Awaited => _isFading || _isResting || Failure is not null ? null : _ports.Rtp as LinuxMediaSocket;

    public override bool MaySleep => _isResting && _rests >= SleepAfter && Exchange is null;

    protected override bool IsPassing => _saysOpus && _parameters.PassThrough && Gain == AudioGain.One;

    protected override int FramesWaiting => _input.Receiver.FramesWaiting;

    protected override MemberRule WantedRule => _leg.RuleIn(_room);

    protected override int Gain => _isFading || !_parameters.Receive ? 0
        : !_leg.HasAutomaticGain ? _leg.GainFactor
        : (int)Math.Min((long)_leg.GainFactor * _automatic.Factor / AudioGain.One, AudioGain.MaxFactor);

    public override MixRoom? TakeMove() => _leg.TakeMove();

    public override void OnFailed()
    {
        _leg.Close();
        _leg.News.Tell(LegNewsKind.Failed);
    }

    public override void OnTurnLost()
    {
        _ports.Release();
        OnFailed();
    }

    /// <summary>Says good-bye and frees the ports.</summary>
    public override void Release(TimeSpan now)
    {
        try
        {
            if (_started)
            {
                _rtcp.SayGoodbye(RealTime(now));
                Publish();
                _counters.CountEnd(_reading.Mos);
            }
        }
        finally
        {
            try
            {
                _transport.ReleaseLinks(_used); // code of a provider; its last words go by the ports
            }
            finally
            {
                _ports.Release();
                _used.Add(_sender);
                _used.Add(_input.Receiver);
                _guard.Release(_used);
                _used.Add(_leg.TakePlan());
                _used.Begin();
            }
        }
    }

    protected override void OnEnter(MixRoom room)
    {
        _room = room;
        _counters = room.Counters;
        _random = room.Random;
        _clock = room.Clock;
        _transport.Counters = room.Counters;
    }

    protected override void OnPrepare(TimeSpan now)
    {
        if (!_started)
        {
            _started = true;
            _watch.OnSign(now);
            _rtcp.Schedule(now, _random);
            DiscardOld(now);
        }

        // Nobody has answered yet, and nothing more may be sent: thousands of calls that are never acknowledged must not take the time of
        // those that are. It looks now and then whether something has come; with the acknowledgement it goes on at once.
        var mayRest = MayRest;
        _isResting = mayRest && ++_rested % RestTicks != 0;
        if (_isResting)
            return;
        _rests = mayRest ? _rests + 1 : 0;
        if (_leg.Plan is { } plan)
        {
            // What the last receiver plays fades out first, so that the change does not click.
            _isFading = plan.Receiver is not null && _isHeard && !_isFading;
            if (!_isFading && _leg.TakePlan() is { } taken)
                Apply(taken, now);
        }
        else
        {
            _isFading = false;
        }

        _input.Receiver.Prepare();
    }

    protected override bool Look(TimeSpan now)
    {
        Take(now);
        Watch(now);
        Publish();
        return MayRest;
    }

    protected override bool Read(Span<short> frame, TimeSpan now)
    {
        Take(now);
        // Keys that are looked for in the audio may be in any of it.
        // Whose packets come out as they are, with levels of their own, and for whom nobody stands in the room, need not be decoded.
        var isUnheard = IsUnheard || (IsPassing && Exchange is { IsPassing: true, HasListeners: false } && _input.Receiver.HasLevels);
        _input.Receiver.IsUnheard = isUnheard && !_parameters.DetectInbandDtmf;
        _isHeard = _input.Receiver.ReadFrame(frame, now);
        IsReal = _input.Receiver.IsFrameWhole;
        _counters.PacketsLeftOut += _input.Receiver.TakeLeftOut();
        if (_parameters.Receive)
            _keys.Hear(frame, _input.Receiver.SampleRate);
        while (_keys.TryRead(_input.Receiver, now, out var key))
            _leg.News.Tell(LegNewsKind.Key, key: key);
        if (IsReal)
            Energy = _isHeard && _parameters.Receive ? EnergyOf(frame) : 0;
        var energy = Energy;
        _reading.Level = -AudioLevel.FromEnergy(energy);
        _reading.ReceivedEnergy += energy;
        if (IsReal)
            FollowTalk(energy);
        else
            _unknown++;
        Watch(now);
        return _isHeard;
    }

    protected override OriginalPacket Packet => _input.Receiver.Original;

    protected override void Write(ReadOnlySpan<short> frame, TimeSpan now) => Write(frame, null, null, now);

    protected override void Write(ReadOnlySpan<short> frame, EncodeGroups? common, RoomMember? source, TimeSpan now)
    {
        _sender.MaxComplexity = _counters.Governor.MaxComplexity;
        // Among sources of packets there is nobody to share an encoder with.
        _output.Write(frame, Exchange is null ? common : null, Exchange is { ForwardsOne: false } ? null : source, now);
        _reading.SentEnergy += _parameters.Send ? EnergyOf(frame) : 0;
        _reading.Ticks++;
        _input.Quality.Rate(_input, _codec, _rtcp.RoundTrip, now);
        if (_rtcp.IsDue(now))
            _rtcp.Report(RealTime(now), _random, Metrics());
        Publish();
    }

    private bool MayRest => _transport.MayRest && _leg.Plan is null;

    private void Take(TimeSpan now)
    {
        // What comes while the last receiver fades is for the next one.
        if (!_isFading)
            Drain(now);
        if (++_rtcpWait >= RtcpEvery || !_tellsAge || _transport.RtcpLink is not null)
            DrainRtcp(now);
        if (_transport.Link is not null)
            TickLinks(now);
    }

    private void FollowTalk(double energy)
    {
        var frames = _unknown + 1;
        _unknown = 0;
        if (_talk.Process(energy, frames))
            _leg.News.Tell(_talk.IsTalking ? LegNewsKind.Talking : LegNewsKind.Silent);
        _reading.IsTalking = _talk.IsTalking;
        if (_talk.IsTalking && _leg.HasAutomaticGain)
            _automatic.Follow(energy);
    }

    private static double EnergyOf(ReadOnlySpan<short> frame) =>
        frame.IsEmpty ? 0 : AudioLevel.SumOfSquares(frame) / (double)frame.Length;

    private void Apply(LegPlan plan, TimeSpan now)
    {
        var next = plan.Parameters;
        // RFC 7160 §4.1: with another clock rate the stream is another source, and the old one says good-bye.
        if (next.SendFormat.Codec.ClockRate != _sender.ClockRate)
            _rtcp.SayGoodbye(RealTime(now));
        plan.Replaced.Add(_sender.ChangeFormat(next.SendFormat, plan.Encoding, (uint)(_random.NextDouble() * uint.MaxValue)));
        _leg.Ssrc = _sender.Ssrc;
        plan.Replaced.Add(_input.Follow(next, plan.Receiver));
        _rtcp.Follow(_input.Receiver);
        _guard.Follow(plan, now);
        Follow(plan);
        plan.Replaced.Begin();
    }

    private void Follow(LegPlan plan)
    {
        var parameters = _parameters = plan.Parameters;
        _codec = CodecImpairment.Of(parameters.ReceiveFormats[0].Codec.Name);
        _output.Follow(plan);
        _keys.Follow(plan.Detector, parameters.DetectInbandDtmf, parameters.ReceiveFormats[0].Codec.SampleRate);
        _transport.Follow(plan);
        _leg.Figures.SetPeer(
            parameters.SendFormat.Codec.Name, _transport.Source.IsNone ? parameters.Remote : _transport.Source.ToEndPoint());
    }

    // What the kernel kept since the ports were opened is up to seconds old: played, it would only be delay.
    [SkipLocalsInit]
    private void DiscardOld(TimeSpan now)
    {
        Span<byte> buffer = stackalloc byte[MaxDatagram];
        for (var i = 0; i < MaxOld && _ports.Rtp.Receive(buffer, out var datagram) != MediaReceive.None; i++)
        {
            // Checks and handshakes have only begun.
            if (datagram.Length == 0 || !IsAside(buffer) || !_transport.OnAside(buffer[..datagram.Length], datagram.Source, now))
                Refuse(RefusalReason.NotReceiving);
        }
    }

    private bool IsAside(ReadOnlySpan<byte> datagram) => _transport.Link is not null && LegLink.Takes(datagram[0]);

    private void TickLinks(TimeSpan now)
    {
        _transport.TickLinks(now, _used);
        if (_transport.TakeFailure() is { } failure)
            _leg.News.Tell(LegNewsKind.MediaFailed, failure: failure);
    }

    [SkipLocalsInit]
    private void Drain(TimeSpan now)
    {
        var read = RealTime(now);
        // Most ticks bring one packet: to ask for another is a call of the system for nothing. What stays is read with the time that it came.
        var drains = ++_drained % DrainEvery == 0 || _transport.Source.IsNone || _transport.Link is not null;
        Span<byte> buffer = stackalloc byte[MaxDatagram];
        for (var i = 0; i < MaxRtp; i++)
        {
            var result = _ports.Rtp.Receive(buffer, out var datagram);
            if (result == MediaReceive.None)
                break;
            _tellsAge |= datagram.Age > TimeSpan.Zero;
            if (result == MediaReceive.Error)
                _counters.ReceiveErrors++;
            else
                OnDatagram(buffer[..datagram.Length], datagram, now, read - datagram.Age);
            if (!drains && datagram.Age > TimeSpan.Zero && datagram.Age <= MediaClock.Period && _input.Receiver.HasFrame)
                break;
        }

        _transport.Settle(now);
    }

    [SkipLocalsInit]
    private void DrainRtcp(TimeSpan now)
    {
        _rtcpWait = 0;
        var read = RealTime(now);
        Span<byte> buffer = stackalloc byte[MaxDatagram];
        for (var i = 0; i < MaxRtcp; i++)
        {
            var result = _ports.Rtcp.Receive(buffer, out var datagram);
            if (result == MediaReceive.None)
                return;
            _tellsAge |= datagram.Age > TimeSpan.Zero;
            if (result == MediaReceive.Error)
                _counters.ReceiveErrors++;
            else if (datagram.Length > 0 && _transport.RtcpLink is not null && LegLink.Takes(buffer[0]))
                OnRtcpAside(buffer[..datagram.Length], datagram.Source, now);
            else if (datagram.Length > 0
                && OnRtcp(buffer[..datagram.Length], _transport.AcceptRtcp(datagram.Source, now), now, read - datagram.Age))
                _transport.OnRtcp(datagram.Source, now);
        }

        _rtcpWait = RtcpEvery; // a flood: more may wait
    }

    // A tick that is late reads what it reads later than it was due.
    private TimeSpan RealTime(TimeSpan now)
    {
        var real = _clock.Now;
        return real > now ? real : now;
    }

    private void OnDatagram(Span<byte> bytes, in MediaDatagram datagram, TimeSpan now, TimeSpan arrival)
    {
        if (bytes.IsEmpty) // RFC 6263 §4.1: a keep-alive
            return;
        if (IsAside(bytes))
        {
            if (!_transport.OnAside(bytes, datagram.Source, now))
                Refuse(RefusalReason.Source);
            return;
        }

        if (bytes.Length >= 2 && bytes[0] >> 6 == 2 && bytes[1] is >= 192 and <= 223) // RFC 5761 §4
            OnRtcp(bytes, _transport.AcceptMuxed(datagram.Source, now), now, arrival);
        else
            OnRtp(bytes, datagram.Source, now, arrival < now ? arrival : now); // what came since the tick was due is in time all the same
    }

    private void OnRtcpAside(ReadOnlySpan<byte> bytes, MediaAddress source, TimeSpan now)
    {
        if (!_transport.OnRtcpAside(bytes, source, now))
            Refuse(RefusalReason.Source);
    }

    private bool OnRtcp(Span<byte> bytes, bool accepted, TimeSpan now, TimeSpan arrival)
    {
        if (!accepted)
        {
            Refuse(RefusalReason.Source);
            return false;
        }

        if (_guard.TryOpen(ref bytes, isRtcp: true, now) is { } refusal)
        {
            Refuse(refusal);
            return false;
        }

        if (!_rtcp.OnPacket(bytes, arrival))
        {
            Refuse(RefusalReason.Invalid);
            return false;
        }

        _watch.OnSign(now);
        return true;
    }

    private void OnRtp(Span<byte> bytes, MediaAddress source, TimeSpan now, TimeSpan arrival)
    {
        if (_guard.TryOpen(ref bytes, isRtcp: false, now) is { } unauthentic)
        {
            Refuse(unauthentic);
            return;
        }

        var refusal = _input.OnPacket(bytes, source, now, arrival, out var verdict);
        if (verdict == LatchVerdict.Latched)
        {
            var endPoint = source.ToEndPoint();
            _transport.OnLatched();
            _leg.Figures.SetRemote(endPoint);
            _leg.News.Tell(LegNewsKind.Latched, endPoint);
        }

        if (verdict != LatchVerdict.Refused)
            _watch.OnSign(now);
        if (refusal is { } reason)
        {
            Refuse(reason);
            return;
        }

        _counters.PacketsReceived++;
        _reading.Received++;
        if (Exchange is { } exchange)
            Overhear(exchange, bytes);
    }

    private void Overhear(OpusExchange exchange, ReadOnlySpan<byte> datagram)
    {
        if (!RtpPacketView.TryParse(datagram, out var packet) || _input.FormatOf(packet.PayloadType) is not { } format)
            return;
        _saysOpus = format.Codec is OpusCodec;
        if (IsPassing)
            exchange.OnPacket(packet, _parameters.AudioLevelExtension, Energy);
    }

    private void Refuse(RefusalReason reason)
    {
        _counters.Refuse(reason);
        _reading.Refused++;
    }

    private void Watch(TimeSpan now)
    {
        // RFC 3264 §8.4: on hold nobody needs to send, and before the answer few do. The time counts anew from the resume, or the answer.
        if (_parameters.IsOnHold || _parameters.IsEarly || !_parameters.Receive)
            _watch.OnSign(now);
        if (_watch.HasRunOut(now))
            _leg.News.Tell(LegNewsKind.TimedOut);
    }

    private RtcpXrVoipMetrics? Metrics() => _parameters.SendVoipMetrics && _input.Receiver.Ssrc is { } source
        ? _input.Quality.Report(_input, source, _parameters.JitterBuffer.MaximumDelay, _rtcp.RoundTrip)
        : null;

    private void Publish()
    {
        var playout = _input.Playout;
        _counters.Count(playout - _reading.Playout);
        _reading.Playout = playout;
        _reading.Suite = _guard.Suite;
        _reading.Sent = _output.PacketsSent;
        _reading.Lost = _input.PacketsLost;
        _reading.JitterMilliseconds = _input.Receiver.Statistics.JitterMilliseconds;
        _reading.RoundTrip = _rtcp.RoundTrip;
        _reading.JitterBufferDelay = _input.Receiver.Delay;
        _reading.Mos = _input.Quality.Mos;
        _leg.Figures.Publish(_reading);
    }
}
