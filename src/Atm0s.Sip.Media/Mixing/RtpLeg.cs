using System.Net;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Rtp;

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
    private readonly LegPorts _ports;
    private readonly IRtpLegObserver _observer;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly LegFigures _figures = new();
    private LegStream? _stream;
    private RtpSender? _sender;
    private RtpLegParameters? _requested;
    private MixRoom? _room;
    private int _gain = AudioGain.ToFactor(0);
    private bool _muted;
    private bool _closed;

    internal RtpLeg(LegPorts ports, IRtpLegObserver observer, TimeSpan timeout, TimeProvider time, Func<double> random)
    {
        _ports = ports;
        _observer = observer;
        _timeout = timeout;
        _time = time;
        _random = random;
        LocalEndPoint = ports.Rtp.LocalEndPoint;
    }

    /// <summary>Where we receive RTP; RTCP comes to the port above.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Joins a room. Nothing happens when the leg was started or closed before.</summary>
    /// <param name="parameters">What offer and answer agreed on.</param>
    /// <param name="room">The room.</param>
    /// <returns>False when it does not join, as <see cref="MixRoom.Add"/>: then the leg is closed.</returns>
    public bool Start(RtpLegParameters parameters, MixRoom room)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(room);
        lock (_gate)
        {
            if (_closed || _stream is not null)
                return !_closed;
            _requested = parameters;
            // RFC 3550 §5.1: all three at random.
            _sender = new RtpSender(
                parameters.SendFormat, parameters.PacketTime, (uint)(_random() * uint.MaxValue), (ushort)(_random() * 0x7FFF), (uint)(_random() * uint.MaxValue));
            var start = MakeUpdate(parameters, MakeReceiver(parameters));
            _stream = new LegStream(_ports, start, _sender, _figures, _observer, room, _timeout, _time);
            _stream.SetMuted(_muted);
            _stream.SetGain(_gain);
            _room = room;
            _figures.SetPeer(parameters.SendFormat.Codec.Name, parameters.Remote);
            if (room.TryAdd(_stream))
                return true;
            _closed = true;
            _stream.Release(TimeSpan.Zero);
            return false;
        }
    }

    /// <summary>Goes on with other parameters, after a new offer and answer. Nothing happens before the start and after the end.</summary>
    /// <param name="parameters">All of them, also those that stay.</param>
    public void Update(RtpLegParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        lock (_gate)
        {
            if (_closed || _stream is null || parameters == _requested) return;
            var receiver = _stream.TakeBack()?.Receiver;
            if (!ReceivesAlike(parameters, _requested!))
            {
                receiver?.Dispose();
                receiver = MakeReceiver(parameters);
            }

            _requested = parameters;
            _stream.Offer(MakeUpdate(parameters, receiver));
        }
    }

    /// <summary>
    /// The peer has agreed to the call (its ACK or its 200 came). Until then, or until it sends valid RTP, at most five datagrams go to the address of
    /// its SDP: whoever offers could name a victim's. Any number of times, also before <see cref="Start"/>.
    /// </summary>
    public void Confirm() => _ports.Confirm();

    /// <summary>Ends the leg: RTCP BYE, and the ports are free after the next tick; before the start, at once.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_closed) return;
            _closed = true;
            if (_stream is null) _ports.Release();
            else _stream.RequestClose();
        }
    }

    /// <summary>Whether the room does not hear the phone; the phone hears the room all the same.</summary>
    /// <param name="muted">True to mute.</param>
    public void SetMuted(bool muted)
    {
        lock (_gate)
        {
            _muted = muted;
            _stream?.SetMuted(muted);
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
            _stream?.SetGain(factor);
        }
    }

    /// <summary>Queues digits, which are sent as telephone events in place of audio (RFC 4733).</summary>
    /// <param name="digits">1 to 64 of <c>0123456789*#ABCD</c>.</param>
    /// <param name="duration">Length of each, 40 ms to 2 s; full frames of 20 ms.</param>
    /// <param name="gap">Pause after each, 40 ms to 2 s.</param>
    /// <returns>False when the leg is not started or closed, the peer takes no telephone events or no audio, or more than 64 digits would wait.</returns>
    /// <exception cref="ArgumentException">Digits or times out of range.</exception>
    public bool SendDtmf(string digits, TimeSpan duration, TimeSpan gap)
    {
        DtmfDigits.Check(digits, duration, gap);
        lock (_gate)
            return !_closed && _stream is not null && _requested is { Send: true, SendEvents: not null } && _stream.TrySend(digits, duration, gap);
    }

    /// <summary>Goes on in another room: same ports, same stream, same buffer. A room that is closed by then closes the leg.</summary>
    /// <param name="room">The other room.</param>
    /// <returns>False when the leg is not started or closed, or was on its way there already.</returns>
    public bool MoveTo(MixRoom room)
    {
        ArgumentNullException.ThrowIfNull(room);
        lock (_gate)
        {
            if (_closed || _stream is null || _room == room) return false;
            _room = room;
            _stream.RequestMove(room);
            return true;
        }
    }

    /// <summary>Figures as of the last tick; also after the end.</summary>
    public RtpLegStatistics GetStatistics() => _figures.Read(LocalEndPoint);

    private static bool ReceivesAlike(RtpLegParameters a, RtpLegParameters b) =>
        a.ComfortNoisePayloadType == b.ComfortNoisePayloadType && a.ReceiveFormats.SequenceEqual(b.ReceiveFormats) && a.ReceiveEvents.SequenceEqual(b.ReceiveEvents);

    private static RtpReceiver MakeReceiver(RtpLegParameters parameters) => new(new RtpReceiverOptions
    {
        Formats = parameters.ReceiveFormats,
        Events = parameters.ReceiveEvents,
        ComfortNoisePayloadType = parameters.ComfortNoisePayloadType,
        JitterBuffer = parameters.JitterBuffer,
    });

    private LegUpdate MakeUpdate(RtpLegParameters parameters, RtpReceiver? receiver) =>
        new(parameters, receiver, receiver is null ? null : new RtcpSession(_sender!, receiver, parameters.CName, _random()));
}
