using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Doctor.Checks;
using Atm0s.Sip.Doctor.Facts;
using Atm0s.Sip.Doctor.Loopback;
using Atm0s.Sip.Doctor.Pings;
using Atm0s.Sip.Media.Codecs.Opus;
using static Atm0s.Sip.Doctor.DoctorVerdict;

namespace Atm0s.Sip.Doctor.Tests;

/// <summary>Each check, when all is well and when it is not.</summary>
public sealed class CheckTests
{
    private FakeFacts _facts = null!;
    private FakePing _ping = null!;
    private SipServerOptions _server = null!;
    private DoctorOptions _options = null!;

    [SetUp]
    public void SetUp()
    {
        (_facts, _ping, _server, _options) = (new FakeFacts(), new FakePing(), new SipServerOptions().ListenUdp(), new DoctorOptions());
        _server.Calls.MaxCalls = 1_000;
    }

    [Test]
    public async Task Listener_ThatCanBeOpened_IsWell() =>
        await ExpectAsync(new ListenersCheck(), (Ok, "udp://0.0.0.0:5060 can be opened"));

    [TestCase(nameof(PortState.InUse), "is in use")]
    [TestCase(nameof(PortState.NotOurs), "no interface has the address 0.0.0.0")]
    [TestCase(nameof(PortState.NotPermitted), "ports below 1024 are for root")]
    [TestCase(nameof(PortState.Impossible), "can't be opened")]
    public async Task Listener_ThatCantBeOpened_Fails(string state, string text)
    {
        _facts.Ports = (_, _) => Enum.Parse<PortState>(state);
        await ExpectAsync(new ListenersCheck(), (Failed, text));
    }

    [Test]
    public async Task NoListener_Fails()
    {
        _server.Listeners.Clear();
        await ExpectAsync(new ListenersCheck(), (Failed, "nobody can reach the server"));
    }

    [TestCase(nameof(PortState.InUse), Ok)]
    [TestCase(nameof(PortState.Free), Failed)]
    public async Task Listener_OfAServerThatRuns_IsInUse(string state, DoctorVerdict verdict)
    {
        _options.IsRunning = true;
        _facts.Ports = (_, _) => Enum.Parse<PortState>(state);
        await ExpectAsync(new ListenersCheck(), (verdict, "udp://0.0.0.0:5060"));
    }

    [TestCase("203.0.113.7", Ok, "an address of this machine")]
    [TestCase("198.51.100.1", Ok, "a NAT has to forward")]
    [TestCase("192.168.1.7", Warning, "private")]
    [TestCase("127.0.0.1", Warning, "from this machine alone")]
    [TestCase("0.0.0.0", Failed, "no address that anybody can send to")]
    [TestCase("sip.example.com", Failed, "no known name")]
    [TestCase("known.example.com", Ok, "known.example.com (203.0.113.7) is an address of this machine")]
    public async Task AdvertisedHost_IsJudged(string host, DoctorVerdict verdict, string text)
    {
        _facts.Names["known.example.com"] = [IPAddress.Parse("203.0.113.7")];
        _server.Listeners[0].AdvertisedHost = host;
        await ExpectAsync(new AdvertisedCheck(), (verdict, text));
    }

    [Test]
    public async Task AdvertisedAddressOfTheAudio_IsJudged()
    {
        _server.Media.AdvertisedAddress = IPAddress.Parse("10.9.9.9");
        await ExpectAsync(new AdvertisedCheck(), (Warning, "the address of the audio (10.9.9.9) is private"));
    }

    [Test]
    public async Task PublicAddress_NeedsNoNat() => await ExpectAsync(new NatCheck(), (Ok, "a public address"));

    [Test]
    public async Task PrivateAddressesOnly_AreAWarning()
    {
        _facts.Addresses = [IPAddress.Loopback, IPAddress.Parse("10.0.0.5")];
        await ExpectAsync(new NatCheck(), (Warning, "private addresses only"));
    }

    [Test]
    public async Task Container_IsAWarning_UnlessAnAddressIsAdvertised()
    {
        _facts.IsContainer = true;
        await ExpectAsync(new NatCheck(), (Warning, "this is a container"));
        _server.Media.AdvertisedAddress = IPAddress.Parse("203.0.113.7");
        _server.Listeners[0].AdvertisedHost = "203.0.113.7";
        await ExpectAsync(new NatCheck(), (Ok, "addresses are advertised"));
    }

    [Test]
    public async Task OneAdvertisedAddressWithoutTheOther_IsAWarning()
    {
        _server.Media.AdvertisedAddress = IPAddress.Parse("203.0.113.7");
        await ExpectAsync(new NatCheck(), (Warning, "none for signalling"));
        (_server.Media.AdvertisedAddress, _server.Listeners[0].AdvertisedHost) = (null, "203.0.113.7");
        await ExpectAsync(new NatCheck(), (Warning, "none for the audio"));
    }

    [Test]
    public async Task LoopbackListeners_AreAWarning()
    {
        _server.Listeners[0].EndPoint = new IPEndPoint(IPAddress.Loopback, 5060);
        await ExpectAsync(new NatCheck(), (Warning, "on the loopback"));
    }

    [Test]
    public async Task PortRange_ThatIsWideEnough_IsWell() =>
        await ExpectAsync(new RtpPortsCheck(), (Ok, "40000 to 59999: room for 10000 calls"));

    [Test]
    public async Task PortRange_ThatIsTooNarrow_IsAWarning()
    {
        (_server.Media.FirstPort, _server.Media.LastPort) = (40_001, 40_101);
        await ExpectAsync(new RtpPortsCheck(), (Warning, "40002 to 40101 is room for 50 calls, and Calls.MaxCalls is 1000"));
    }

    [Test]
    public async Task PortRange_OfTheSystem_IsAWarning()
    {
        _facts.EphemeralPorts = (32_768, 60_999);
        await ExpectAsync(new RtpPortsCheck(), (Warning, "overlaps with 32768 to 60999"));
        _facts.EphemeralPorts = null;
        await ExpectAsync(new RtpPortsCheck(), (Ok, "room for"));
    }

    [Test]
    public async Task PortRange_ThatIsTaken_IsAWarning_OrFails()
    {
        _facts.Ports = (_, end) => end.Port == 40_000 ? PortState.InUse : PortState.Free;
        await ExpectAsync(new RtpPortsCheck(), (Warning, "1 of 32 ports that were tried are not free, for example 40000"));
        _facts.Ports = (_, _) => PortState.InUse;
        await ExpectAsync(new RtpPortsCheck(), (Failed, "32 of 32"));
        _options.IsRunning = true;
        await ExpectAsync(new RtpPortsCheck(), (Ok, "room for"));
    }

    [TestCase(50_000, 40_000)]
    [TestCase(80, 90)]
    [TestCase(65_000, 70_000)]
    public async Task PortRange_ThatIsNone_Fails(int first, int last)
    {
        (_server.Media.FirstPort, _server.Media.LastPort) = (first, last);
        await ExpectAsync(new RtpPortsCheck(), (Failed, "is no range of ports"));
    }

    [TestCase(1_000_000, Ok, "2256 are needed for 1000 calls")]
    [TestCase(long.MaxValue, Ok, "no limit")]
    [TestCase(1_024, Warning, "some 384 calls fit")]
    [TestCase(64, Failed, "some 0 calls fit")]
    public async Task Descriptors_AreCounted(long limit, DoctorVerdict verdict, string text)
    {
        _facts.MaxDescriptors = limit;
        await ExpectAsync(new DescriptorsCheck(), (verdict, text));
    }

    [Test]
    public async Task WhatTheSystemDoesNotTell_IsNoFinding()
    {
        (_facts.MaxDescriptors, _facts.MaxReceiveBuffer) = (null, null);
        await ExpectAsync(new DescriptorsCheck());
        await ExpectAsync(new BuffersCheck());
    }

    [TestCase(4 << 20, Ok, "4194304 are asked for")]
    [TestCase(212_992, Warning, "a burst of more than some 152 messages is lost")]
    public async Task Buffers_AreCompared(long granted, DoctorVerdict verdict, string text)
    {
        _facts.MaxReceiveBuffer = granted;
        await ExpectAsync(new BuffersCheck(), (verdict, text));
    }

    [Test]
    public async Task Processors_AreCounted()
    {
        await ExpectAsync(new MachineCheck(), (Ok, "4 processors"));
        _facts.Processors = 0.5;
        await ExpectAsync(new MachineCheck(), (Warning, "0.5 of a processor"));
    }

    [Test]
    public async Task FewThreads_AreAWarning()
    {
        _facts.MaxThreads = 32;
        await ExpectAsync(new MachineCheck(), (Ok, "4 processors"), (Warning, "32 threads are allowed"));
    }

    [TestCase(0.2, 3, Ok)]
    [TestCase(0.2, 60, Warning)]
    [TestCase(5, 6, Warning)]
    [TestCase(50, 60, Failed)]
    public async Task Timer_IsJudged(double median, double worst, DoctorVerdict verdict)
    {
        _facts.Timer = (TimeSpan.FromMilliseconds(median), TimeSpan.FromMilliseconds(worst));
        await ExpectAsync(new TimerCheck(), (verdict, "late as a rule"));
        _options.MeasureTimer = false;
        await ExpectAsync(new TimerCheck());
    }

    [TestCase(true, null, Ok, "fake 1.0")]
    [TestCase(true, "It is slow.", Warning, "It is slow.")]
    [TestCase(false, null, Failed, "none of fake loads: it is not there")]
    public async Task Opus_IsLookedFor(bool loads, string? caution, DoctorVerdict verdict, string text)
    {
        _server.Media.OpusProviders.Add(new FakeOpus(loads, caution));
        await ExpectAsync(new OpusCheck(), (verdict, text));
        _server.Media.Codecs.Clear();
        _server.Media.Codecs.Add("PCMA");
        await ExpectAsync(new OpusCheck());
    }

    [TestCase(200, 12, Ok, "carrier at udp://198.51.100.9:5060 answers 200 after 12 ms")]
    [TestCase(403, 12, Ok, "answers 403")]
    [TestCase(503, 12, Warning, "it is there, but has a fault")]
    [TestCase(200, 900, Warning, "answers 200 after 900 ms")]
    [TestCase(0, 3000, Failed, "does not answer: nobody is there")]
    public async Task Trunk_IsAsked(int status, int milliseconds, DoctorVerdict verdict, string text)
    {
        _server.Trunks.Add(new TrunkOptions { Name = "carrier", Server = "sip:198.51.100.9" });
        _ping.Answer = new PingResult(status, TimeSpan.FromMilliseconds(milliseconds), status == 0 ? "nobody is there" : null);
        await ExpectAsync(new TrunksCheck(), (verdict, text));
        Assert.That(_ping.Asked.Single().Uri, Is.EqualTo("sip:198.51.100.9"));
    }

    [Test]
    public async Task Trunk_ThatCantBeReached_Fails()
    {
        _server.Trunks.Add(new TrunkOptions { Name = "a", Server = "sip:unknown.example.com" });
        _server.Trunks.Add(new TrunkOptions { Name = "b", Server = "sip:198.51.100.9;transport=tcp" });
        _server.Trunks.Add(new TrunkOptions { Name = "c", Server = "sip:[2001:db8::1]" });
        _server.Trunks.Add(new TrunkOptions { Name = "d", Server = "no address" });
        await ExpectAsync(
            new TrunksCheck(),
            (Failed, "a: the name unknown.example.com is not known"), (Failed, "b: no listener speaks TCP to 198.51.100.9"),
            (Failed, "c: no listener speaks UDP to 2001:db8::1"), (Failed, "d: \"no address\" is no SIP address"));
        Assert.That(_ping.Asked, Is.Empty);
    }

    [Test]
    public async Task TrunkOverTls_IsAsked_AsTheListenerWould()
    {
        _server.Listen("tls://0.0.0.0:5061");
        _server.Trunks.Add(new TrunkOptions { Name = "carrier", Server = "sips:198.51.100.9", Tls = new() { ServerName = "c.example.com" } });
        await ExpectAsync(new TrunksCheck(), (Ok, "carrier at tls://198.51.100.9:5061 answers 200 after 12 ms"));
        var asked = _ping.Asked.Single();
        Assert.That((asked.Peer!.Name, asked.Peer.Options!.ServerName), Is.EqualTo(("198.51.100.9", "c.example.com")));
        Assert.That((asked.Listener, asked.Tls), Is.EqualTo((_server.Listeners[1], _server.Tls)));

        _ping.Answer = new PingResult(0, TimeSpan.Zero, "its certificate is not trusted", IsRefusedByTls: true);
        await ExpectAsync(new TrunksCheck(), (Failed, "TLS does not come about: its certificate is not trusted"));
    }

    [Test]
    public async Task Trunk_IsNotAsked_WhereThatIsNotWanted()
    {
        _options.PingTrunks = false;
        _server.Trunks.Add(new TrunkOptions { Name = "a", Server = "sip:198.51.100.9:5080" });
        await ExpectAsync(new TrunksCheck(), (Ok, "a is at udp://198.51.100.9:5080; it was not asked"));
        Assert.That(_ping.Asked, Is.Empty);
    }

    [TestCase(1000, -15, 80, 0, Ok)]
    [TestCase(1000, -15, 80, 0.05, Warning)]
    [TestCase(1000, -15, 400, 0, Warning)]
    [TestCase(1000, -22, 80, 0, Warning)]
    [TestCase(700, -15, 80, 0, Failed)]
    [TestCase(1000, -60, 80, 0, Failed)]
    public async Task Call_IsJudged(double frequency, double level, int delay, double loss, DoctorVerdict verdict)
    {
        var heard = new ToneResult
        {
            SaidFrequency = 1000,
            SaidLevel = -15,
            Frequency = frequency,
            Level = level,
            Delay = TimeSpan.FromMilliseconds(delay),
            LossShare = loss,
            Codec = "PCMA",
        };
        await ExpectAsync(new CallCheck((_, _) => Task.FromResult(heard)), (verdict, "a tone of 1000 Hz"));
    }

    [Test]
    public async Task CallThatDoesNotComeAbout_Fails()
    {
        await ExpectAsync(
            new CallCheck((_, _) => Task.FromResult(new ToneResult { Problem = "no ports" })), (Failed, "did not come about: no ports"));
        _options.LoopbackCall = false;
        await ExpectAsync(new CallCheck((_, _) => throw new InvalidOperationException()));
    }

    // A check that breaks is a finding, and the others go on.
    [Test]
    public async Task CheckThatThrows_IsAFinding()
    {
        IDoctorCheck[] checks = [new CallCheck((_, _) => throw new InvalidOperationException("boom")), new MachineCheck()];
        var report = await SipDoctor.ExamineAsync(
            new DoctorContext(_server, _options, _facts, _ping), checks, TimeProvider.System, CancellationToken.None);

        Assert.That(report.Findings.Select(one => (one.Check, one.Verdict)), Is.EqualTo(new[] { ("call", Failed), ("machine", Ok) }));
        Assert.That(report.Verdict, Is.EqualTo(Failed));
        Assert.That(report.Findings[0].Text, Does.Contain("boom"));
    }

    private async Task ExpectAsync(IDoctorCheck check, params (DoctorVerdict Verdict, string Text)[] expected)
    {
        var findings = await check.ExamineAsync(new DoctorContext(_server, _options, _facts, _ping), CancellationToken.None);
        Assert.That(findings, Has.Count.EqualTo(expected.Length), string.Join('\n', findings));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.That(findings[i].Check, Is.EqualTo(check.Name));
            Assert.That(findings[i].Text, Does.Contain(expected[i].Text));
            Assert.That(findings[i].Verdict, Is.EqualTo(expected[i].Verdict), findings[i].Text);
            Assert.That(findings[i].Advice is null, Is.EqualTo(expected[i].Verdict == Ok), "who has a problem is told what to do");
        }
    }

    private sealed class FakeOpus(bool loads, string? caution) : IOpusCodecProvider
    {
        public string Name => "fake";

        public string? Version => loads ? "fake 1.0" : null;

        public bool IsAvailable => loads;

        public string Status => loads ? "loaded" : "it is not there";

        public string? Caution => caution;

        public Media.Codecs.IAudioEncoder CreateEncoder(OpusEncoderOptions options) => throw new NotSupportedException();

        public Media.Codecs.IAudioDecoder CreateDecoder() => throw new NotSupportedException();
    }
}
