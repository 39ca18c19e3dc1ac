using System.Net;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>Offers that can't be taken: they cost nothing, and say why (RFC 3261 §13.3.1.3, §20.43).</summary>
[SingleThreaded]
public sealed class RefusedOfferTests
{
    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers, options =>
        {
            options.Authentication.RequireForCalls = false;
            options.Calls.MaxUnverifiedPerSource = 10;
            options.Media.FirstPort = 30_000;
            options.Media.LastPort = 30_003;
            options.Listen(Core.Transport.SipTransportProtocol.Udp, IPEndPoint.Parse("[2001:db8::1]:5060"));
        });
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [TestCase("m=audio 4000 RTP/AVP 18", 305)]
    [TestCase("m=audio 4000 RTP/SAVP 8", 302)]
    [TestCase("m=video 4000 RTP/AVP 34", 304)]
    [TestCase("m=audio 0 RTP/AVP 8", 304)]
    [TestCase("m=audio 80 RTP/AVP 8", 301)]
    public void RefusedOffers_TakeNoPort_AndSayWhy(string media, int warning)
    {
        for (var i = 0; i < 60; i++)
        {
            var refused = Call($"refused{i}", SdpText.Of().Replace("m=audio 4000 RTP/AVP 8 101", media, StringComparison.Ordinal));
            Assert.That(refused.Status, Is.EqualTo(488));
            Assert.That(refused["Warning"], Does.StartWith($"{warning} 10.0.0.1:5060 \""));
            Assert.That(_world.MediaNetwork.OpenSockets, Is.Zero);
        }

        Assert.That(Call("honest", SdpText.Of()).Status, Is.EqualTo(200));
    }

    [Test]
    public void NoPortLeft_Is503_WithRetryAfter_AndNotBeforeTheOfferWasRead()
    {
        Assert.That(Call("one", SdpText.Of()).Status, Is.EqualTo(200));
        Assert.That(Call("two", SdpText.Of()).Status, Is.EqualTo(200));
        var full = Call("three", SdpText.Of());

        Assert.That((full.Status, full["Retry-After"]), Is.EqualTo((503, "5")));
        Assert.That(Call("four", SdpText.Of("18")).Status, Is.EqualTo(488));
    }

    [TestCase("IP4 224.0.0.1")]
    [TestCase("IP4 255.255.255.255")]
    [TestCase("IP4 127.255.255.255", Description = "everybody on this machine")]
    [TestCase("IP4 240.1.2.3")]
    [TestCase("IP4 0.1.2.3")]
    [TestCase("IP4 169.254.169.254", Description = "secrets of a cloud")]
    [TestCase("IP4 169.254.7.7")]
    [TestCase("IP6 ff02::1")]
    [TestCase("IP6 fe80::1")]
    [TestCase("IP6 ::ffff:169.254.169.254")]
    [TestCase("IP6 fd00:ec2::254")]
    [TestCase("IP4 10.0.0.1", 5060, Description = "our own SIP port")]
    [TestCase("IP6 ::ffff:10.0.0.1", 5060)]
    public void AddressThatIsNobodysPhone_Is488(string connection, int port = 4000)
    {
        var refused = Call("c1", SdpText.Of(connection: connection, port: port));

        Assert.That(refused.Status, Is.EqualTo(488));
        Assert.That(refused["Warning"], Does.StartWith("301 "));
        Assert.That(_world.MediaNetwork.OpenSockets, Is.Zero);
    }

    [TestCase("a=rtcp:5060")]
    [TestCase("a=rtcp:5060 IN IP4 10.0.0.1")]
    public void ReportsToOurSipPort_Are488_AsOfferAndAsReOffer(string line)
    {
        var bad = SdpText.Of(connection: "IP4 10.0.0.1", port: 4000, lines: line);
        Assert.That(Call("c1", bad).Status, Is.EqualTo(488));
        Assert.That(Call("c2", SdpText.Of(connection: "IP4 10.0.0.1", port: 5059)).Status, Is.EqualTo(488), "the port above is RTCP's");
        Assert.That(_world.MediaNetwork.OpenSockets, Is.Zero);
        var invite = Invite("c3", SdpText.Of());
        var ok = _alice.WaitFor(m => m.Status == 200 && m["Call-ID"] == "c3");
        _alice.Ack(invite, ok);
        _world.Advance(TimeSpan.FromMilliseconds(50));
        _alice.InDialog("INVITE", invite, ok, bad);
        _alice.WaitForResponse("INVITE", 488);
    }

    [Test]
    public void SocketOfAnotherCall_Is488_AsOfferAndAsReOffer()
    {
        var victim = SdpText.Rtp(Call("victim", SdpText.Of()));

        Assert.That(Call("thief", SdpText.Of(connection: $"IP4 {victim.Address}", port: victim.Port)).Status, Is.EqualTo(488));
        Assert.That(
            Call("thief2", SdpText.Of(connection: $"IP4 {victim.Address}", port: victim.Port + 1)).Status, Is.EqualTo(488), "its RTCP");
        Assert.That(
            Call("other", SdpText.Of(connection: $"IP4 {victim.Address}", port: victim.Port + 2)).Status,
            Is.EqualTo(200),
            "what is not open is not ours");
    }

    [Test]
    public void PhoneOnTheLink_MayNameItsAddressThere()
    {
        _alice = new ScriptedPhone(_world, "carol", "169.254.7.8");

        Assert.That(Call("c1", SdpText.Of(connection: "IP4 169.254.7.8")).Status, Is.EqualTo(200));
        Assert.That(Call("c2", SdpText.Of(connection: "IP4 169.254.169.254")).Status, Is.EqualTo(488));
    }

    [Test]
    public void ReOfferThatCanNotBeTaken_Is488_AndTheCallGoesOn()
    {
        var rtp = new RtpPeer(_world, "10.0.2.1:4000");
        var invite = Invite("c1", SdpText.Of());
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(invite, ok);
        string[] offers = [
            SdpText.Of("18"), SdpText.Of(connection: "IP4 224.0.0.1"), SdpText.Of(connection: "IP6 2001:db8::7"), "no description\r\n"];
        foreach (var bad in offers)
        {
            _alice.Received.Clear();
            var again = _alice.InDialog("INVITE", invite, ok, bad);
            var refused = _alice.WaitForResponse("INVITE", 488);
            Assert.That(refused["Warning"], Is.Not.Empty);
            Assert.That(refused.ToTag, Is.EqualTo(ok.ToTag));
            _alice.Ack(again, refused);
        }

        rtp.Listen(TimeSpan.FromMilliseconds(100));
        rtp.Rtp.Clear();
        rtp.Talk(TimeSpan.FromSeconds(1), SdpText.Rtp(ok));
        Assert.That(rtp.Rtp, Has.Count.InRange(48, 52));
        Assert.That(_host.End(CallDirection.Incoming), Is.Null);
    }

    // RFC 6157 §4: the audio may come over the other IP version.
    [Test]
    public void AudioOfTheOtherFamily_IsTakenWhereWeListen()
    {
        var rtp = new RtpPeer(_world, "[2001:db8::7]:4000");
        var answer = Call("c1", SdpText.Of(connection: "IP6 2001:db8::7"));

        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(SdpText.Rtp(answer).Address, Is.EqualTo(IPAddress.Parse("2001:db8::1")));
        Assert.That(answer.Body, Does.Contain("c=IN IP6 2001:db8::1"));
        rtp.Talk(TimeSpan.FromSeconds(1), SdpText.Rtp(answer));
        Assert.That(rtp.Rtp, Has.Count.InRange(47, 52));
    }

    [Test]
    public void MappedAddress_IsItsIPv4()
    {
        var rtp = new RtpPeer(_world, "10.0.2.1:4000");
        var answer = Call("c1", SdpText.Of(connection: "IP6 ::ffff:10.0.2.1"));

        Assert.That(answer.Body, Does.Contain("c=IN IP6 ::ffff:10.0.0.1"));
        rtp.Talk(TimeSpan.FromSeconds(1), new IPEndPoint(IPAddress.Parse("10.0.0.1"), SdpText.Rtp(answer).Port));
        Assert.That(rtp.Rtp, Has.Count.InRange(47, 52));
    }

    // There are systems where the name of the host leads to 127.0.1.1, and phones that believe it.
    [Test]
    public void PhoneElsewhereThatNamesTheLoopback_GetsNothingUntilItSpeaks()
    {
        var (here, phone) = (new RtpPeer(_world, "127.0.0.1:4000"), new RtpPeer(_world, "10.0.2.1:4000"));
        var answer = Call("c1", SdpText.Of(connection: "IP4 127.0.0.1"));
        here.Listen(TimeSpan.FromSeconds(6));
        phone.Talk(TimeSpan.FromSeconds(1), SdpText.Rtp(answer));

        Assert.That((here.Rtp.Count, here.Rtcp.Count), Is.EqualTo((0, 0)));
        Assert.That(phone.Rtp, Has.Count.InRange(46, 52));
    }

    private SipText Invite(string callId, string sdp)
    {
        _alice.Received.Clear();
        var invite = _alice.Request("INVITE", "room-" + callId, callId, sdp, _alice.Contact());
        _alice.Send(invite);
        return new SipText(invite);
    }

    private SipText Call(string callId, string sdp)
    {
        var invite = Invite(callId, sdp);
        var answer = _alice.WaitFor(m => m.IsResponse && m.Status >= 200);
        _alice.Ack(invite, answer);
        return answer;
    }
}
