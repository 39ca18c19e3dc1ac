using System.Net;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Ice;
using Atm0s.Sip.Media.Rtp;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// One call's audio: a pair of ports, and after <see cref="Start"/> a member of a room. All methods may be called from any thread, any
/// number of times; they take effect at the room's next tick.
/// </summary>
#pragma warning disable CA1001 // Close is its end, on any thread; the media thread disposes of what it owns.
public sealed class RtpLeg
#pragma warning restore CA1001
{
    private readonly Lock _gate = new();
    private readonly Func<double> _random;
    private readonly ILogger _logger;
    private LegMember? _member;
    private RtpLegParameters? _requested;
    private MixRoom? _room;
    private bool _muted;
    private int _gain = AudioGain.One;
    private volatile int _heardGain = AudioGain.One;
    private readonly RoomRules _rules = new();
    private volatile object? _knownAs;
    private volatile bool _automaticGain;
    private volatile bool _closed;
    private readonly Lock _naming = new(); // its own: codecs are made under the other, and the tick waits for none
    private uint? _ssrc;
    private LegPlan? _plan; // for the next tick
    private MixRoom? _move; // for the next tick
    private SharedEncoder? _shared; // made for it

    internal RtpLeg(LegPorts ports, LegNews news, TimeSpan timeout, TimeProvider time, Func<double> random, ILogger logger)
    {
        Ports = ports;
        News = news;
        Timeout = timeout;
        Time = time;
        _random = random;
        _logger = logger;
        LocalEndPoint = ports.Rtp.LocalEndPoint;
    }

    /// <summary>Where we receive RTP; RTCP comes to the port above.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>
    /// By what a <see cref="MemberRule"/> knows it; by default itself. Set before <see cref="Start"/>: a leg that takes the place of another
    /// is known as that one.
    /// </summary>
    public object KnownAs
    {
        get => _knownAs ?? this;
        set => _knownAs = value;
    }

    internal LegPorts Ports { get; }

    internal LegNews News { get; }

    internal TimeSpan Timeout { get; }

    internal TimeProvider Time { get; }

    internal LegFigures Figures { get; } = new();

    internal TelephoneEventEncoder Digits { get; } = new();

    /// <summary>How loud the room hears it, as a factor of <see cref="AudioGain"/>; 0 when it is muted.</summary>
    internal int GainFactor => _heardGain;

    /// <summary>Whether its gain follows the voice.</summary>
    internal bool HasAutomaticGain => _automaticGain;

    /// <summary>Whether it is to end.</summary>
    internal bool IsClosed => _closed;

    /// <summary>What the next tick is to go by from then on, or null.</summary>
    internal LegPlan? Plan => Volatile.Read(ref _plan);

    /// <summary>
    /// Source of its packets (RFC 3550 §3), also before it has started, for a description that names it (RFC 5576 §4.1). Another format with
    /// another clock rate has another one (RFC 7160 §4.1).
    /// </summary>
    public uint Ssrc
    {
        get
        {
            lock (_naming)
                return _ssrc ??= (uint)(_random() * uint.MaxValue);
        }

        internal set
        {
            lock (_naming)
                _ssrc = value;
        }
    }

    /// <summary>Joins a room. Nothing happens when the leg was started or closed before.</summary>
    /// <param name="parameters">What offer and answer agreed on.</param>
    /// <param name="room">The room.</param>
    /// <returns>False when it does not join, as <see cref="MixRoom.Add(IPcmEndpoint)"/>: then the leg is closed, and its observer is told that it
    /// failed.</returns>
    /// <exception cref="ArgumentException">The PCM of a codec is not at 8000, 16000 or 48000 Hz.</exception>
    public bool Start(RtpLegParameters parameters, MixRoom room)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(room);
        CheckRates(parameters);
        lock (_gate)
        {
            if (_closed || _member is not null)
                return !_closed;
            _rules.Begin(room);
            _member = MakeMember(parameters, room);
            (_requested, _room) = (parameters, room);
            if (room.TryPost(new RoomOperation(_member, null)))
                return true;
            _closed = true;
            _member.Release(TimeSpan.Zero);
        }

        News.Tell(LegNewsKind.Failed);
        return false;
    }

    /// <summary>Goes on with other parameters, after a new offer and answer. Nothing happens before the start and after the end.</summary>
    /// <param name="parameters">All of them, also those that stay.</param>
    /// <exception cref="ArgumentException">The PCM of a codec is not at 8000, 16000 or 48000 Hz.</exception>
    public void Update(RtpLegParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        CheckRates(parameters);
        lock (_gate)
        {
            if (_closed || _member is null || parameters == _requested)
                return;
            var plan = TakePlan();
            try
            {
                plan = LegPlan.Next(parameters, _requested!, plan, _logger);
                _requested = parameters;
                MakeWay(_member, parameters, _room!);
            }
            finally
            {
                // Also the plan of before, when a codec throws: what was asked for then still holds.
                Volatile.Write(ref _plan, plan);
                Wake();
            }
        }
    }

    /// <summary>
    /// The peer has agreed to the call (its ACK or its 200 came). Until then, or until it sends valid RTP, at most five datagrams go to the
    /// address of
    /// its SDP: whoever offers could name a victim's. Any number of times, also before <see cref="Start"/>.
    /// </summary>
    public void Confirm()
    {
        Ports.Confirm();
        lock (_gate)
            Wake();
    }

    /// <summary>Ends the leg: RTCP BYE, and the ports are free after the next tick; before the start, at once.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            if (_member is null)
                Ports.Release();
            Wake();
        }
    }

    /// <summary>Whether the room does not hear the phone; the phone hears the room all the same.</summary>
    /// <param name="muted">True to mute.</param>
    public void SetMuted(bool muted)
    {
        lock (_gate)
        {
            _muted = muted;
            _heardGain = muted ? 0 : _gain;
        }
    }

    /// <summary>Lets the room hear the phone louder or softer.</summary>
    /// <param name="decibels">-40 to +20 dB; 0 as it comes.</param>
    /// <exception cref="ArgumentOutOfRangeException">Out of that range.</exception>
    public void SetGain(double decibels)
    {
        var factor = AudioGain.ToFactor(decibels);
        lock (_gate)
        {
            _gain = factor;
            _heardGain = _muted ? 0 : factor;
        }
    }

    /// <summary>Lets the leg hear others than all, be heard by others than all, or be heard in any case; from the next tick on.</summary>
    /// <param name="rule">
    /// The rule. It is one of the room that the leg is in, or on its way to; before the start, of the first one. In another room it does not
    /// hold, and when the leg comes back it holds again: the rules of the last eight rooms that got one are kept. Its sets are copied: what
    /// becomes of them later changes nothing.
    /// </param>
    public void SetRule(MemberRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        lock (_gate)
            _rules.Set(_room, rule.Freeze());
    }

    /// <summary>Whether the room hears all voices of the peer about as loud (-20 dBov), on top of <see cref="SetGain"/>. Default false.
    /// </summary>
    /// <param name="on">True to let the gain follow the voice: from -9 to +15 dB, 3 dB a second at most.</param>
    public void SetAutomaticGain(bool on) => _automaticGain = on;

    /// <summary>
    /// Queues digits, which are sent as telephone events in place of audio (RFC 4733); or as tones, when the peer takes no events and
    /// <see cref="RtpLegParameters.SendInbandDtmf"/> allows it.
    /// </summary>
    /// <param name="digits">1 to 64 of <c>0123456789*#ABCD</c>.</param>
    /// <param name="duration">Length of each, 40 ms to 2 s; full frames of 20 ms.</param>
    /// <param name="gap">Pause after each, 40 ms to 2 s.</param>
    /// <returns>False when the leg is not started or closed, the peer takes neither events nor tones, or no audio, or more than 64 digits
    /// would wait.</returns>
    /// <exception cref="ArgumentException">Digits or times out of range.</exception>
    public bool SendDtmf(string digits, TimeSpan duration, TimeSpan gap)
    {
        DtmfDigits.Check(digits, duration, gap);
        lock (_gate)
            return !_closed && _member is not null && _requested is { Send: true }
                && (_requested.SendEvents is not null || _requested.SendInbandDtmf) && Digits.TryAdd(digits, duration, gap);
    }

    /// <summary>
    /// Goes on in another room: same ports, same stream, same buffer. A room that is closed by then closes the leg, and the observer is
    /// told.
    /// </summary>
    /// <param name="room">The other room.</param>
    /// <param name="rule">Its rule there, from the first tick on; null keeps what <see cref="SetRule"/> has said.</param>
    /// <returns>False when the leg is not started or closed, or was on its way there already; the rule holds all the same.</returns>
    public bool MoveTo(MixRoom room, MemberRule? rule = null)
    {
        ArgumentNullException.ThrowIfNull(room);
        lock (_gate)
        {
            if (rule is not null)
                _rules.Set(room, rule.Freeze());
            if (_closed || _member is null || _room == room)
                return false;
            // Of a codec that throws here the leg stays where it is.
            MakeWay(_member, _requested!, room);
            var before = _room!;
            _room = room;
            Volatile.Write(ref _move, room);
            before.Wake(_member);
            return true;
        }
    }

    /// <summary>Figures as of the last tick; also after the end.</summary>
    public RtpLegStatistics GetStatistics() => Figures.Read(LocalEndPoint);

    /// <summary>
    /// Where the peer may reach this leg, for <c>a=candidate</c> (RFC 8445 §5.1.1.1): the address it is bound to, or all of the machine
    /// when that is the wildcard, and those advertised; best first, at most 16 addresses. Callable before the start.
    /// </summary>
    /// <param name="advertised">Addresses under which others see this machine; of the other family they are left out.</param>
    /// <param name="muxed">Whether RTCP shares the port (RFC 5761); else it gets candidates of its own.</param>
    public IReadOnlyList<IceCandidate> GetLocalCandidates(IReadOnlyList<IPAddress> advertised, bool muxed)
    {
        ArgumentNullException.ThrowIfNull(advertised);
        return LocalCandidates.List(LocalEndPoint, advertised, muxed);
    }

    /// <summary>Whom it hears in this room, and who hears it.</summary>
    internal MemberRule RuleIn(MixRoom room) => _rules.In(room);

    /// <summary>Takes the plan for the next tick, if there is one. Any thread.</summary>
    internal LegPlan? TakePlan() => Volatile.Read(ref _plan) is null ? null : Interlocked.Exchange(ref _plan, null);

    /// <summary>Takes the room to go to, if there is one; the last wish counts. Media thread.</summary>
    internal MixRoom? TakeMove() => Volatile.Read(ref _move) is null ? null : Interlocked.Exchange(ref _move, null);

    // Under the gate, after what the next tick is to see.
    private void Wake()
    {
        if (_member is not null)
            _room!.Wake(_member);
    }

    private static void CheckRates(RtpLegParameters parameters)
    {
        if (parameters.ReceiveFormats.Count == 0)
            throw new ArgumentException("A leg receives at least one format.", nameof(parameters));
        foreach (var format in parameters.ReceiveFormats.Append(parameters.SendFormat))
        {
            if (format.Codec.SampleRate is not (8000 or 16000 or 48000))
                throw new ArgumentException(
                    $"The PCM of {format.Codec.Name} is at {format.Codec.SampleRate} Hz; 8000, 16000 and 48000 can be mixed.",
                    nameof(parameters));
        }
    }

    // A leg that takes one thing after the other leaves the room no more than one shared encoder.
    private void PrepareShared(RtpLegParameters parameters, MixRoom room)
    {
        var (format, time) = (parameters.SendFormat, parameters.PacketTime);
        if (_shared is { } before && (before.Room != room || !RtpEncoding.AreAlike(format, time, before.Format, before.Time)))
        {
            before.Group.IsWithdrawn = true;
            _shared = null;
        }

        if (room.Groups.Prepare(format, time, room.ExpectedMembers) is { } made)
            _shared = new SharedEncoder(made, room, format, time);
    }

    // A codec of the host may throw: then the leg was not started, and closes as one that was not.
    private LegMember MakeMember(RtpLegParameters parameters, MixRoom room)
    {
        var plan = LegPlan.Start(parameters, _logger);
        RtpSender? sender = null;
        try
        {
            // RFC 3550 §5.1: all three at random.
            sender = new RtpSender(
                parameters.SendFormat, parameters.PacketTime, Ssrc, (ushort)(_random() * 0x7FFF), (uint)(_random() * uint.MaxValue));
            var member = new LegMember(this, plan, sender, new RtcpSession(sender, plan.Receiver!, parameters.CName, _random()), room);
            MakeWay(member, parameters, room);
            return member;
        }
        catch
        {
            sender?.Dispose();
            plan.Dispose();
            throw;
        }
    }

    // Filters are made here, not in the tick: also those for the other rates that the peer may send.
    private void MakeWay(LegMember member, RtpLegParameters parameters, MixRoom room)
    {
        var (first, output) = (parameters.ReceiveFormats[0].Codec.SampleRate, parameters.SendFormat.Codec.SampleRate);
        room.MakeWay(member, first, output);
        PrepareShared(parameters, room);
        foreach (var format in parameters.ReceiveFormats)
        {
            if (format.Codec.SampleRate != first)
                member.Provide(new MixLane(format.Codec.SampleRate, Math.Max(room.SampleRate, format.Codec.SampleRate), output));
        }
    }

    private sealed record SharedEncoder(EncodeGroup Group, MixRoom Room, RtpFormat Format, TimeSpan Time);
}
