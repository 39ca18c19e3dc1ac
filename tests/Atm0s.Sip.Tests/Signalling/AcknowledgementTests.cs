using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Network;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>
/// The 2xx is repeated until its ACK comes, and BYE waits for that, also when the call has ended meanwhile (RFC 3261 §13.3.1.4, §15).
/// </summary>
[SingleThreaded]
public sealed class AcknowledgementTests
{
    private SignallingWorld _all = null!;

    [SetUp]
    public void SetUp() => _all = new SignallingWorld();

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void HangUpBeforeTheAck_ByeComesAfterIt()
    {
        var invite = _all.Alice.Invite("room1", "c1");
        var ok = _all.Alice.WaitForResponse("INVITE", 200);
        HangUp();
        _all.World.Advance(TimeSpan.FromSeconds(3));
        Assert.That(SignallingWorld.Requests(_all.Alice, "BYE"), Is.Zero);
        var ended = _all.Host.End(CallDirection.Incoming);
        Assert.That(ended!.Cause, Is.EqualTo(CallEndCause.LocalHangup), "the host does not wait for the wire");

        _all.Alice.Ack(invite, ok);
        var bye = _all.Alice.WaitForRequest("BYE");
        _all.Alice.Respond(bye, 200, "OK");
        _all.World.Advance(TimeSpan.FromSeconds(40));
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
        Assert.That(SignallingWorld.Requests(_all.Alice, "BYE"), Is.EqualTo(1));
    }

    [Test]
    public void HangUpAfterALostOk_CallerHasAFinalResponse_ThenTheBye()
    {
        var isLost = true;
        _all.World.Network.Filter = packet => !(isLost && IsOkOfAnInvite(packet));
        var invite = _all.Alice.Invite("room1", "c1");
        _all.World.RunUntil(() => _all.Server.Calls.Count > 0 && _all.Server.Calls.Single().State == CallState.Answered);
        HangUp();
        isLost = false;
        _all.Alice.Ack(invite, _all.Alice.WaitForResponse("INVITE", 200));
        _all.Alice.WaitForRequest("BYE");
    }

    [Test]
    public void HangUpAndNoAckAtAll_ByeComesWhenTheWaitIsOver()
    {
        _all.Alice.Invite("room1", "c1");
        _all.Alice.WaitForResponse("INVITE", 200);
        HangUp();
        _all.World.Advance(TimeSpan.FromSeconds(31));
        Assert.That(SignallingWorld.Requests(_all.Alice, "BYE"), Is.Zero);
        _all.Alice.Respond(_all.Alice.WaitForRequest("BYE", TimeSpan.FromSeconds(2)), 200, "OK");
        _all.World.Advance(TimeSpan.FromSeconds(40));
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
    }

    [Test]
    public void CallerWhoSaysByeInsteadOfTheAck_HearsNoBye_AndNothingStays()
    {
        var invite = _all.Alice.Invite("room1", "c1");
        var ok = _all.Alice.WaitForResponse("INVITE", 200);
        _all.Alice.InDialog("BYE", invite, ok);
        _all.Alice.WaitForResponse("BYE", 200);
        _all.World.Advance(TimeSpan.FromMinutes(2));
        Assert.That(SignallingWorld.Requests(_all.Alice, "BYE"), Is.Zero);
        Assert.That(SignallingWorld.Finals(_all.Alice), Is.EqualTo(new[] { 200 }), "it has had our answer");
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
    }

    [Test]
    public void CallerWhoseByeCrossesOurEnd_HearsNoBye()
    {
        var invite = _all.Alice.Invite("room1", "c1");
        var ok = _all.Alice.WaitForResponse("INVITE", 200);
        HangUp();
        _all.Alice.InDialog("BYE", invite, ok);
        _all.Alice.WaitForResponse("BYE", 200);
        _all.World.Advance(TimeSpan.FromMinutes(1));
        Assert.That((SignallingWorld.Requests(_all.Alice, "BYE"), SignallingWorld.Finals(_all.Alice).Length), Is.EqualTo((0, 1)));
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
    }

    [Test]
    public void CallerWhoSaysByeWhileTheOkIsLost_StillGetsIt()
    {
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("q"));
        var invite = _all.Alice.Invite("room1", "c1");
        var ringing = _all.Alice.WaitForResponse("INVITE", 180);
        var isLost = true;
        _all.World.Network.Filter = packet => !(isLost && IsOkOfAnInvite(packet));
        _ = _all.Server.Calls.Single().AnswerAsync();
        _all.World.Advance(TimeSpan.FromMilliseconds(20));
        _all.Alice.InDialog("BYE", invite, ringing);
        _all.Alice.WaitForResponse("BYE", 200);
        isLost = false;
        _all.Alice.Ack(invite, _all.Alice.WaitForResponse("INVITE", 200));
        _all.World.Advance(TimeSpan.FromSeconds(40));
        Assert.That(SignallingWorld.Finals(_all.Alice), Is.EqualTo(new[] { 200 }));
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
    }

    [Test]
    public void Stop_WaitsForTheAck_ThenSaysBye()
    {
        var invite = _all.Alice.Invite("room1", "c1");
        var ok = _all.Alice.WaitForResponse("INVITE", 200);
        var stopped = _all.Server.StopAsync();
        _all.World.Advance(TimeSpan.FromMilliseconds(500));
        Assert.That(stopped.IsCompleted, Is.False);
        _all.Alice.Ack(invite, ok);
        _all.Alice.Respond(_all.Alice.WaitForRequest("BYE"), 200, "OK");
        _all.World.Complete(stopped, TimeSpan.FromMilliseconds(500));
    }

    [Test]
    public void OkOfAReInvite_IsNotRepeatedAfterTheBye()
    {
        var (invite, ok) = _all.Answered();
        _all.Alice.Received.Clear();
        _all.Alice.InDialog("INVITE", invite, ok, _all.Alice.Sdp);
        _all.Alice.WaitForResponse("INVITE", 200);
        _all.Alice.InDialog("BYE", invite, ok);
        _all.Alice.WaitForResponse("BYE", 200);
        _all.Alice.Received.Clear();
        _all.World.Advance(TimeSpan.FromSeconds(40));
        Assert.That(_all.Alice.Received, Is.Empty);
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
    }

    [Test]
    public void OkOfAReInvite_IsNotRepeatedAfterOurBye()
    {
        var (invite, ok) = _all.Answered();
        _all.Alice.InDialog("INVITE", invite, ok, _all.Alice.Sdp);
        _all.World.Advance(TimeSpan.FromMilliseconds(100));
        HangUp();
        _all.Alice.Respond(_all.Alice.WaitForRequest("BYE"), 200, "OK");
        _all.Alice.Received.Clear();
        _all.World.Advance(TimeSpan.FromSeconds(40));
        Assert.That(_all.Alice.Received, Is.Empty);
    }

    [Test]
    public void DelayedOffer_WhoseAckBringsNoAnswer_Ends()
    {
        var invite = _all.Alice.Invite("room1", "c1", "");
        _all.Alice.Ack(invite, _all.Alice.WaitForResponse("INVITE", 200));
        _all.Alice.WaitForRequest("BYE");
        Assert.That(_all.Host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.MediaNegotiation));
        Assert.That(_all.Server.Calls, Is.Empty);
    }

    private static bool IsOkOfAnInvite(Packet packet) =>
        packet.StartLine == "SIP/2.0 200 OK" && packet.Text.Contains(" INVITE", StringComparison.Ordinal);

    private void HangUp() => _ = _all.Server.Calls.Single().HangUpAsync();
}
