using System.Text;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Defence;

/// <summary>
/// Who has not shown that it is where its packets say gets one packet for one, at most half as long again: nobody is worth flooding by way
/// of us.
/// </summary>
[SingleThreaded]
public sealed class AmplificationTests
{
    private const string Tail = "v:SIP/2.0/UDP h;branch=z9hG4bK1\r\nf:<sip:a>;tag=1\r\nt:<sip:a>\r\ni:1\r\n";

    private SignallingWorld _all = null!;

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    // Status 0: so short that no answer is short enough, and that no phone sends it.
    [TestCase(
        0, "REGISTER sip:b SIP/2.0\r\nv:SIP/2.0/UDP h;branch=z9hG4bK1\r\nf:<sip:a@b>\r\nt:<sip:a@b>\r\ni:1\r\nCSeq:1 REGISTER\r\n\r\n")]
    [TestCase(400, "REGISTER sip:a SIP/2.0\r\n" + Tail + "CSeq:1 REGISTER\r\n\r\n")]
    [TestCase(0, "INVITE sip:a SIP/2.0\r\n" + Tail + "m:<sip:a>\r\nCSeq:1 INVITE\r\n\r\n")]
    [TestCase(405, "MESSAGE sip:a SIP/2.0\r\n" + Tail + "CSeq:1 MESSAGE\r\n\r\n")]
    [TestCase(200, "OPTIONS sip:a SIP/2.0\r\n" + Tail + "CSeq:1 OPTIONS\r\n\r\n")]
    [TestCase(405, "SUBSCRIBE sip:a SIP/2.0\r\n" + Tail + "CSeq:1 SUBSCRIBE\r\n\r\n")]
    [TestCase(405, "PUBLISH sip:a SIP/2.0\r\n" + Tail + "CSeq:1 PUBLISH\r\n\r\n")]
    [TestCase(501, "X sip:a SIP/2.0\r\n" + Tail + "CSeq:1 X\r\n\r\n")]
    [TestCase(416, "OPTIONS x:a SIP/2.0\r\n" + Tail + "CSeq:1 OPTIONS\r\n\r\n")]
    [TestCase(420, "OPTIONS sip:a SIP/2.0\r\n" + Tail + "Require:x\r\nCSeq:1 OPTIONS\r\n\r\n")]
    [TestCase(415, "INVITE sip:a SIP/2.0\r\n" + Tail + "c:a/b\r\nCSeq:1 INVITE\r\n\r\nx")]
    [TestCase(406, "INVITE sip:a SIP/2.0\r\n" + Tail + "Accept:a/b\r\nm:<sip:a>\r\nCSeq:1 INVITE\r\n\r\n")]
    [TestCase(481, "BYE sip:a SIP/2.0\r\n" + Tail + "CSeq:1 BYE\r\n\r\n")]
    [TestCase(481, "CANCEL sip:a SIP/2.0\r\n" + Tail + "CSeq:1 CANCEL\r\n\r\n")]
    [TestCase(
        481, "INFO sip:a SIP/2.0\r\nv:SIP/2.0/UDP h;branch=z9hG4bK1\r\nf:<sip:a>;tag=1\r\nt:<sip:a>;tag=2\r\ni:1\r\nCSeq:1 INFO\r\n\r\n")]
    [TestCase(603, "REFER sip:a SIP/2.0\r\n" + Tail + "r:<sip:b>\r\nm:<sip:a>\r\nCSeq:1 REFER\r\n\r\n")]
    [TestCase(505, "OPTIONS sip:a SIP/3.0\r\n" + Tail + "CSeq:1 OPTIONS\r\n\r\n")]
    [TestCase(400, "OPTIONS sip:a SIP/2.0\r\n" + Tail + "CSeq:1 INFO\r\n\r\n")]
    [TestCase(
        400, "REGISTER sip:a SIP/2.0\r\nv:SIP/2.0/UDP h;branch=z9hG4bK1\r\nf:<sip:a>;tag=1\r\nt:<tel:1>\r\ni:1\r\nCSeq:1 REGISTER\r\n\r\n")]
    [TestCase(0, "ACK sip:a SIP/2.0\r\n" + Tail + "CSeq:1 ACK\r\n\r\n")]
    public void SmallestRequest(int status, string request)
    {
        Start(o => { });
        Ask(request, status);
    }

    [Test]
    public void SmallestRequest_OfWhoIsRefusedByARule([Values("REGISTER", "INVITE")] string method)
    {
        Start(o => o.Access.Refuse("10.66.6.6"));
        Ask(method + " sip:a@b SIP/2.0\r\n" + Tail.Replace("t:<sip:a>", "t:<sip:a@b>", StringComparison.Ordinal)
            + $"m:<sip:a>\r\nCSeq:1 {method}\r\n\r\n", 403);
    }

    [Test]
    public void SmallestRequest_ToAServerThatStops()
    {
        Start(o => { });
        _all.Answered();
        _ = _all.Server.StopAsync();
        Ask("OPTIONS sip:a SIP/2.0\r\n" + Tail + "CSeq:1 OPTIONS\r\n\r\n", 503);
    }

    [Test]
    public void SmallestRequest_ToAFullServer()
    {
        Start(o => o.Calls.MaxCalls = 1);
        SignallingWorld.CallOpen(_all.Alice, "open-1", "c1");
        _all.Alice.WaitForResponse("INVITE", 200);
        _all.World.Advance(TimeSpan.FromSeconds(40));
        Ask("INVITE sip:open-1 SIP/2.0\r\n" + Tail.Replace("t:<sip:a>", "t:<sip:open-1@b>", StringComparison.Ordinal)
            .Replace("INVITE sip:open-1", "INVITE sip:open-1@b", StringComparison.Ordinal) + "m:<sip:a>\r\nCSeq:1 INVITE\r\n\r\n", null);
    }

    /// <summary>
    /// An open number is answered: a forged address gets the 200 as often as RFC 3261 §13.3.1.4 wants it, and one BYE; whom Contact and Route
    /// name gets nothing.
    /// </summary>
    [TestCase("", Description = "one hop")]
    [TestCase("Via: SIP/2.0/UDP 10.66.6.9;branch=z9hG4bKother\r\n", Description = "two: the Contact would be believed")]
    [TestCase("Record-Route: <sip:10.66.6.9;lr>\r\n", Description = "a proxy that stays in the way")]
    public void AnsweredCallThatNobodyAcknowledges_IsToldToItsSourceAlone(string extra)
    {
        Start(o => o.Media.Timeout = TimeSpan.Zero);
        var victim = new ScriptedPhone(_all.World, "victim", "10.66.6.9");
        var invite = _all.Stranger.Request("INVITE", "open-1", "c1", _all.Stranger.Sdp, extra + "Contact: <sip:x@10.66.6.9:5060>\r\n");
        _all.Stranger.Send(invite);
        _all.World.RunUntil(() => _all.Server.Calls.Count == 1);
        _all.World.Advance(TimeSpan.FromSeconds(80));

        Assert.That(_all.Server.Calls, Is.Empty);
        Assert.That(_all.Host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.AckTimeout));
        Assert.That(SignallingWorld.Finals(_all.Stranger), Has.Length.EqualTo(11));
        Assert.That(SignallingWorld.Requests(_all.Stranger, "BYE"), Is.EqualTo(1));
        Assert.That(_all.Stranger.Received, Has.Count.LessThanOrEqualTo(13), "100, 200 eleven times, BYE");
        Assert.That(victim.Received, Is.Empty);
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
    }

    [Test]
    public void TrustedAddress_IsHeardFromBeforeItsContactIsBelieved()
    {
        Start(o =>
        {
            o.Access.Trust("10.66.6.6");
            o.Media.Timeout = TimeSpan.Zero;
        });
        var victim = new ScriptedPhone(_all.World, "victim", "10.66.6.9");
        _all.Stranger.Send(_all.Stranger.Request(
            "INVITE", "room1", "c1", _all.Stranger.Sdp, "Record-Route: <sip:10.66.6.9;lr>\r\nContact: <sip:x@10.66.6.9:5060>\r\n"));
        _all.World.Advance(TimeSpan.FromSeconds(80));

        Assert.That(SignallingWorld.Finals(_all.Stranger), Has.Length.EqualTo(11));
        Assert.That(SignallingWorld.Requests(_all.Stranger, "BYE"), Is.EqualTo(1));
        Assert.That(victim.Received, Is.Empty);
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
    }

    /// <summary>Over UDP its address may be forged: such calls do not take all places until they are acknowledged.</summary>
    [Test]
    public void TrustedAddress_HasAPartOfThePlaces_UntilItIsHeardFrom()
    {
        Start(o =>
        {
            o.Access.Trust("10.66.6.6");
            o.Calls.MaxCalls = 240;
        });
        for (var i = 0; i < 130; i++)
            _all.Stranger.Send(_all.Stranger.Request("INVITE", "room1", "c" + i, _all.Stranger.Sdp, _all.Stranger.Contact()));
        _all.World.RunUntil(() => _all.Stranger.Received.Where(m => m.Status is 200 or 503).DistinctBy(m => m["Call-ID"]).Count() == 130);
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(120));
        _all.Answered("good");

        var ok = _all.Stranger.Received.First(m => m.Status == 200);
        _all.Stranger.Ack(
            new SipText(_all.Stranger.Request("INVITE", "room1", ok["Call-ID"], cseq: int.Parse(ok["CSeq"].Split(' ')[0]))), ok);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        _all.Stranger.Received.Clear();
        _all.Stranger.Send(_all.Stranger.Request("INVITE", "room1", "next", _all.Stranger.Sdp, _all.Stranger.Contact()));
        _all.Stranger.WaitFor(m => m.IsResponse && m.Status == 200 && m["Call-ID"] == "next");
    }

    // 414, 513 and what else is long by itself.
    [TestCase(414)]
    [TestCase(400)]
    public void LongRequest(int status)
    {
        Start(o => { });
        var uri = status == 414 ? "sip:" + new string('a', 3000) : "sip:a";
        var more = status == 400 ? "X: " + new string('x', 9000) + "\r\n" : "";
        Ask($"OPTIONS {uri} SIP/2.0\r\n" + Tail + more + "CSeq:1 OPTIONS\r\n\r\n", status);
    }

    // As phones write them: the answer says all that it should.
    [TestCase("REGISTER", 401, "WWW-Authenticate")]
    [TestCase("INVITE", 401, "WWW-Authenticate")]
    [TestCase("SUBSCRIBE", 405, "Allow")]
    public void UsualRequest_HasAUsualAnswer(string method, int status, string header)
    {
        Start(o => { });
        var request = _all.Stranger.Request(
            method, method == "REGISTER" ? null : "room1", "c1", method == "INVITE" ? _all.Stranger.Sdp : "", _all.Stranger.Contact());
        Ask(request, status);
        Assert.That(_all.Stranger.Received.Single()[header], Is.Not.Empty);
    }

    [Test]
    public void OptionsOfAPhone_HaveWhatWeUnderstand()
    {
        Start(o => { });
        Ask(_all.Stranger.Request("OPTIONS", "room1", "c1", extra: _all.Stranger.Contact()
            + "User-Agent: Acme 3.1.4 (b 20260101)\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO\r\nAccept: application/sdp\r\n"), 200);
        var answer = _all.Stranger.Received.Single();
        Assert.That(new[] { answer["Allow"], answer["Accept"] }, Has.All.Not.Empty);
    }

    [Test]
    public void TwoChallenges_WhereOneIsAsMuchAsMayBeSaid_AreTheOneThatEveryPhoneKnows()
    {
        Start(o => o.Authentication.Algorithms.Insert(0, DigestAlgorithm.Sha256));
        Ask(_all.Stranger.Request("REGISTER", null, "c1", extra: _all.Stranger.Contact()), 401);
        Assert.That(_all.Stranger.Received.Single().All("WWW-Authenticate").Single(), Does.Contain("algorithm=MD5"));
        _all.Stranger.Received.Clear();
        Ask(_all.Stranger.Request("REGISTER", null, "c2", extra: _all.Stranger.Contact() + "User-Agent: " + new string('a', 200) + "\r\n"),
            401);
        Assert.That(_all.Stranger.Received.Single().All("WWW-Authenticate"), Has.Count.EqualTo(2));
    }

    [Test]
    public void Connection_HasTheWholeAnswer()
    {
        Start(o => o.Listen(SipTransportProtocol.Tcp, VirtualWorld.ServerEndPoint));
        var phone = new ScriptedPhone(_all.World, "p", "10.66.6.7", protocol: SipTransportProtocol.Tcp);
        phone.Send(
            "REGISTER sip:a@b SIP/2.0\r\nv:SIP/2.0/TCP h;branch=z9hG4bK1\r\nf:<sip:a@b>;tag=1\r\nt:<sip:a@b>\r\ni:1\r\nl:0\r\nCSeq:1 "
            + "REGISTER\r\n\r\n");
        Assert.That(phone.WaitForResponse("REGISTER", 401)["WWW-Authenticate"], Does.Contain("nonce"));
    }

    private void Start(Action<SipServerOptions> configure) => _all = new SignallingWorld(configure);

    private void Ask(string request, int? status)
    {
        var before = _all.World.Network.Sent.Count;
        _all.Stranger.Send(request);
        _all.World.Advance(TimeSpan.FromSeconds(40));
        var answers = _all.World.Network.Sent.Skip(before).Where(p => p.Destination.Address.Equals(_all.Stranger.EndPoint.Address))
            .ToList();
        var sent = Encoding.UTF8.GetByteCount(request);
        Assert.That(answers, Has.Count.LessThanOrEqualTo(1), "packets");
        Assert.That(answers.Sum(a => a.Bytes.Length), Is.LessThanOrEqualTo(sent * 1.5), "bytes");
        if (status is { } wanted)
            Assert.That(_all.Stranger.Received.Select(m => m.Status), Is.EqualTo(wanted == 0 ? [] : new[] { wanted }));
        TestContext.Out.WriteLine($"{sent} bytes in, {answers.Sum(a => a.Bytes.Length)} out");
    }
}
