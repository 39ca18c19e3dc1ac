using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls.Reliable;

/// <summary>Reliable provisional responses to our INVITE, of one phone or of several (RFC 3262 §4, §5).</summary>
[SingleThreaded]
public sealed class ReceivedReliableTests
{
    private DialogWorld _all = null!;

    private ScriptedPhone Phone => _all.Phone;

    [SetUp]
    public void SetUp() => _all = new DialogWorld();

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void OurInvite_SaysThatWeCan_AndDoesNotInsist()
    {
        var invite = _all.Ring();
        Assert.That(invite["Supported"], Does.Contain("100rel"));
        Assert.That(invite["Require"], Is.Empty);
        Assert.That(invite["Allow"], Does.Contain("PRACK").And.Contain("UPDATE"));
    }

    [Test]
    public void EachIsAcknowledgedOnce_InOrder()
    {
        var invite = _all.Ring();
        Reliable(invite, 180, 7);
        var first = Phone.WaitForRequest("PRACK");
        Assert.That(first["RAck"], Is.EqualTo($"7 {invite["CSeq"]}"));
        Assert.That(CSeq(first), Is.EqualTo(CSeq(invite) + 1));
        Phone.Respond(first, 200, "OK");
        Reliable(invite, 180, 7);
        Reliable(invite, 183, 9);
        _all.Advance(1);
        Assert.That(_all.Requests("PRACK"), Is.EqualTo(1), "neither the repetition nor what is not next");

        Reliable(invite, 183, 8);
        _all.World.RunUntil(() => _all.Requests("PRACK") == 2);
        var second = Phone.Received.Last(m => m.Method == "PRACK");
        Assert.That((second["RAck"].Split(' ')[0], CSeq(second)), Is.EqualTo(("8", CSeq(invite) + 2)));
        Phone.Respond(second, 200, "OK");
        Answer(invite);
    }

    [Test]
    public void EachPhoneOfAFork_NumbersItsOwn()
    {
        var invite = _all.Ring();
        Reliable(invite, 180, 100, tag: "a");
        Reliable(invite, 180, 5, tag: "b");
        Reliable(invite, 180, 101, tag: "a");
        _all.World.RunUntil(() => _all.Requests("PRACK") == 3);
        var pracks = Phone.Received.Where(m => m.Method == "PRACK").DistinctBy(m => m["Via"])
            .Select(m => $"{m.ToTag} {m["RAck"].Split(' ')[0]} {CSeq(m) - CSeq(invite)}");
        Assert.That(pracks, Is.EquivalentTo(new[] { "a 100 1", "b 5 1", "a 101 2" }));
        Assert.That(_all.Story, Is.EqualTo("Connecting Ringing"));
    }

    [Test]
    public void Reliable100_OrWithoutTag_IsNotAcknowledged()
    {
        var invite = _all.Ring();
        Phone.Respond(invite, 100, "Trying", extra: "Require: 100rel\r\nRSeq: 1\r\n");
        Phone.Send(
            "SIP/2.0 180 Ringing\r\n" + string.Concat(invite.All("Via").Select(v => $"Via: {v}\r\n"))
            + $"From: {invite["From"]}\r\nTo: {invite["To"]}\r\nCall-ID: {invite["Call-ID"]}\r\nCSeq: {invite["CSeq"]}\r\n"
            + "Require: 100rel\r\nRSeq: 1\r\nContent-Length: 0\r\n\r\n");
        _all.Advance(1);
        Assert.That(_all.Requests("PRACK"), Is.Zero);
    }

    [TestCase(481)]
    [TestCase(500)]
    public void PrackThatIsRefused_EndsNothing(int status)
    {
        var invite = _all.Ring();
        Reliable(invite, 180, 1);
        Phone.Respond(Phone.WaitForRequest("PRACK"), status, "No");
        _all.Advance(1);
        Answer(invite);
    }

    [Test]
    public void ThousandsOfThem_WithoutAnAnswerToOurPracks_AreNotFollowed()
    {
        var invite = _all.Ring();
        for (var i = 1; i <= 1000; i++)
            Reliable(invite, 180, i);
        _all.Advance(1);
        Assert.That(_all.Requests("PRACK"), Is.EqualTo(8));
        foreach (var prack in Phone.Received.Where(m => m.Method == "PRACK").DistinctBy(m => m["Via"]).ToArray())
            Phone.Respond(prack, 200, "OK");
        _all.Advance(0.1);
        Reliable(invite, 180, 9);
        _all.Advance(0.1);
        Assert.That(_all.Requests("PRACK"), Is.EqualTo(9), "the next one, which was not taken before, when it is repeated");
        Answer(invite);
    }

    [Test]
    public void PrackThatIsChallenged_IsSentAgainWithCredentials()
    {
        var invite = _all.Ring(new OutgoingCallOptions { Credentials = new SipCredentials("trunk", "secret") });
        Reliable(invite, 180, 1);
        var prack = Phone.WaitForRequest("PRACK");
        Phone.Received.Clear();
        Phone.Respond(prack, 407, "No", extra: "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"\r\n");
        var again = Phone.WaitForRequest("PRACK");
        Assert.That((again["RAck"], again["Proxy-Authorization"].Length > 0), Is.EqualTo((prack["RAck"], true)));
        Phone.Respond(again, 200, "OK");
        Answer(invite);
    }

    [Test]
    public void AnswerInAReliable183_IsTheAnswer_AndThe200NeedsNone()
    {
        var invite = _all.Ring();
        Reliable(invite, 183, 1, Phone.Sdp);
        Phone.Respond(Phone.WaitForRequest("PRACK"), 200, "OK");
        _all.Advance(0.1);
        Phone.Respond(invite, 200, "OK");
        Phone.WaitForRequest("ACK");
        _all.Advance(0.1);
        Assert.That((_all.Call.State, _all.Call.GetStatistics()!.Remote!.Port), Is.EqualTo((CallState.Answered, 4000)));
    }

    [Test]
    public void Reliable180_ThenAnUnreliable183_TheAnswerOfThe200Counts()
    {
        var invite = _all.Ring();
        Reliable(invite, 180, 1);
        Phone.Respond(Phone.WaitForRequest("PRACK"), 200, "OK");
        Phone.Respond(invite, 183, "Progress", Phone.Sdp);
        _all.Advance(0.1);
        Phone.Respond(invite, 200, "OK", Phone.Sdp.Replace("4000", "4100", StringComparison.Ordinal));
        Phone.WaitForRequest("ACK");
        _all.Advance(0.1);
        Assert.That(_all.Call.GetStatistics()!.Remote!.Port, Is.EqualTo(4100));
    }

    [Test]
    public void UpdateOfAPhoneThatHasAnsweredReliably_IsAnswered_AndHoldsAfterThe200()
    {
        var invite = _all.Ring();
        Reliable(invite, 183, 1, Phone.Sdp);
        Phone.Respond(Phone.WaitForRequest("PRACK"), 200, "OK");
        _all.Advance(0.1);
        var dialog = PhoneDialog.OfCalled(Phone, invite);
        var updated = dialog.Ask("UPDATE", Phone.Sdp.Replace("4000", "4100", StringComparison.Ordinal));
        Assert.That((updated.Status, updated.Body.Length > 0, updated.ContactUri), Is.EqualTo((200, true, invite.ContactUri)));
        Phone.Respond(invite, 200, "OK");
        Phone.WaitForRequest("ACK");
        _all.Advance(0.1);
        Assert.That(_all.Call.GetStatistics()!.Remote!.Port, Is.EqualTo(4100));
    }

    [Test]
    public void UpdateWithOffer_BeforeTheAnswer_Is491()
    {
        var invite = _all.Ring();
        Phone.Respond(invite, 180, "Ringing");
        _all.Advance(0.1);
        var dialog = PhoneDialog.OfCalled(Phone, invite);
        Assert.That(dialog.Ask("UPDATE", Phone.Sdp).Status, Is.EqualTo(491));
        Assert.That(dialog.Ask("UPDATE").Status, Is.EqualTo(200), "without an offer it only says where the phone is");
        Answer(invite);
    }

    [Test]
    public void UpdateOfAPhoneThatNamesASlowHost_WhenAnotherHasAnsweredMeanwhile_ChangesNothing()
    {
        var found = new TaskCompletionSource();
        _all.World.Hosts.Add("media.test", "10.0.2.2");
        _all.World.Hosts.Wait = _ => found.Task;
        var invite = _all.Ring();
        Reliable(invite, 183, 1, Phone.Sdp, "a");
        Phone.Respond(Phone.WaitForRequest("PRACK"), 200, "OK");
        _all.Advance(0.1);
        var update = PhoneDialog.OfCalled(Phone, invite, "a").Send(
            "UPDATE",
            Phone.Sdp.Replace("c=IN IP4 10.0.2.2", "c=IN IP4 media.test", StringComparison.Ordinal)
                .Replace("4000", "4200", StringComparison.Ordinal));
        _all.Advance(0.1);
        Phone.Respond(invite, 200, "OK", Phone.Sdp.Replace("4000", "4100", StringComparison.Ordinal), tag: "b");
        Phone.WaitForRequest("ACK");
        found.SetResult();
        _all.Advance(0.1);
        Assert.That(_all.Call.GetStatistics()!.Remote!.Port, Is.EqualTo(4100));
        Assert.That(Phone.Received.Single(m => m.IsResponse && m["CSeq"] == update["CSeq"] && m.Status >= 200).Status, Is.EqualTo(481));
    }

    [Test]
    public void ByeOfAPhoneThatRings_IsAnswered_AndItMayStillAnswerTheCall()
    {
        // RFC 3261 §15: it must not say it. What it owes is the answer to the INVITE.
        var invite = _all.Ring();
        Phone.Respond(invite, 180, "Ringing");
        _all.Advance(0.1);
        var dialog = PhoneDialog.OfCalled(Phone, invite);
        Assert.That(dialog.Ask("BYE").Status, Is.EqualTo(200));
        Answer(invite);
        Assert.That(dialog.Ask("OPTIONS").Status, Is.EqualTo(200), "the dialog is known");
        Assert.That(dialog.Ask("BYE").Status, Is.EqualTo(200));
        Assert.That(_all.Cause, Is.EqualTo(CallEndCause.RemoteHangup));
        _all.AssertThatNothingStays();
    }

    [Test]
    public void PhoneThatAnswersToo_GetsItsBye_AndItsRequestsDoNotTouchTheCall()
    {
        var invite = _all.Ring();
        Phone.Respond(invite, 200, "OK", Phone.Sdp, "a");
        Phone.WaitForRequest("ACK");
        Phone.Respond(invite, 200, "OK", Phone.Sdp.Replace("4000", "4300", StringComparison.Ordinal), "b");
        var bye = Phone.WaitForRequest("BYE");
        Assert.That(bye.ToTag, Is.EqualTo("b"));
        var late = PhoneDialog.OfCalled(Phone, invite, "b");
        Assert.That(
            late.Ask("INVITE", Phone.Sdp.Replace("4000", "4300", StringComparison.Ordinal) + "a=sendonly\r\n").Status, Is.EqualTo(481));
        Assert.That(late.Ask("UPDATE", Phone.Sdp + "a=inactive\r\n").Status, Is.EqualTo(481));
        Assert.That(late.Ask("BYE").Status, Is.EqualTo(200));
        _all.Advance(0.1);
        Assert.That((_all.Call.State, _all.Call.GetStatistics()!.Remote!.Port), Is.EqualTo((CallState.Answered, 4000)));
        Assert.That(_all.Story, Does.Not.Contain("Held"));
        Phone.Respond(bye, 481, "No");
        Assert.That(PhoneDialog.OfCalled(Phone, invite, "a").Ask("BYE").Status, Is.EqualTo(200));
        _all.AssertThatNothingStays();
    }

    [Test]
    public void PhoneThatWasAcknowledged_AndAnswersTooLate_GetsAByeWithANumberOfItsOwn([Values] bool isCancelled)
    {
        // RFC 3261 §12.2.1.1: the PRACK has used the one behind that of the INVITE.
        var invite = _all.Ring();
        Reliable(invite, 180, 1, tag: "late");
        Phone.Respond(Phone.WaitForRequest("PRACK"), 200, "OK");
        if (isCancelled)
            _ = _all.Call.HangUpAsync();
        else
            Phone.Respond(invite, 200, "OK", Phone.Sdp);
        _all.Advance(0.1);
        Phone.Respond(invite, 200, "OK", Phone.Sdp, "late");
        var bye = Phone.WaitForRequest("BYE");
        Assert.That((bye.ToTag, CSeq(bye)), Is.EqualTo(("late", CSeq(invite) + 2)));
    }

    private static int CSeq(SipText message) => int.Parse(message["CSeq"].Split(' ')[0], null);

    private void Reliable(SipText invite, int status, int rseq, string sdp = "", string tag = "answer") =>
        Phone.Respond(invite, status, "Ringing", sdp, tag, $"Require: 100rel\r\nRSeq: {rseq}\r\n");

    private void Answer(SipText invite)
    {
        Phone.Respond(invite, 200, "OK", Phone.Sdp);
        Phone.WaitForRequest("ACK");
        _all.Advance(0.1);
        Assert.That(_all.Call.State, Is.EqualTo(CallState.Answered));
    }
}
