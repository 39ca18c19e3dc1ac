using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls.Sessions;

/// <summary>
/// The host holds a phone: what gets in between, from the re-INVITE of the phone to the connection that breaks (RFC 3261 §14).
/// </summary>
[SingleThreaded]
public sealed class HostHoldCrossingTests : HostHoldScene
{
    [Test]
    public void PhoneThatRenegotiatesMeanwhile_StaysOnHold()
    {
        var dialog = All.Up(isIncoming: true);
        Hold();
        Assert.That(DialogWorld.DirectionOf(dialog.Ask("INVITE", Phone.Sdp).Body), Is.EqualTo("inactive"));
        Assert.That(DialogWorld.DirectionOf(dialog.Ask("UPDATE", Phone.Sdp).Body), Is.EqualTo("inactive"));
        Assert.That(All.Call.IsOnHold, Is.True);
        Resume();
        AssertThatItWasTold("Held:host Resumed:host");
        Finish(dialog);
    }

    [Test]
    public void ThatCrossesAReInviteOfThePhone_BothAre491_AndOursComesAgainInItsTime([Values] bool isIncoming)
    {
        var dialog = All.Up(isIncoming);
        var hold = All.Call.HoldAsync();
        var ours = Phone.WaitForRequest("INVITE");
        Assert.That(dialog.Ask("INVITE", Phone.Sdp).Status, Is.EqualTo(491));
        Phone.Received.Clear();
        Refuse(ours, 491);
        var at = All.World.Time.GetUtcNow();
        // RFC 3261 §14.1: the owner of the Call-ID waits 2.1 to 4 s, the other side 0 to 2 s.
        var again = Phone.WaitFor(m => !m.IsResponse && m.Method == "INVITE" && m["CSeq"] != ours["CSeq"]);
        var wait = (All.World.Time.GetUtcNow() - at).TotalSeconds;
        Assert.That(wait, isIncoming ? Is.InRange(0, 2.03) : Is.InRange(2.1, 4.03));
        Accept(again, "inactive");
        Assert.That(All.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        AssertThatItWasTold("Held:host");
        Finish(dialog);
    }

    [Test]
    public void PhoneIsFasterAfterTheGlare_ItsReInviteIsAnswered_AndOursComesAfterIt()
    {
        var dialog = All.Up(isIncoming: false);
        var hold = All.Call.HoldAsync();
        Refuse(Phone.WaitForRequest("INVITE"), 491);
        All.Advance(0.1);
        Phone.Received.Clear();
        var theirs = dialog.Send("INVITE", Phone.Sdp);
        var ok = dialog.Final(theirs);
        Assert.That((ok.Status, DialogWorld.DirectionOf(ok.Body)), Is.EqualTo((200, "inactive")));
        All.Advance(8);
        Assert.That(All.Requests("INVITE"), Is.Zero, "not before the ACK");
        dialog.Ack(theirs, ok);
        Accept(Phone.WaitForRequest("INVITE", TimeSpan.FromSeconds(1)), "inactive");
        Assert.That(All.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        Finish(dialog);
    }

    [Test]
    public void PhoneThatIsAlwaysBusyWithItsOwn_TheHoldIsGivenUp()
    {
        var dialog = All.Up(isIncoming: true);
        var hold = All.Call.HoldAsync();
        for (var i = 0; i < 100 && !hold.IsCompleted; i++)
        {
            foreach (var invite in Phone.Received.Where(m => !m.IsResponse && m.Method == "INVITE").DistinctBy(m => m["CSeq"]).ToArray())
                Refuse(invite, 491);
            Phone.Received.Clear();
            All.Advance(0.5);
        }

        Assert.That((All.World.Await(hold), All.Call.IsOnHold), Is.EqualTo((CallCommandResult.NotPossible, false)));
        Finish(dialog);
    }

    [Test]
    public void BeforeTheAckOfOur200_ItWaitsForIt()
    {
        var invite = All.Dial();
        var ok = Phone.WaitForResponse("INVITE", 200);
        var dialog = PhoneDialog.OfCaller(Phone, invite, ok);
        var hold = All.Call.HoldAsync();
        All.Advance(5);
        Assert.That(All.Requests("INVITE"), Is.Zero);
        dialog.Ack(invite, ok);
        Accept(Phone.WaitForRequest("INVITE", TimeSpan.FromSeconds(1)), "inactive");
        Assert.That(All.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        Finish(dialog);
    }

    [Test]
    public void WhileTheHostOfAReInviteIsLookedUp_ItWaits()
    {
        var found = new TaskCompletionSource();
        All.World.Hosts.Add("media.test", "10.0.2.2");
        All.World.Hosts.Wait = _ => found.Task;
        var dialog = All.Up(isIncoming: true);
        var theirs = dialog.Send("INVITE", Phone.Sdp.Replace("c=IN IP4 10.0.2.2", "c=IN IP4 media.test", StringComparison.Ordinal));
        All.Advance(0.1);
        var hold = All.Call.HoldAsync();
        All.Advance(1);
        Assert.That(All.Requests("INVITE"), Is.Zero);
        found.SetResult();
        dialog.Ack(theirs, dialog.Final(theirs));
        Accept(Phone.WaitForRequest("INVITE", TimeSpan.FromSeconds(1)), "inactive");
        Assert.That(All.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        Finish(dialog);
    }

    [Test]
    public void HungUpWhileOurReInviteIsOpen_TheCommandEnds_AndALate200IsAcknowledged([Values] bool isIncoming, [Values] bool byPhone)
    {
        var dialog = All.Up(isIncoming);
        var hold = All.Call.HoldAsync();
        var ours = Phone.WaitForRequest("INVITE");
        SipText? bye = null;
        if (byPhone)
        {
            dialog.Ask("BYE");
        }
        else
        {
            _ = All.Call.HangUpAsync();
            bye = Phone.WaitForRequest("BYE");
        }

        Assert.That(All.World.Await(hold), Is.EqualTo(CallCommandResult.Ended));
        Phone.Respond(ours, 200, "OK", Phone.Sdp);
        Phone.WaitForRequest("ACK");
        if (bye is not null)
            Phone.Respond(bye, 200, "OK");
        All.AssertThatNothingStays();
        Assert.That(All.Requests("BYE"), Is.EqualTo(byPhone ? 0 : 1));
        AssertThatItWasTold("");
    }

    [Test]
    public void ReInviteThatIsChallenged_IsSentAgainWithCredentials_AndSoIsItsAck()
    {
        var dialog = All.Up(isIncoming: false, options: new OutgoingCallOptions { Credentials = new SipCredentials("bob", "secret") });
        var hold = All.Call.HoldAsync();
        var ours = Phone.WaitForRequest("INVITE");
        Phone.Respond(ours, 407, "No", extra: "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"\r\n");
        var again = Phone.WaitFor(m => m.Method == "INVITE" && !m.IsResponse && m["Proxy-Authorization"].Length > 0);
        Assert.That(Number(again), Is.EqualTo(Number(ours) + 1));
        Assert.That(again.Body, Is.EqualTo(ours.Body));
        Phone.Received.Clear();
        Phone.Respond(again, 200, "OK", Phone.Sdp + "a=inactive\r\n");
        Assert.That(Phone.WaitForRequest("ACK")["Proxy-Authorization"], Is.Not.Empty);
        Assert.That(All.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        Finish(dialog);
    }

    [Test]
    public void ReInviteThatIsChallenged_WithoutCredentials_IsARefusal()
    {
        var dialog = All.Up(isIncoming: true);
        var hold = All.Call.HoldAsync();
        Phone.Respond(
            Phone.WaitForRequest("INVITE"), 401, "No",
                extra: "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"\r\n");
        Assert.That((All.World.Await(hold), All.Call.IsOnHold), Is.EqualTo((CallCommandResult.NotPossible, false)));
        Finish(dialog);
    }

    [Test]
    public void LostAck_TheRepeated200IsAcknowledgedAgain_LostInvite_IsSentAgain()
    {
        var dialog = All.Up(isIncoming: true);
        var hold = All.Call.HoldAsync();
        var ours = Phone.WaitForRequest("INVITE");
        All.Advance(0.6);
        Assert.That(Phone.Received.Count(m => m.Method == "INVITE" && !m.IsResponse), Is.EqualTo(2), "repeated");
        All.World.Network.Filter = static packet => !packet.Text.StartsWith("ACK", StringComparison.Ordinal);
        Accept(ours, "inactive", waitForAck: false);
        Assert.That(All.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        All.World.Network.Filter = static _ => true;
        Phone.Respond(ours, 200, "OK", Phone.Sdp + "a=inactive\r\n");
        Phone.WaitForRequest("ACK");
        Finish(dialog);
    }

    [TestCase("")]
    [TestCase("v=0\r\nrubbish\r\n")]
    [TestCase("v=0\r\no=- 1 1 IN IP4 10.0.2.2\r\ns=-\r\nc=IN IP4 10.0.2.2\r\nt=0 0\r\nm=audio 4000 RTP/AVP 3\r\n")]
    public void AnswerThatCanNotBeUsed_EndsTheCall(string sdp)
    {
        All.Up(isIncoming: true);
        var hold = All.Call.HoldAsync();
        Phone.Respond(Phone.WaitForRequest("INVITE"), 200, "OK", sdp);
        Phone.WaitForRequest("ACK");
        Phone.Respond(Phone.WaitForRequest("BYE"), 200, "OK");
        Assert.That(
            (All.World.Await(hold), All.Cause), Is.EqualTo((CallCommandResult.Ended, (CallEndCause?)CallEndCause.MediaNegotiation)));
        All.AssertThatNothingStays();
    }

    [Test]
    public void NoAnswerAtAll_EndsTheCall()
    {
        All.Up(isIncoming: true);
        var hold = All.Call.HoldAsync();
        Phone.WaitForRequest("INVITE");
        Phone.Respond(Phone.WaitForRequest("BYE", TimeSpan.FromSeconds(33)), 481, "No");
        Assert.That((All.World.Await(hold), All.Cause), Is.EqualTo((CallCommandResult.Ended, (CallEndCause?)CallEndCause.Gone)));
        All.AssertThatNothingStays();
    }

    [Test]
    public void ConnectionThatBreaksTwice_IsARefusal_AndTheCallGoesOn()
    {
        Start(SipTransportProtocol.Tcp);
        var dialog = All.Up(isIncoming: true);
        var hold = All.Call.HoldAsync();
        var first = Break();
        Assert.That(Break(), Is.EqualTo(first), "the same request, once more");
        Assert.That((All.World.Await(hold), All.Call.State), Is.EqualTo((CallCommandResult.NotPossible, CallState.Answered)));
        Assert.That(dialog.Ask("UPDATE", Phone.Sdp).Status, Is.EqualTo(200), "no offer is open");
        Finish(dialog);
    }

    [Test]
    public void LostAckOfADelayedOffer_TheNextReInviteIs491_AndTheAnswerStillCounts()
    {
        // RFC 3261 §14.2, RFC 5407 §3.1.4: the answer to our offer is in that ACK.
        var invite = All.Dial(sdp: "");
        var ok = Phone.WaitForResponse("INVITE", 200);
        var dialog = PhoneDialog.OfCaller(Phone, invite, ok);
        Assert.That(dialog.Ask("INVITE", Phone.Sdp).Status, Is.EqualTo(491));
        Phone.Received.Clear();
        All.Advance(2);
        Assert.That(Phone.Received.Count(m => m.Status == 200 && m["CSeq"] == invite["CSeq"]), Is.GreaterThan(0), "it is repeated");
        dialog.Ack(invite, ok, Phone.Sdp);
        All.Advance(0.1);
        Assert.That(All.Call.GetStatistics()!.Remote!.Port, Is.EqualTo(4000));
        Assert.That(dialog.Ask("INVITE", Phone.Sdp).Status, Is.EqualTo(200));
        Finish(dialog);
    }

    [Test]
    public void ConnectionThatThePeerClosesAsTheReInviteComes_IsOpenedAnew()
    {
        Start(SipTransportProtocol.Tcp);
        var dialog = All.Up(isIncoming: false);
        var network = All.World.Network;
        var lost = 0;
        // Its RST crosses the re-INVITE, which it has not read.
        network.Filter = packet =>
        {
            if (lost > 0 || !packet.Text.StartsWith("INVITE ", StringComparison.Ordinal))
                return true;
            lost++;
            network.BreakConnection(Phone.EndPoint, VirtualWorld.ServerEndPoint);
            return false;
        };
        Phone.Received.Clear();
        var hold = All.Call.HoldAsync();
        var invite = Phone.WaitForRequest("INVITE", TimeSpan.FromSeconds(1));
        Accept(invite, "inactive");
        Assert.That((All.World.Await(hold), lost), Is.EqualTo((CallCommandResult.Done, 1)));
        Finish(dialog);
    }
}
