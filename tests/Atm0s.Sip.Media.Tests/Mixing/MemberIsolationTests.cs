using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Tests.Clock;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>A member that throws ends alone: the tick of the others goes on.</summary>
public sealed class MemberIsolationTests
{
    private MediaWorld _world = null!;

    [SetUp]
    public void SetUp() => _world = new MediaWorld();

    [TearDown]
    public void TearDown() => _world.Dispose();

    [TestCase(Fault.Encode)]
    [TestCase(Fault.Decode)]
    [TestCase(Fault.Encode | Fault.Decode | Fault.Dispose)]
    public void LegThatThrows_EndsAlone_AndIsTold(int fault)
    {
        var codec = new FaultyCodec();
        var bad = _world.AddPhone(p => p with { SendFormat = new RtpFormat(8, codec), ReceiveFormats = [new RtpFormat(8, codec)] });
        var good = _world.AddPhone();
        var listener = new ToneEndpoint(440);
        _world.Room.Add(listener);
        (bad.IsSpeaking, good.IsSpeaking) = (true, true);
        good.Hz = 700;
        _world.Run(0.5);
        codec.Fault = (Fault)fault;
        _world.Run(0.5);
        var ticks = _world.Engine.Metrics.Ticks;
        var sent = good.Rtp.Count;
        _world.Run(1);

        Assert.That(bad.Told, Is.EqualTo(new[] { $"latched {bad.Address}", "failed" }));
        Assert.That(good.Told, Is.EqualTo(new[] { $"latched {good.Address}" }));
        Assert.That(_world.Room.MemberCount, Is.EqualTo(2));
        Assert.That(_world.Engine.Metrics.Ticks - ticks, Is.EqualTo(50));
        Assert.That(good.Rtp, Has.Count.EqualTo(sent + 50));
        Assert.That(listener.Recording.End(TimeSpan.FromSeconds(0.5)).Measure(700).Snr, Is.GreaterThan(30));
        Assert.That(_world.Engine.Metrics.Legs, Is.EqualTo(1));
        Assert.That(_world.Network.OpenSockets, Is.EqualTo(6), "four of the phones and two of the good leg");
        bad.Leg.Close();
        Assert.That(bad.Leg.GetStatistics().PacketsReceived, Is.GreaterThan(20), "figures stay");
    }

    // A re-INVITE whose codec can't be made: what was agreed on before it still holds, though no tick has taken it.
    [Test]
    public void CodecThatCannotBeMade_CostsNothingOfWhatWasAskedBefore([Values] bool isTaken)
    {
        var codec = new FaultyCodec { Fault = Fault.Create };
        var phone = _world.AddPhone();
        phone.IsSpeaking = true;
        _world.Run(0.5);
        phone.Update(p => p with
        {
            SendFormat = new RtpFormat(0, PcmuCodec.Instance),
            ReceiveFormats = [new RtpFormat(8, PcmaCodec.Instance), new RtpFormat(0, PcmuCodec.Instance)],
        });
        if (isTaken)
            _world.Run(0.02); // what was received by fades out
        var broken = phone.Parameters with { SendFormat = new RtpFormat(8, codec), ReceiveFormats = [new RtpFormat(8, codec)] };
        Assert.That(() => phone.Leg.Update(broken), Throws.InvalidOperationException);
        Assert.That(() => phone.Leg.Update(broken with { ReceiveFormats = phone.Parameters.ReceiveFormats }), Throws.InvalidOperationException);
        var received = phone.Leg.GetStatistics().PacketsReceived;
        _world.Run(1);
        Assert.That(phone.Rtp[^1][1] & 0x7F, Is.Zero, "PCMU");
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.EqualTo(received + 50).Within(1));
        Assert.That(phone.Told, Is.EqualTo(new[] { $"latched {phone.Address}" }));
    }

    [Test]
    public void ProviderThatThrowsAtTheEnd_KeepsNoPorts()
    {
        var dtls = new BrokenDtls();
        var phone = _world.AddPhone(p => p with
        {
            Dtls = new DtlsParameters { Identity = dtls, Role = DtlsRole.Server, RemoteFingerprints = [dtls.Fingerprint] },
        });
        phone.Leg.Close();
        _world.Run(0.1);
        Assert.That(_world.Engine.Metrics.Legs, Is.Zero);
        Assert.That(_world.Network.OpenSockets, Is.EqualTo(2), "those of the phone");
    }

    // A set that another thread changes, or an endpoint's own Equals, must not run in the tick.
    [Test]
    public void RuleWhoseSetsThrow_CostsNobodyAnything([Values] bool ofALeg)
    {
        var (a, b) = (new ToneEndpoint(440), new ToneEndpoint(880));
        var phone = _world.AddPhone();
        (phone.IsSpeaking, phone.Hz) = (ofALeg, 700);
        _world.Room.Add(a);
        _world.Room.Add(b);
        var rule = new MemberRule { HeardBy = new TouchySet([a]), Hears = new TouchySet([a, b]) };
        if (ofALeg)
            phone.Leg.SetRule(rule);
        else
            _world.Room.SetRule(b, rule);
        _world.Run(2);
        Assert.That(_world.Room.MemberCount, Is.EqualTo(3));
        Assert.That(phone.Told, Has.None.EqualTo("failed"));
        var heard = (ofALeg ? b : a).Recording.End(TimeSpan.FromSeconds(0.5));
        Assert.That(heard.Measure(ofALeg ? 440 : 880).Snr, Is.GreaterThan(30), "the rule holds all the same");
    }

    [Test]
    public void ObserverAndLogThatBothThrow_CostNoLeg()
    {
        var news = new LegNews(new ThrowingObserver(), 1, new GuardedLogger(new BrokenLog()));
        Assert.That(() => news.Tell(LegNewsKind.TimedOut), Throws.Nothing);
    }

    [Test]
    public void LegThatThrowsAtTheLast_DoesNotKeepTheRoomFromClosing()
    {
        var codec = new FaultyCodec();
        var bad = _world.AddPhone(p => p with { SendFormat = new RtpFormat(8, codec), ReceiveFormats = [new RtpFormat(8, codec)] });
        _world.AddPhone();
        _world.Run(0.1);
        codec.Fault = Fault.Dispose;
        _world.Room.Close();
        _world.Run(0.1);
        Assert.That(_world.Engine.Metrics.Legs, Is.Zero);
        Assert.That(_world.Engine.Metrics.Rooms, Is.Zero);
        Assert.That(bad.Told, Is.Empty, "it was closed, it did not fail");
    }

    [Test]
    public void EndpointThatThrows_IsSilent_AndStays()
    {
        var bad = new ThrowingEndpoint();
        var (a, b) = (new ToneEndpoint(440), new ToneEndpoint(880));
        _world.Room.Add(bad);
        _world.Room.Add(a);
        _world.Room.Add(b);
        _world.Run(1);
        Assert.That(_world.Room.MemberCount, Is.EqualTo(3));
        Assert.That(a.Recording.End(TimeSpan.FromSeconds(0.5)).Measure(880).Snr, Is.GreaterThan(60));
    }

    [Test]
    public void ClosedRoom_TakesNobody()
    {
        _world.Room.Close();
        _world.Run(0.1);
        Assert.That(_world.Room.Add(new ToneEndpoint(440)), Is.False);
        Assert.That(_world.Room.Remove(new ToneEndpoint(440)), Is.False);
        var phone = new TestPhone(_world, System.Net.IPAddress.Parse("10.0.9.9"));
        Assert.That(phone.Leg.Start(phone.Parameters, _world.Room), Is.False);
        Assert.That(_world.Engine.Metrics.Legs, Is.Zero, "the leg is closed");
        phone.Dispose();
    }

    [Test]
    public void RoomThatDoesNotTick_TakesTenThousandOperations_AndRefusesTheRest()
    {
        var endpoint = new ToneEndpoint(440);
        for (var i = 0; i < 10_000; i++)
            Assert.That(_world.Room.Add(endpoint), Is.True);
        Assert.That(_world.Room.Add(endpoint), Is.False);
        var phone = new TestPhone(_world, System.Net.IPAddress.Parse("10.0.9.9"));
        Assert.That(phone.Leg.Start(phone.Parameters, _world.Room), Is.False);
        Assert.That(_world.Engine.Metrics.Legs, Is.Zero, "the leg is closed");
        phone.Dispose();
        _world.Run(0.1);
        Assert.That(_world.Room.MemberCount, Is.EqualTo(1));
        Assert.That(_world.Room.Add(new ToneEndpoint(880)), Is.True);
    }

    private sealed class ThrowingObserver : IRtpLegObserver
    {
        public void OnLatched(System.Net.IPEndPoint source) => throw new InvalidOperationException();

        public void OnMediaTimeout() => throw new InvalidOperationException();

        public void OnDtmf(DtmfEvent e) => throw new InvalidOperationException();
    }

    private sealed class ThrowingEndpoint : IPcmEndpoint
    {
        public int SampleRate => 8000;

        public bool Read(Span<short> frame) => throw new InvalidOperationException("read");

        public void Write(ReadOnlySpan<short> frame) => throw new InvalidOperationException("write");
    }
}
