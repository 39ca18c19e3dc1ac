using System.Net;
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

    /// <summary>Joins a room. Nothing happens when the leg was started or closed before; in a closed room the leg closes.</summary>
    /// <param name="parameters">What offer and answer agreed on.</param>
    /// <param name="room">The room.</param>
    public void Start(RtpLegParameters parameters, MixRoom room)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(room);
        lock (_gate)
        {
            if (_closed || _stream is not null) return;
            _requested = parameters;
            // RFC 3550 §5.1: all three at random.
            _sender = new RtpSender(
                parameters.Codec, parameters.SendPayloadType, (uint)(_random() * uint.MaxValue), (ushort)(_random() * 0x7FFF), (uint)(_random() * uint.MaxValue));
            var start = MakeUpdate(parameters, MakeReceiver(parameters));
            _stream = new LegStream(_ports, start, _sender, _figures, _observer, room, _timeout, _time);
            _figures.SetPeer(parameters.Codec.Name, parameters.Remote);
            if (room.TryAdd(_stream)) return;
            _closed = true;
            _stream.Release(TimeSpan.Zero);
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

    /// <summary>Figures as of the last tick; also after the end.</summary>
    public RtpLegStatistics GetStatistics() => _figures.Read(LocalEndPoint);

    private static bool ReceivesAlike(RtpLegParameters a, RtpLegParameters b) =>
        a.Codec == b.Codec && a.ReceivePayloadType == b.ReceivePayloadType && a.TelephoneEventPayloadType == b.TelephoneEventPayloadType;

    private static RtpReceiver MakeReceiver(RtpLegParameters parameters) => new(new RtpReceiverOptions
    {
        Codec = parameters.Codec,
        PayloadType = parameters.ReceivePayloadType,
        TelephoneEventPayloadType = parameters.TelephoneEventPayloadType,
    });

    private LegUpdate MakeUpdate(RtpLegParameters parameters, RtpReceiver? receiver) =>
        new(parameters, receiver, receiver is null ? null : new RtcpSession(_sender!, receiver, parameters.CName, _random()));
}
