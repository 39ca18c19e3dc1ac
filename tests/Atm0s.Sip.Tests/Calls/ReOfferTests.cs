using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>Offers within a session, by either side: what was agreed keeps its meaning (RFC 3264 §8, RFC 3261 §14).</summary>
[SingleThreaded]
public sealed class ReOfferTests
{
    private static readonly string[] Opus111 = ["a=rtpmap:96 telephone-event/48000"];

    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers, options => options.Authentication.OpenNumberPrefixes.Add("open-"));
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void ReInviteWithoutOffer_GetsOurs_WithTheNumbersOfTheSession()
    {
        var (invite, ok) = Call(SdpText.Of("111 96 97", lines: [.. Opus111, "a=rtpmap:97 speex/16000"]));
        var (again, offer) = ReInvite(invite, ok, "");
        var (before, now) = (SdpText.Map(ok), SdpText.Map(offer));

        Assert.That(before, Does.ContainKey("111").And.ContainKey("96"));
        Assert.That(now["111"], Is.EqualTo("opus/48000/2"));
        Assert.That(now["96"], Is.EqualTo("telephone-event/48000"));
        Assert.That(now, Does.Not.ContainKey("97"), "theirs, though we can't do it");
        Assert.That(SdpText.Rtp(offer), Is.EqualTo(SdpText.Rtp(ok)));
        _alice.AckWith(again, offer, SdpText.Of("111 96", lines: Opus111));
        _world.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(_server.Calls.Single().GetStatistics()!.Codec, Is.EqualTo("opus"));
    }

    [Test]
    public void ReInviteWithoutOffer_WhoseAckHasNoAnswer_ChangesNothing()
    {
        var rtp = new RtpPeer(_world, "10.0.2.1:4000");
        var (invite, ok) = Call(SdpText.Of());
        var (again, offer) = ReInvite(invite, ok, "");
        _alice.AckWith(again, offer, "");
        _world.Advance(TimeSpan.FromMilliseconds(100));
        rtp.Listen(TimeSpan.FromMilliseconds(100));
        rtp.Rtp.Clear();
        rtp.Talk(TimeSpan.FromSeconds(1), SdpText.Rtp(ok));

        Assert.That(rtp.Rtp, Has.Count.InRange(48, 52));
        Assert.That(ReInvite(invite, ok, SdpText.Of()).Answer.Status, Is.EqualTo(200), "no offer is open any more");
    }

    [Test]
    public void InviteWithoutOffer_WhoseAckHasNoAnswer_Ends()
    {
        _alice.Send(_alice.Request("INVITE", "open-house", "c1", "", _alice.Contact()));
        var invite = new SipText(_world.Network.Sent[^1].Text);
        _alice.Ack(invite, _alice.WaitForResponse("INVITE", 200));
        var bye = _alice.WaitForRequest("BYE", TimeSpan.FromSeconds(1));

        Assert.That(bye["Reason"], Does.Contain("cause=488"));
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.MediaNegotiation));
    }

    [Test]
    public void OfferWhileOursIsOpen_Is491()
    {
        _alice.Send(_alice.Request("INVITE", "open-house", "c1", "", _alice.Contact()));
        var invite = new SipText(_world.Network.Sent[^1].Text);
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.InDialog("INVITE", invite, ok, SdpText.Of());

        Assert.That(_alice.WaitFor(m => m.IsResponse && m.Status >= 400).Status, Is.EqualTo(491));
    }

    [Test]
    public void RefreshOfTheSession_ChangesNothing_NotEvenTheVersion()
    {
        var (invite, ok) = Call(SdpText.Of());
        var refreshed = ReInvite(invite, ok, SdpText.Of()).Answer;
        var held = ReInvite(invite, ok, SdpText.Of(lines: "a=sendonly")).Answer;

        Assert.That(refreshed.Body, Is.EqualTo(ok.Body));
        Assert.That(VersionOf(held), Is.EqualTo(VersionOf(ok) + 1));
    }

    [Test]
    public void OpusWithEventsOf8000Hz_HasDigits([Values("111 101", "111 8 101", "8 101")] string types)
    {
        var rtp = new RtpPeer(_world, "10.0.2.1:4000");
        var (_, ok) = Call(SdpText.Of(types));
        var ours = SdpText.Rtp(ok);
        Assert.That(SdpText.Map(ok)["101"], Is.EqualTo("telephone-event/8000"));
        rtp.Talk(TimeSpan.FromMilliseconds(200), ours, int.Parse(types.Split(' ')[0]));
        rtp.Press(5, ours);
        rtp.Press(11, ours);
        _world.Advance(TimeSpan.FromMilliseconds(200));

        var digits = _host.Events.OfType<CallEvent.DtmfReceived>().ToArray();
        Assert.That(digits.Select(d => d.Digit), Is.EqualTo("5#"));
        Assert.That(digits.Select(d => d.Duration.TotalMilliseconds), Is.All.EqualTo(100).Within(1));
    }

    [Test]
    public void RtcpMux_IsAnswered_AndRtcpGoesToTheRtpPort([Values] bool mux)
    {
        var rtp = new RtpPeer(_world, "10.0.2.1:4000");
        var (_, ok) = Call(SdpText.Of(lines: mux ? "a=rtcp-mux" : "a=x"));
        rtp.Talk(TimeSpan.FromSeconds(20), SdpText.Rtp(ok));

        Assert.That(ok.Body.Contains("a=rtcp-mux", StringComparison.Ordinal), Is.EqualTo(mux));
        Assert.That(rtp.Rtcp, Is.Not.Empty);
        Assert.That(rtp.Rtcp.Select(p => p.OnRtpPort), Is.All.EqualTo(mux));
    }

    // RFC 3264 §7: any format of the answer may come, with every packet another.
    [Test]
    public void AnswerWithSeveralFormats_AllOfThemAreHeard()
    {
        var rtp = new RtpPeer(_world, "10.0.2.1:4000");
        _alice.Send(_alice.Request("INVITE", "open-house", "c1", "", _alice.Contact()));
        var invite = new SipText(_world.Network.Sent[^1].Text);
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.AckWith(invite, ok, SdpText.Of("8 0 101"));
        foreach (var type in new[] { 0, 8, 0, 8 })
            rtp.Talk(TimeSpan.FromMilliseconds(500), SdpText.Rtp(ok), type);
        rtp.Press(7, SdpText.Rtp(ok));
        rtp.Talk(TimeSpan.FromSeconds(40), SdpText.Rtp(ok), payloadType: 0);

        var statistics = _server.Calls.Single().GetStatistics()!;
        Assert.That(statistics.PacketsReceived, Is.EqualTo(100 + 7 + 2000).Within(3));
        Assert.That(statistics.PacketsLost, Is.Zero);
        Assert.That(rtp.PayloadTypes, Is.EqualTo(new[] { 8 }), "we send the first of the answer");
        Assert.That(_host.Events.OfType<CallEvent.DtmfReceived>().Select(d => d.Digit), Is.EqualTo("7"));
    }

    // RFC 3264 §8.3.2: packets with the old number may be on their way.
    [Test]
    public void NumberThatAReOfferChanges_IsUnderstoodOnTheWay()
    {
        var rtp = new RtpPeer(_world, "10.0.2.1:4000");
        var (invite, ok) = Call(SdpText.Of("96", lines: "a=rtpmap:96 PCMA/8000"));
        rtp.Talk(TimeSpan.FromMilliseconds(500), SdpText.Rtp(ok), 96);
        ReInvite(invite, ok, SdpText.Of("97", lines: "a=rtpmap:97 PCMA/8000"));
        rtp.Talk(TimeSpan.FromMilliseconds(100), SdpText.Rtp(ok), 96);
        rtp.Rtp.Clear();
        rtp.Talk(TimeSpan.FromMilliseconds(400), SdpText.Rtp(ok), 97);

        Assert.That(_server.Calls.Single().GetStatistics()!.PacketsReceived, Is.EqualTo(50).Within(1));
        Assert.That(rtp.PayloadTypes, Is.EqualTo(new[] { 97 }), "what they asked for is sent at once");
    }

    [Test]
    public void SessionRefreshes_AreNotHeard([Values] bool withOffer)
    {
        var rtp = new RtpPeer(_world, "10.0.2.1:4000");
        var (invite, ok) = Call(SdpText.Of());
        rtp.Talk(TimeSpan.FromSeconds(2), SdpText.Rtp(ok));
        var before = _server.Calls.Single().GetStatistics()!;
        for (var i = 0; i < 3; i++)
        {
            _alice.Received.Clear();
            var again = _alice.InDialog("INVITE", invite, ok, withOffer ? SdpText.Of() : "");
            rtp.Talk(TimeSpan.FromMilliseconds(40), SdpText.Rtp(ok));
            _alice.AckWith(again, _alice.WaitForResponse("INVITE", 200), withOffer ? "" : SdpText.Of());
            rtp.Talk(TimeSpan.FromMilliseconds(460), SdpText.Rtp(ok));
        }

        var after = _server.Calls.Single().GetStatistics()!;
        Assert.That(after.PlayedAudio - before.PlayedAudio, Is.EqualTo(TimeSpan.FromSeconds(1.5)).Within(TimeSpan.FromMilliseconds(40)));
        Assert.That(
            (after.Resyncs, after.ConcealedShare * after.PlayedAudio),
            Is.EqualTo((before.Resyncs, before.ConcealedShare * before.PlayedAudio)));
    }

    // RFC 8866 §6.3, §6.4: phones and gateways say what they can take.
    [TestCase("8", "a=ptime:10", 10, 80)]
    [TestCase("8", "a=ptime:30", 30, 240)]
    [TestCase("8", "a=ptime:60", 60, 480)]
    [TestCase("8", "a=maxptime:10", 10, 80)]
    [TestCase("8", "a=x", 20, 160)]
    [TestCase("111", "a=ptime:60", 60, null)]
    [TestCase("111", "a=ptime:30", 20, null)]
    [TestCase("111", "a=maxptime:10", 10, null)]
    public void PacketsAreAsLongAsThePhoneAsks(string type, string line, int milliseconds, int? bytes)
    {
        var rtp = new RtpPeer(_world, "10.0.2.1:4000");
        var (_, ok) = Call(SdpText.Of(type, lines: line));
        rtp.Listen(TimeSpan.FromMilliseconds(100));
        rtp.Rtp.Clear();
        rtp.Listen(TimeSpan.FromSeconds(1.2));

        Assert.That(ok.Body, Does.Contain($"a=ptime:{milliseconds}\r\n"));
        Assert.That(rtp.Rtp, Has.Count.EqualTo(1200 / milliseconds).Within(2));
        if (bytes is { } size)
            Assert.That(rtp.Rtp.Select(p => p.Length - 12), Is.All.EqualTo(size));
    }

    [Test]
    public void PacketTimeChangesWithAReOffer()
    {
        var rtp = new RtpPeer(_world, "10.0.2.1:4000");
        var (invite, ok) = Call(SdpText.Of());
        ReInvite(invite, ok, SdpText.Of(lines: "a=ptime:40"));
        rtp.Listen(TimeSpan.FromMilliseconds(100));
        rtp.Rtp.Clear();
        rtp.Listen(TimeSpan.FromSeconds(1));

        Assert.That(rtp.Rtp.Select(p => p.Length - 12), Is.Not.Empty.And.All.EqualTo(320));
        Assert.That(SdpText.Map(ReInvite(invite, ok, "").Answer), Does.ContainKey("101"));
    }

    [Test]
    public void ComfortNoise_IsTakenWhenOffered() => Assert.That(Call(SdpText.Of("8 13 101")).Ok.Body, Does.Contain("RTP/AVP 8 13 101"));

    private static int VersionOf(SipText message) => int.Parse(message.Body.Split("\r\n")[1].Split(' ')[2]);

    private (SipText Invite, SipText Ok) Call(string sdp)
    {
        var invite = _alice.Invite("room1", "c1", sdp);
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(invite, ok);
        _world.Advance(TimeSpan.FromMilliseconds(100));
        return (invite, ok);
    }

    private (SipText Invite, SipText Answer) ReInvite(SipText invite, SipText ok, string sdp)
    {
        _alice.Received.Clear();
        var again = _alice.InDialog("INVITE", invite, ok, sdp);
        var answer = _alice.WaitForResponse("INVITE", 200);
        if (sdp.Length > 0)
            _alice.Ack(again, answer);
        _world.Advance(TimeSpan.FromMilliseconds(100));
        return (again, answer);
    }
}
