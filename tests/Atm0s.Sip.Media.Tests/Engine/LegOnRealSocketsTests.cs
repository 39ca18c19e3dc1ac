using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit.Audio;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Media.Tests.Engine;

/// <summary>Legs on sockets of the kernel, ticked by hand: what the network may do to a call.</summary>
public sealed class LegOnRealSocketsTests : IRtpLegObserver
{
    private readonly List<string> _told = [];
    private readonly byte[] _packet = new byte[172];
    private ManualMediaClock _clock = null!;
    private MediaEngine _engine = null!;
    private MixRoom _room = null!;
    private ToneEndpoint _listener = null!;
    private UdpClient _phone = null!;
    private ushort _sequence;

    [SetUp]
    public void SetUp()
    {
        _told.Clear();
        _sequence = 0;
        _clock = new ManualMediaClock();
        _engine = new MediaEngine(
            new MediaEngineOptions { FirstPort = 31000, LastPort = 32999 },
            new UdpMediaNetwork(), _clock, new FakeTimeProvider(), new Random(), NullLogger.Instance);
        _engine.Start();
        _room = _engine.CreateRoom("room");
        _listener = new ToneEndpoint(880);
        _room.Add(_listener);
        _phone = NewPhone("127.0.0.1");
    }

    [TearDown]
    public void TearDown()
    {
        _engine.Dispose();
        _phone.Dispose();
    }

    [TestCase(0.1, false)]
    [TestCase(3, false)]
    [TestCase(3, true)]
    public void PhoneWhosePortWasGone_IsHeardAndHearsAgain(double seconds, bool onAnotherPort)
    {
        var leg = StartLeg();
        Talk(leg, 1);
        var port = (IPEndPoint)_phone.Client.LocalEndPoint!;
        _phone.Dispose();
        for (var i = 0; i < seconds * 50; i++)
            _clock.Advance(MediaClock.Period);

        _phone = onAnotherPort ? NewPhone("127.0.0.1") : new UdpClient(port);
        if (onAnotherPort)
            leg.Update(Parameters());
        Talk(leg, 0.2);
        Drain();
        Assert.That(Talk(leg, 1), Is.EqualTo(50).Within(1), "packets to the phone");
        Assert.That(Heard(1), Is.GreaterThan(0.9), "share of the room's second with sound of the phone");
    }

    /// <summary>
    /// One leg gets garbage, another 10,000 packets a second, for two seconds: who speaks and who listens in the same room loses nothing.
    /// </summary>
    [Test]
    public void GarbageAndFlood_CostNobodyElseAPacket()
    {
        var (speaker, flooded, littered, listener) = (StartLeg(), StartLeg(), StartLeg(), _engine.TryOpenLeg(IPAddress.Loopback, this)!);
        using var ear = NewPhone("127.0.0.1");
        listener.Start(Parameters() with { Remote = (IPEndPoint)ear.Client.LocalEndPoint! }, _room);
        listener.Confirm();
        using var flooder = NewPhone("127.0.0.1");
        var random = new Random(3);
        var sequences = new List<int>();
        var flood = (ushort)0;
        _clock.Advance(MediaClock.Period); // what came before the first tick is old
        while (ear.Available > 0)
        {
            IPEndPoint? from = null;
            ear.Receive(ref from);
        }

        for (var tick = 0; tick < 100; tick++)
        {
            Say(_phone, speaker, 7, 0);
            for (var i = 0; i < 200; i++)
            {
                RtpHeader.Write(_packet, 8, false, flood, (uint)(flood++ * 160), 99);
                flooder.Send(_packet, flooded.LocalEndPoint);
                if (i % 10 != 0)
                    continue;
                var junk = new byte[random.Next(1, 1400)];
                random.NextBytes(junk);
                flooder.Send(junk, littered.LocalEndPoint);
            }

            _clock.Advance(MediaClock.Period);
            while (ear.Available > 0)
            {
                IPEndPoint? from = null;
                var packet = ear.Receive(ref from);
                if (packet[1] is < 192 or > 223)
                    sequences.Add((packet[2] << 8) | packet[3]);
            }
        }

        Assert.That(sequences, Has.Count.EqualTo(100));
        Assert.That(sequences.Zip(sequences.Skip(1), (a, b) => (b - a) & 0xFFFF), Has.All.EqualTo(1));
        Assert.That(speaker.GetStatistics().PacketsReceived, Is.EqualTo(100));
        Assert.That(speaker.GetStatistics().ConcealedAudio, Is.EqualTo(TimeSpan.Zero));
        Assert.That(speaker.GetStatistics().PacketsLost, Is.Zero);
        Assert.That(flooded.GetStatistics().PacketsReceived + flooded.GetStatistics().PacketsRefused, Is.GreaterThan(5_000), "it was a flood");
    }

    [Test]
    public void DatagramsOfAStranger_ThatWaitBehindThePhonesFirst_AreNotThePhones()
    {
        var leg = StartLeg();
        _clock.Advance(MediaClock.Period);
        using var stranger = NewPhone("127.0.0.9");
        Say(_phone, leg, 7, 0);
        for (var i = 0; i < 250; i++)
        {
            if (i % 5 == 0)
                SayKey(stranger, leg, (uint)i);
            else
                Say(stranger, leg, 7, 1000);
        }

        for (var i = 0; i < 50; i++)
            _clock.Advance(MediaClock.Period);
        Assert.That(_told.Where(t => t.StartsWith("key", StringComparison.Ordinal)), Is.Empty);
        Assert.That(leg.GetStatistics().PacketsReceived, Is.EqualTo(1));
        Assert.That(leg.GetStatistics().PacketsRefused, Is.EqualTo(250));
    }

    /// <summary>
    /// The SDP names 127.0.0.1, which lives; 127.0.0.9 sends all the time, before the phone does, in its silence and after.
    /// </summary>
    [Test]
    public void StrangerWhoSprays_GetsNothing([Values] bool behindProxy)
    {
        var leg = _engine.TryOpenLeg(IPAddress.Loopback, this)!;
        leg.Start(behindProxy ? Parameters() with { SignallingAddress = null } : Parameters(), _room);
        leg.Confirm();
        using var stranger = NewPhone("127.0.0.9");
        var sequence = 0;
        void Spray(double seconds, bool talks)
        {
            for (var i = 0; i < seconds * 50; i++)
            {
                RtpHeader.Write(_packet, 8, false, (ushort)sequence, (uint)sequence++ * 160, 666);
                stranger.Send(_packet, leg.LocalEndPoint);
                if (talks)
                    Say(_phone, leg, 7, 0);
                _clock.Advance(MediaClock.Period);
                Drain();
            }
        }

        Spray(2, talks: false);
        Spray(1, talks: true);
        Spray(15, talks: false);
        Spray(1, talks: true);
        Assert.That(stranger.Available, Is.Zero);
        Assert.That(_told, Is.EqualTo(new[] { $"latched {_phone.Client.LocalEndPoint}" }));
        Assert.That(leg.GetStatistics().PacketsReceived, Is.EqualTo(100).Within(1));
    }

    void IRtpLegObserver.OnLatched(IPEndPoint source) => _told.Add($"latched {source}");

    void IRtpLegObserver.OnMediaTimeout() => _told.Add("timeout");

    void IRtpLegObserver.OnDtmf(DtmfEvent e) => _told.Add($"key {e.Digit}");

    private static UdpClient NewPhone(string host) => new(new IPEndPoint(IPAddress.Parse(host), 0));

    private RtpLegParameters Parameters() => new()
    {
        SendFormat = new RtpFormat(8, PcmaCodec.Instance),
        ReceiveFormats = [new RtpFormat(8, PcmaCodec.Instance)],
        ReceiveEvents = [new RtpEventFormat(101, 8000)],
        Remote = (IPEndPoint)_phone.Client.LocalEndPoint!,
        SignallingAddress = IPAddress.Loopback,
    };

    private RtpLeg StartLeg()
    {
        var leg = _engine.TryOpenLeg(IPAddress.Loopback, this)!;
        leg.Start(Parameters(), _room);
        return leg;
    }

    // Gives the packets that came to the phone.
    private int Talk(RtpLeg leg, double seconds)
    {
        var received = 0;
        for (var i = 0; i < seconds * 50; i++)
        {
            Say(_phone, leg, 7, 0);
            _clock.Advance(MediaClock.Period);
            received += Drain();
        }

        return received;
    }

    private int Drain()
    {
        var any = new IPEndPoint(IPAddress.Any, 0);
        var received = 0;
        for (; _phone.Available > 0; received++)
            _phone.Receive(ref any);
        return received;
    }

    private double Heard(double seconds)
    {
        var end = _listener.Recording.End(TimeSpan.FromSeconds(seconds)).Samples;
        return end.Count(s => s != 0) / (double)end.Length;
    }

    private void Say(UdpClient from, RtpLeg leg, uint ssrc, int offset)
    {
        var sequence = (ushort)(_sequence++ + offset);
        RtpHeader.Write(_packet, 8, false, sequence, sequence * 160u, ssrc);
        ALaw.Encode(Tone.Make(400, 8000, 160, 8000, sequence * 160), _packet.AsSpan(12));
        from.Send(_packet, leg.LocalEndPoint);
    }

    private void SayKey(UdpClient from, RtpLeg leg, uint timestamp)
    {
        var packet = new byte[16];
        RtpHeader.Write(packet, 101, true, _sequence++, timestamp * 1000, 7);
        (packet[12], packet[13], packet[14], packet[15]) = (5, 0x80 | 10, 2, 0);
        from.Send(packet, leg.LocalEndPoint);
    }
}
