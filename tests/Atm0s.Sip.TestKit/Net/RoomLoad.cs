using System.Net;
using Atm0s.Sip.Media;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.TestKit.Net;

/// <summary>A room full of callers who all talk, in memory: what a tick costs, and what it allocates.</summary>
public sealed class RoomLoad : IRtpLegObserver, IDisposable
{
    private readonly InMemoryMediaNetwork _network = new(1);
    private readonly ManualMediaClock _clock = new();
    private readonly MediaEngine _engine;
    private readonly List<RtpLeg> _legs = [];
    private readonly List<MediaAddress> _destinations = [];
    private readonly List<MediaAddress> _phones = [];
    private readonly byte[][] _speech;
    private readonly byte[] _datagram = new byte[1500];
    private readonly long _clockStep;
    private long _tick;

    /// <summary>Fills a room.</summary>
    /// <param name="callers">How many.</param>
    /// <param name="codec">Codec of all of them.</param>
    /// <param name="passThrough">Whether the packets of a single speaker go on as they came.</param>
    public RoomLoad(int callers, IAudioCodec codec, bool passThrough = false)
    {
        ArgumentNullException.ThrowIfNull(codec);
        _engine = new MediaEngine(
            new MediaEngineOptions { FirstPort = 10000, LastPort = 20000, Threads = 1, LegTimeout = TimeSpan.Zero },
            _network, _clock, TimeProvider.System, new Random(1), NullLogger.Instance);
        _engine.Start();
        Room = _engine.CreateRoom("load");
        _clockStep = codec.ClockRate / 50;
        _speech = Speech(codec);
        for (var i = 0; i < callers; i++)
        {
            var phone = new IPEndPoint(new IPAddress([10, 1, (byte)(i >> 8), (byte)i]), 4000);
            var leg = _engine.TryOpenLeg(IPAddress.Parse("10.0.0.1"), this) ?? throw new InvalidOperationException("No port is free.");
            var parameters = new RtpLegParameters
            {
                SendFormat = new RtpFormat(96, codec),
                ReceiveFormats = [new RtpFormat(96, codec)],
                Remote = phone,
                CName = "load",
                PassThrough = passThrough,
                SendEvents = new RtpEventFormat(101, codec.ClockRate),
            };
            leg.Start(parameters, Room);
            _legs.Add(leg);
            _destinations.Add(MediaAddress.From(leg.LocalEndPoint));
            _phones.Add(MediaAddress.From(phone));
        }
    }

    /// <summary>The room.</summary>
    public MixRoom Room { get; }

    /// <summary>Packets sent as they came.</summary>
    public long PacketsPassed => _engine.Metrics.PacketsPassed;

    /// <summary>The legs.</summary>
    public IReadOnlyList<RtpLeg> Legs => _legs;

    /// <summary>Every caller sends 20 ms, and the room ticks once.</summary>
    public void Tick()
    {
        var payload = _speech[_tick % _speech.Length];
        payload.CopyTo(_datagram.AsSpan(RtpHeader.Length));
        for (var i = 0; i < _destinations.Count; i++)
        {
            RtpHeader.Write(_datagram, 96, _tick == 0, (ushort)_tick, (uint)(_tick * _clockStep), (uint)i + 1);
            _network.Send(_phones[i], _destinations[i], _datagram.AsSpan(0, RtpHeader.Length + payload.Length));
        }

        _tick++;
        _clock.Advance(MediaClock.Period);
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

    // Two seconds of a tone that comes and goes, encoded once.
    private static byte[][] Speech(IAudioCodec codec)
    {
        using var encoder = codec.CreateEncoder();
        var pcm = new short[encoder.SampleRate / 50];
        var output = new byte[1400];
        var frames = new byte[100][];
        for (var frame = 0; frame < frames.Length; frame++)
        {
            for (var i = 0; i < pcm.Length; i++)
            {
                var swing = Math.Sin(Math.Tau * 440 * ((frame * pcm.Length) + i) / encoder.SampleRate);
                pcm[i] = (short)(6000 * swing * Math.Sin(Math.PI * frame / 25));
            }

            frames[frame] = output[..encoder.Encode(pcm, output)];
        }

        return frames;
    }
}
