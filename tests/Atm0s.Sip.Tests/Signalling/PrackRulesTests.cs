using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>Reliable provisional responses to callers (RFC 3262), message by message.</summary>
[SingleThreaded]
[Property("rfc", "3262-3")]
public sealed class PrackRulesTests
{
    private SignallingWorld _all = null!;
    private bool _earlyMedia;

    [SetUp]
    public void SetUp()
    {
        _all = new SignallingWorld(options => options.Media.Timeout = TimeSpan.Zero);
        _earlyMedia = true;
        _all.Host.Decide = (_, _) => ValueTask.FromResult(
            InviteDecision.WaitForOthers("q", TimeSpan.FromMinutes(10), earlyMedia: _earlyMedia));
    }

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [TestCase("Require: 100rel\r\n", false, 180, true)]
    [TestCase("Supported: 100rel\r\n", true, 183, true)]
    [TestCase("", true, 183, false)]
    public void Ringing_IsReliableWhereItMustOrCan(string header, bool earlyMedia, int status, bool isReliable)
    {
        _earlyMedia = earlyMedia;
        Invite(header);
        var ringing = _all.Alice.WaitForResponse("INVITE", status);

        Assert.That(ringing["Require"], Is.EqualTo(isReliable ? "100rel" : ""));
        Assert.That(ringing["RSeq"].Length > 0, Is.EqualTo(isReliable));
        Assert.That(_all.Alice.Received.Where(m => m.Status == 100), Is.All.Matches<SipText>(m => m["RSeq"].Length == 0));
    }

    [Test]
    public void Prack_Is200AndEndsTheRepetition_AnyOtherIs481()
    {
        var invite = Invite("Supported: 100rel\r\n");
        var progress = _all.Alice.WaitForResponse("INVITE", 183);
        _all.World.Advance(TimeSpan.FromSeconds(4));
        Assert.That(_all.Alice.Received.Count(m => m.Status == 183), Is.EqualTo(4), "at once, after 0.5, 1.5 and 3.5 s");
        Assert.That(Prack(invite, progress, rack: $"{progress["RSeq"]} 1 UPDATE").Status, Is.EqualTo(481));
        Assert.That(Prack(invite, progress).Status, Is.EqualTo(200));
        Assert.That(Prack(invite, progress).Status, Is.EqualTo(481), "it is acknowledged already");

        _all.Alice.Received.Clear();
        _all.World.Advance(TimeSpan.FromSeconds(20));
        Assert.That(_all.Alice.Received, Is.Empty);
    }

    [Test]
    public void NoPrack_TheInviteIsRefused()
    {
        Invite("Supported: 100rel\r\n");
        var final = _all.Alice.WaitFor(m => m.IsResponse && m.Method == "INVITE" && m.Status >= 300 && m.Status != 401);

        Assert.That(final.Status, Is.InRange(500, 599));
        Assert.That(_all.Server.Calls, Is.Empty);
    }

    [Test]
    [Property("rfc", "3262-5")]
    public void Answer_WaitsForThePrackOfTheDescription()
    {
        var invite = Invite("Supported: 100rel\r\n");
        var progress = _all.Alice.WaitForResponse("INVITE", 183);
        _ = _all.Server.Calls.Single().AnswerAsync();
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That(SignallingWorld.Finals(_all.Alice), Is.Empty);

        Prack(invite, progress);
        _all.Alice.Ack(invite, _all.Alice.WaitForResponse("INVITE", 200, TimeSpan.FromMilliseconds(200)));
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    [Property("rfc", "3262-5")]
    public void OfferOfOurs_IsInTheFirstReliableResponse_AndAnsweredInThePrack()
    {
        var invite = Invite("Supported: 100rel\r\n", sdp: "");
        var progress = _all.Alice.WaitForResponse("INVITE", 183);
        Assert.That(progress.Body, Does.Contain("m=audio"));
        Assert.That(Prack(invite, progress, _all.Alice.Sdp).Status, Is.EqualTo(200));

        _ = _all.Server.Calls.Single().AnswerAsync();
        var ok = _all.Alice.WaitForResponse("INVITE", 200);
        Assert.That(ok.Body, Is.Empty, "the session is agreed on already");
        _all.Alice.Ack(invite, ok);
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    [Property("rfc", "3262-5")]
    public void OfferInAPrack_IsAnsweredInIts2xx()
    {
        var invite = Invite("Supported: 100rel\r\n");
        var progress = _all.Alice.WaitForResponse("INVITE", 183);
        var ok = Prack(invite, progress, _all.Alice.Sdp + "a=sendonly\r\n");

        Assert.That((ok.Status, ok.Body.Contains("a=recvonly", StringComparison.Ordinal)), Is.EqualTo((200, true)));
    }

    [Test]
    [Property("rfc", "3262-4")]
    public void ReliableResponsesOfThePhone_AreAcknowledgedInOrderEachOnce()
    {
        var bob = new ScriptedPhone(_all.World, "bob", "10.0.2.2");
        bob.Register();
        bob.Received.Clear();
        _ = _all.Server.CallClientAsync("r", _all.Server.FindRegistrations("bob")[0].SessionId, "1").AsTask();
        var invite = bob.WaitForRequest("INVITE");
        Assert.That(string.Join(',', invite.All("Supported")), Does.Contain("100rel"));
        Assert.That(invite["Require"], Is.Empty);
        var number = int.Parse(invite["CSeq"].Split(' ')[0], null);

        bob.Respond(invite, 100, "Trying", extra: "Require: 100rel\r\nRSeq: 1\r\n");
        bob.Respond(invite, 180, "Ringing", extra: "Require: 100rel\r\nRSeq: 700\r\n");
        var prack = bob.WaitForRequest("PRACK");
        Assert.That((prack["RAck"], prack.ToTag), Is.EqualTo(($"700 {invite["CSeq"]}", "answer")));
        Assert.That(prack["CSeq"], Is.EqualTo($"{number + 1} PRACK"));
        bob.Respond(prack, 200, "OK");
        bob.Respond(invite, 180, "Ringing", extra: "Require: 100rel\r\nRSeq: 700\r\n");
        bob.Respond(invite, 183, "Session Progress", bob.Sdp, extra: "Require: 100rel\r\nRSeq: 702\r\n");
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That(SignallingWorld.Requests(bob, "PRACK"), Is.EqualTo(1), "a repetition, and one that is not next");

        bob.Respond(invite, 183, "Session Progress", bob.Sdp, extra: "Require: 100rel\r\nRSeq: 701\r\n");
        _all.World.RunUntil(() => SignallingWorld.Requests(bob, "PRACK") == 2, TimeSpan.FromSeconds(1));
        bob.Respond(bob.Received.Last(m => m.Method == "PRACK"), 200, "OK");
        bob.Respond(invite, 200, "OK");
        var ack = bob.WaitForRequest("ACK");
        Assert.That(ack["CSeq"], Is.EqualTo($"{number} ACK"), "that of the INVITE");
        _all.World.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(_all.Server.Calls.Single().State, Is.EqualTo(CallState.Answered), "the answer was in the 183");
    }

    private SipText Invite(string headers, string? sdp = null)
    {
        var invite = _all.Alice.Request("INVITE", "open-house", "c1", sdp ?? _all.Alice.Sdp, _all.Alice.Contact() + headers);
        _all.Alice.Send(invite);
        return new SipText(invite);
    }

    private SipText Prack(SipText invite, SipText response, string body = "", string? rack = null)
    {
        rack ??= $"{response["RSeq"]} {response["CSeq"]}";
        var prack = _all.Alice.InDialog("PRACK", invite, response, body, extra: $"RAck: {rack}\r\n");
        return _all.Alice.WaitFor(m => m.IsResponse && m["CSeq"] == prack["CSeq"]);
    }
}
