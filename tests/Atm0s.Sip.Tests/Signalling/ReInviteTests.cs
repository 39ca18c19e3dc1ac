using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>
/// INVITEs that follow each other closely, and what requests inside a dialog may require (RFC 3261 §12.2.2, §14.2; RFC 5407 §3.1.4).
/// </summary>
[SingleThreaded]
public sealed class ReInviteTests
{
    private SignallingWorld _all = null!;

    [SetUp]
    public void SetUp() => _all = new SignallingWorld();

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void Resume_ThatOvertakesTheAckOfTheHold_Is200()
    {
        var (invite, ok) = _all.Answered();
        var hold = _all.Alice.InDialog("INVITE", invite, ok, _all.Alice.Sdp + "a=sendonly\r\n");
        var held = Answer(hold);
        var resume = _all.Alice.InDialog("INVITE", invite, ok, _all.Alice.Sdp);
        var resumed = Answer(resume);
        Assert.That((held.Status, resumed.Status), Is.EqualTo((200, 200)));
        Assert.That(
            (held.Body.Contains("recvonly", StringComparison.Ordinal), resumed.Body.Contains("recvonly", StringComparison.Ordinal)),
            Is.EqualTo((true, false)));

        _all.Alice.Ack(hold, held);
        _all.Alice.Ack(resume, resumed);
        _all.Alice.Received.Clear();
        _all.World.Advance(TimeSpan.FromSeconds(20));
        Assert.That(_all.Alice.Received, Is.Empty, "neither is repeated");
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public void HoldsAndResumesTenTimesWithoutAnyAck_ThenOneAck_TheCallIsUp()
    {
        var (invite, ok) = _all.Answered();
        SipText last = null!, answer = null!;
        for (var i = 0; i < 10; i++)
        {
            last = _all.Alice.InDialog("INVITE", invite, ok, _all.Alice.Sdp + (i % 2 == 0 ? "a=sendonly\r\n" : ""));
            answer = Answer(last);
            Assert.That(answer.Status, Is.EqualTo(200));
        }

        _all.Alice.Ack(last, answer);
        _all.World.Advance(TimeSpan.FromSeconds(25));
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(1));
        _all.World.Advance(TimeSpan.FromSeconds(40));
        Assert.That(_all.ServerTransactions, Is.Zero);
    }

    [Test]
    public void ReInviteThatOvertakesTheAckOfTheFirstInvite_Is200_AndStandsForIt()
    {
        var invite = _all.Alice.Invite("room1", "c1");
        var ok = _all.Alice.WaitForResponse("INVITE", 200);
        var again = _all.Alice.InDialog("INVITE", invite, ok, _all.Alice.Sdp);
        _all.Alice.Ack(again, Answer(again));
        _all.Alice.Received.Clear();
        _all.World.Advance(TimeSpan.FromSeconds(20));
        Assert.That(_all.Alice.Received, Is.Empty);
        _ = _all.Server.Calls.Single().HangUpAsync();
        _all.Alice.WaitForRequest("BYE", TimeSpan.FromSeconds(1));
    }

    [Test]
    public void ReInviteWhileOurOfferWaitsForItsAnswer_Is491()
    {
        var (invite, ok) = _all.Answered();
        var asking = _all.Alice.InDialog("INVITE", invite, ok);
        Answer(asking);
        Assert.That(Answer(_all.Alice.InDialog("INVITE", invite, ok, _all.Alice.Sdp)).Status, Is.EqualTo(491));
    }

    [TestCase("INVITE")]
    [TestCase("OPTIONS")]
    [TestCase("BYE")]
    public void RequestThatRequiresWhatWeDoNotKnow_Is420_AndChangesNothing(string method)
    {
        var (invite, ok) = _all.Answered();
        _all.Alice.Received.Clear();
        var request = InDialog(method, invite, ok, "Require: precondition, foo\r\n");
        var refused = _all.Alice.WaitFor(m => m.IsResponse && m.Method == method && m.Status >= 200);
        Assert.That((refused.Status, refused["Unsupported"]), Is.EqualTo((420, "precondition, foo")));
        if (method == "INVITE")
            _all.Alice.Ack(request, refused);
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public void ReInviteWithABodyWeDoNotKnow_Is415()
    {
        var (invite, ok) = _all.Answered();
        _all.Alice.Received.Clear();
        var sent = _all.Alice.InDialog("INVITE", invite, ok, "xyz", 80, contentType: "application/isup");
        var refused = Answer(sent);
        Assert.That((refused.Status, refused["Accept"]), Is.EqualTo((415, "application/sdp, multipart/mixed, multipart/alternative")));
    }

    private SipText InDialog(string method, SipText invite, SipText ok, string extra) =>
        _all.Alice.InDialog(method, invite, ok, method == "INVITE" ? _all.Alice.Sdp : "", extra: extra);

    private SipText Answer(SipText request) =>
        _all.Alice.WaitFor(m => m.IsResponse && m["CSeq"] == request["CSeq"] && m["Call-ID"] == request["Call-ID"] && m.Status >= 200);
}
