using System.Net;
using Atm0s.Sip.Media;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.MediaQuality.Lines;
using Atm0s.Sip.MediaQuality.Streams;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.MediaQuality.Virtual;

/// <summary>A room of the library in virtual time: the same packets give the same sound on every machine, however busy it is.</summary>
internal sealed class VirtualRoom : IRtpLegObserver, IDisposable
{
    private static readonly IPAddress Bridge = IPAddress.Parse("10.0.0.1");

    private readonly ManualMediaClock _clock = new();
    private readonly VirtualNetwork _network;
    private readonly MediaEngine _engine;
    private readonly MixRoom _room;
    private byte _hosts;

    private VirtualRoom()
    {
        _network = new VirtualNetwork(_clock);
        var options = new MediaEngineOptions { FirstPort = 10000, LastPort = 20000, Threads = 1, LegTimeout = TimeSpan.Zero };
        _engine = new MediaEngine(options, _network, _clock, TimeProvider.System, new Random(1), NullLogger.Instance);
        _engine.Start();
        _room = _engine.CreateRoom("quality");
    }

    /// <summary>Lets talkers talk to a listener, until all has been said.</summary>
    /// <param name="talkers">Who talks, and how the packets arrive.</param>
    /// <param name="listener">Who listens.</param>
    /// <returns>What the bridge says of the first talker's leg.</returns>
    public static RtpLegStatistics Run(IReadOnlyList<(Talker Talker, IReadOnlyList<Arrival> Arrivals)> talkers, Listener listener)
    {
        using var room = new VirtualRoom();
        var (ear, earLeg) = room.Join(listener.Codec);
        room._network.OnSent = (destination, datagram) =>
        {
            if (destination == ear)
                listener.Hear(datagram.Span, room._clock.Now);
        };
        RtpLeg? first = null;
        var end = TimeSpan.Zero;
        foreach (var (talker, arrivals) in talkers)
        {
            var (phone, leg) = room.Join(talker.Codec);
            first ??= leg;
            var bridge = MediaAddress.From(leg.LocalEndPoint);
            foreach (var arrival in arrivals)
            {
                if (arrival.At is { } at)
                    room._network.Deliver(bridge, phone, talker.Packet(arrival.Index), at);
                end = arrival.Sent > end ? arrival.Sent : end;
            }
        }

        // A phone that listens sends all the same: its silence.
        var silence = new SilentTalker(listener.Codec);
        for (var at = TimeSpan.Zero; at < end + TimeSpan.FromSeconds(1); at += Talker.PacketTime)
            room._network.Deliver(MediaAddress.From(earLeg.LocalEndPoint), ear, silence.Next(), at);

        while (room._clock.Now < end + TimeSpan.FromSeconds(1))
            room._clock.Advance(MediaClock.SubTick);
        return first!.GetStatistics();
    }

    /// <inheritdoc/>
    public void OnLatched(IPEndPoint source)
    {
    }

    /// <inheritdoc/>
    public void OnMediaTimeout()
    {
    }

    /// <inheritdoc/>
    public void OnDtmf(DtmfEvent e)
    {
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    private (MediaAddress Phone, RtpLeg Leg) Join(Media.Codecs.IAudioCodec codec)
    {
        var phone = new IPEndPoint(new IPAddress([10, 0, 1, ++_hosts]), 4000);
        var leg = _engine.TryOpenLeg(Bridge, this) ?? throw new InvalidOperationException("No port is free.");
        var format = new RtpFormat(Codecs.PayloadType(codec), codec);
        var parameters = new RtpLegParameters
        {
            SendFormat = format, ReceiveFormats = [format], Remote = phone, SignallingAddress = phone.Address,
        };
        leg.Start(parameters, _room);
        return (MediaAddress.From(phone), leg);
    }
}
