using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>UPDATEs of phones (RFC 3311), message by message.</summary>
[SingleThreaded]
[Property("rfc", "3311-5.2")]
public sealed class UpdateRulesTests
{
    private SignallingWorld _all = null!;

    [SetUp]
    public void SetUp() => _all = new SignallingWorld();

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void Offer_IsAnsweredAtOnceInThe2xx()
    {
        var (invite, ok) = _all.Answered();
        var held = Update(invite, ok, _all.Alice.Sdp + "a=sendonly\r\n");
        var resumed = Update(invite, ok, _all.Alice.Sdp);

        Assert.That((held.Status, held.Body.Contains("a=recvonly", StringComparison.Ordinal)), Is.EqualTo((200, true)));
        Assert.That((resumed.Status, resumed.Body.Contains("a=recvonly", StringComparison.Ordinal)), Is.EqualTo((200, false)));
        Assert.That(held.ContactUri, Is.EqualTo(ok.ContactUri), "a target refresh has a Contact in its 2xx");
    }

    [Test]
    public void WithoutOffer_Is200WithoutABody()
    {
        var (invite, ok) = _all.Answered();
        var answer = Update(invite, ok, "");

        Assert.That((answer.Status, answer.Body), Is.EqualTo((200, "")));
    }

    [Test]
    [Property("rfc", "3311-5.3")]
    public void OfferThatCanNotBeTaken_Is488_AndTheCallGoesOn()
    {
        var (invite, ok) = _all.Answered();
        var refused = Update(invite, ok, _all.Alice.Sdp.Replace("RTP/AVP 8 101", "RTP/AVP 3", StringComparison.Ordinal));
        var again = Update(invite, ok, _all.Alice.Sdp);

        Assert.That((refused.Status, again.Status, _all.Server.Calls.Count), Is.EqualTo((488, 200, 1)));
    }

    [Test]
    public void OfferWhileOursWaitsForItsAnswer_Is491_AndWithoutOffer200()
    {
        var (invite, ok) = _all.Answered();
        var reInvite = _all.Alice.InDialog("INVITE", invite, ok);
        var offered = _all.Alice.WaitFor(m => m.IsResponse && m["CSeq"] == reInvite["CSeq"] && m.Status == 200);
        Assert.That(Update(invite, ok, _all.Alice.Sdp).Status, Is.EqualTo(491));
        Assert.That(Update(invite, ok, "").Status, Is.EqualTo(200));

        _all.Alice.Ack(reInvite, offered);
    }

    [Test]
    public void OfferBeforeThatOfTheInviteIsAnswered_Is500WithRetryAfter()
    {
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("q"));
        var invite = _all.Alice.Invite("room1", "c1");
        var ringing = _all.Alice.WaitForResponse("INVITE", 180);
        var answer = Update(invite, ringing, _all.Alice.Sdp);

        Assert.That(answer.Status, Is.EqualTo(500));
        Assert.That(int.Parse(answer["Retry-After"], null), Is.InRange(0, 10));
    }

    [Test]
    [Property("rfc", "3261-12.2.2")]
    public void Contact_MovesTheTarget()
    {
        var (invite, ok) = _all.Answered();
        var moved = new ScriptedPhone(_all.World, "alice", "10.0.2.9");
        moved.InDialog("UPDATE", invite, ok, cseq: 900);
        moved.WaitForResponse("UPDATE", 200);
        _ = _all.Server.Calls.Single().HangUpAsync();

        Assert.That(moved.WaitForRequest("BYE").StartLine, Does.Contain("10.0.2.9"));
    }

    private SipText Update(SipText invite, SipText response, string body)
    {
        var update = _all.Alice.InDialog("UPDATE", invite, response, body);
        return _all.Alice.WaitFor(m => m.IsResponse && m["CSeq"] == update["CSeq"]);
    }
}
