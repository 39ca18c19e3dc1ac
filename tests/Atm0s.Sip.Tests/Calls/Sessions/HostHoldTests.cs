using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls.Sessions;

/// <summary>
/// The host holds a phone and lets it go on: what is said, what is heard, and what gets in between (RFC 3264 §8.4, RFC 3261 §14).
/// </summary>
[SingleThreaded]
public sealed class HostHoldTests
{
    private readonly Stack<DialogWorld> _worlds = new();
    private DialogWorld _all = null!;

    private ScriptedPhone Phone => _all.Phone;

    [SetUp]
    public void SetUp() => Start();

    [TearDown]
    public async Task TearDown()
    {
        while (_worlds.TryPop(out var world))
            await world.DisposeAsync();
    }

    [Test]
    public void Hold_AndResume_AreHeard([Values] bool isIncoming, [Values] bool withMusic)
    {
        var (voice, room, dialog, server) = Talking(isIncoming);
        Assert.That(voice.Heard.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30), "the phone hears the room");
        Assert.That(room.Recording.End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(30), "the room hears the phone");

        var hold = _all.Call.HoldAsync(withMusic ? new ToneEndpoint(600) : null);
        var offer = Phone.WaitForRequest("INVITE");
        Assert.That(DialogWorld.DirectionOf(offer.Body), Is.EqualTo(withMusic ? "sendonly" : "inactive"));
        Accept(offer, withMusic ? "recvonly" : "inactive");
        Assert.That((_all.World.Await(hold), _all.Call.IsOnHold), Is.EqualTo((CallCommandResult.Done, true)));
        voice.Talk(0.5, server);
        voice.Forget();
        voice.Talk(2, server);
        if (withMusic)
            Assert.That(voice.Heard.End(TimeSpan.FromSeconds(1.5)).Measure(600).Snr, Is.GreaterThan(30), "music, and nothing else");
        else
            Assert.That(voice.Heard.Samples, Is.Empty);
        Assert.That(room.Recording.End(TimeSpan.FromSeconds(1)).LevelDbov(), Is.LessThan(-60), "the room does not hear the phone");

        Phone.Received.Clear();
        var resume = _all.Call.ResumeAsync();
        offer = Phone.WaitForRequest("INVITE");
        Assert.That(DialogWorld.DirectionOf(offer.Body), Is.EqualTo("sendrecv").Or.Empty);
        Accept(offer, "sendrecv");
        Assert.That((_all.World.Await(resume), _all.Call.IsOnHold), Is.EqualTo((CallCommandResult.Done, false)));
        voice.Talk(0.5, server);
        voice.Forget();
        voice.Talk(2, server);
        Assert.That(voice.Heard.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30));
        Assert.That(room.Recording.End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(30));
        AssertThatItWasTold("Held:host Resumed:host");
        _all.AssertThatNothingFailed();
        _ = dialog;
    }

    [Test]
    public void HoldThatThePhoneRefuses_ChangesNothing([Values(488, 500, 603)] int status)
    {
        var (voice, room, _, server) = Talking(isIncoming: true);
        var hold = _all.Call.HoldAsync(new ToneEndpoint(600));
        Refuse(Phone.WaitForRequest("INVITE"), status);
        Assert.That((_all.World.Await(hold), _all.Call.IsOnHold), Is.EqualTo((CallCommandResult.NotPossible, false)));
        voice.Talk(0.5, server);
        voice.Forget();
        voice.Talk(2, server);
        Assert.That(voice.Heard.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30));
        Assert.That(room.Recording.End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(30));
        AssertThatItWasTold("");
        Assert.That(DialogWorld.DirectionOf(Ask("INVITE", "").Body), Is.EqualTo("sendrecv").Or.Empty, "nor is it offered by the way");
    }

    // RFC 3261 §17.1.1.2: once a 1xx has come nothing but a CANCEL ends the transaction.
    [Test]
    public void HoldThatThePhoneNeverAnswers_IsGivenUp()
    {
        var dialog = _all.Up(isIncoming: true);
        var hold = _all.Call.HoldAsync();
        var offer = Phone.WaitForRequest("INVITE");
        Phone.Respond(offer, 180, "Ringing");
        var cancel = Phone.WaitForRequest("CANCEL", TimeSpan.FromSeconds(70));
        Assert.That(cancel["CSeq"], Is.EqualTo(offer["CSeq"].Replace("INVITE", "CANCEL", StringComparison.Ordinal)));
        Phone.Respond(cancel, 200, "OK");
        Refuse(offer, 487);
        Assert.That((_all.World.Await(hold), _all.Call.State), Is.EqualTo((CallCommandResult.NotPossible, CallState.Answered)));
        Hold();
        Finish(dialog);
    }

    [Test]
    public void HoldThatThePhoneNeverAnswers_DoesNotOutliveTheCall()
    {
        var dialog = _all.Up(isIncoming: true);
        _all.Call.HoldAsync();
        Phone.Respond(Phone.WaitForRequest("INVITE"), 180, "Ringing");
        Assert.That(dialog.Ask("BYE").Status, Is.EqualTo(200));
        _all.Advance(100);
        _all.AssertThatNothingStays();
    }

    [Test]
    public void ResumeThatThePhoneRefuses_ItStaysOnHold_AndMayBeTriedAgain()
    {
        var dialog = _all.Up(isIncoming: true);
        Hold();
        Phone.Received.Clear();
        var resume = _all.Call.ResumeAsync();
        Refuse(Phone.WaitForRequest("INVITE"), 500);
        Assert.That((_all.World.Await(resume), _all.Call.IsOnHold), Is.EqualTo((CallCommandResult.NotPossible, true)));
        Resume();
        AssertThatItWasTold("Held:host Resumed:host");
        Finish(dialog);
    }

    [Test]
    public void SaidTwice_IsDoneOnce()
    {
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1"));
        _all.Dial();
        Phone.WaitForResponse("INVITE", 180);
        Assert.That(_all.World.Await(_all.Call.HoldAsync()), Is.EqualTo(CallCommandResult.NotPossible), "not answered");
        Assert.That(_all.World.Await(_all.Call.ResumeAsync()), Is.EqualTo(CallCommandResult.NotPossible));
        _all.World.Complete(_all.Call.HangUpAsync());
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.JoinRoom("room1"));
        _all.Advance(1);

        var dialog = _all.Up(isIncoming: true);
        Assert.That(_all.World.Await(_all.Call.ResumeAsync()), Is.EqualTo(CallCommandResult.AlreadyDone));
        Hold();
        Assert.That(_all.World.Await(_all.Call.HoldAsync()), Is.EqualTo(CallCommandResult.AlreadyDone));
        var call = _all.Call;
        dialog.Ask("BYE");
        Assert.That(_all.World.Await(call.ResumeAsync()), Is.EqualTo(CallCommandResult.Ended));
        Assert.That(call.IsOnHold, Is.False);
    }

    [Test]
    public void CommandsBeforeThePhoneHasAnswered_AreCarriedOutInTheirOrder()
    {
        var dialog = _all.Up(isIncoming: false);
        var hold = _all.Call.HoldAsync();
        var resume = _all.Call.ResumeAsync();
        var again = _all.Call.HoldAsync(new ToneEndpoint(600));
        Refuse(Phone.WaitForRequest("INVITE"), 488);
        Assert.That(_all.World.Await(hold), Is.EqualTo(CallCommandResult.NotPossible));
        Assert.That(_all.World.Await(resume), Is.EqualTo(CallCommandResult.AlreadyDone));
        _all.World.RunUntil(() => Phone.Received.Count(m => m.Method == "INVITE") == 2);
        var offer = Phone.Received.Last(m => m.Method == "INVITE");
        Assert.That(DialogWorld.DirectionOf(offer.Body), Is.EqualTo("sendonly"));
        Accept(offer, "recvonly");
        Assert.That((_all.World.Await(again), _all.Call.IsOnHold), Is.EqualTo((CallCommandResult.Done, true)));
        AssertThatItWasTold("Held:host");
        Finish(dialog);
    }

    [Test]
    public void MusicOfARateThatCanNotBeMixed_IsRefusedAtOnce_AndTheCallGoesOn()
    {
        var dialog = _all.Up(isIncoming: true);
        Assert.That(() => _all.Call.HoldAsync(new ToneEndpoint(600, 44100)), Throws.ArgumentException);
        _all.Advance(0.1);
        Assert.That((_all.Call.State, _all.Call.IsOnHold, _all.Requests("INVITE")), Is.EqualTo((CallState.Answered, false, 0)));
        Finish(dialog);
    }

    [Test]
    public void MusicThatFails_IsSilence_AndTheCallGoesOn()
    {
        var (voice, _, _, server) = Talking(isIncoming: true);
        var hold = _all.Call.HoldAsync(new BrokenMusic());
        Accept(Phone.WaitForRequest("INVITE"), "recvonly");
        Assert.That(_all.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        voice.Talk(1, server);
        Phone.Received.Clear();
        var resume = _all.Call.ResumeAsync();
        Accept(Phone.WaitForRequest("INVITE"), "sendrecv");
        Assert.That(_all.World.Await(resume), Is.EqualTo(CallCommandResult.Done));
        voice.Talk(0.5, server);
        voice.Forget();
        voice.Talk(1.5, server);
        Assert.That(voice.Heard.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30));
    }

    [Test]
    public void PhoneThatSwitchesItsAudioOffForIt_HasItBackAfterTheResume()
    {
        // RFC 3264 §8.2
        var (voice, room, _, server) = Talking(isIncoming: true);
        var hold = _all.Call.HoldAsync();
        var offer = Phone.WaitForRequest("INVITE");
        Phone.Respond(offer, 200, "OK", Phone.Sdp.Replace("m=audio 4000", "m=audio 0", StringComparison.Ordinal));
        Assert.That(_all.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        Phone.Received.Clear();
        var resume = _all.Call.ResumeAsync();
        Accept(Phone.WaitForRequest("INVITE"), "sendrecv");
        Assert.That(_all.World.Await(resume), Is.EqualTo(CallCommandResult.Done));
        voice.Talk(0.5, server);
        voice.Forget();
        voice.Talk(1.5, server);
        Assert.That(voice.Heard.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30));
        Assert.That(room.Recording.End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(30));
        AssertThatItWasTold("Held:host Resumed:host");
    }

    [Test]
    public void ManyCommandsAtOnce_AreBounded_AndAllEndWithTheCall()
    {
        var dialog = _all.Up(isIncoming: false);
        var call = _all.Call;
        var commands = Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? call.HoldAsync() : call.ResumeAsync()).ToArray();
        Phone.WaitForRequest("INVITE");
        Assert.That(commands.Count(c => c.IsCompleted), Is.EqualTo(83), "one is asked, sixteen wait");
        dialog.Ask("BYE");
        foreach (var command in commands)
            Assert.That(_all.World.Await(command), Is.EqualTo(CallCommandResult.Ended).Or.EqualTo(CallCommandResult.NotPossible));
        _all.AssertThatNothingStays();
    }

    [Test]
    public void WhileThePhoneHolds_BothHoldsAreToldOnceEach([Values] bool withMusic)
    {
        var dialog = _all.Up(isIncoming: true);
        dialog.Ask("INVITE", Phone.Sdp + "a=sendonly\r\n");
        Hold(withMusic, "inactive");
        Resume("sendonly");
        _all.Advance(0.1);
        AssertThatItWasTold("Held:phone Held:host Resumed:host");
        dialog.Ask("INVITE", Phone.Sdp);
        AssertThatItWasTold("Held:phone Held:host Resumed:host Resumed:phone");
        Finish(dialog);
    }

    [Test]
    public void PhoneThatRenegotiatesMeanwhile_StaysOnHold()
    {
        var dialog = _all.Up(isIncoming: true);
        Hold();
        Assert.That(DialogWorld.DirectionOf(dialog.Ask("INVITE", Phone.Sdp).Body), Is.EqualTo("inactive"));
        Assert.That(DialogWorld.DirectionOf(dialog.Ask("UPDATE", Phone.Sdp).Body), Is.EqualTo("inactive"));
        Assert.That(_all.Call.IsOnHold, Is.True);
        Resume();
        AssertThatItWasTold("Held:host Resumed:host");
        Finish(dialog);
    }

    [Test]
    public void ThatCrossesAReInviteOfThePhone_BothAre491_AndOursComesAgainInItsTime([Values] bool isIncoming)
    {
        var dialog = _all.Up(isIncoming);
        var hold = _all.Call.HoldAsync();
        var ours = Phone.WaitForRequest("INVITE");
        Assert.That(dialog.Ask("INVITE", Phone.Sdp).Status, Is.EqualTo(491));
        Phone.Received.Clear();
        Refuse(ours, 491);
        var at = _all.World.Time.GetUtcNow();
        // RFC 3261 §14.1: the owner of the Call-ID waits 2.1 to 4 s, the other side 0 to 2 s.
        var again = Phone.WaitFor(m => !m.IsResponse && m.Method == "INVITE" && m["CSeq"] != ours["CSeq"]);
        var wait = (_all.World.Time.GetUtcNow() - at).TotalSeconds;
        Assert.That(wait, isIncoming ? Is.InRange(0, 2.03) : Is.InRange(2.1, 4.03));
        Accept(again, "inactive");
        Assert.That(_all.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        AssertThatItWasTold("Held:host");
        Finish(dialog);
    }

    [Test]
    public void PhoneIsFasterAfterTheGlare_ItsReInviteIsAnswered_AndOursComesAfterIt()
    {
        var dialog = _all.Up(isIncoming: false);
        var hold = _all.Call.HoldAsync();
        Refuse(Phone.WaitForRequest("INVITE"), 491);
        _all.Advance(0.1);
        Phone.Received.Clear();
        var theirs = dialog.Send("INVITE", Phone.Sdp);
        var ok = dialog.Final(theirs);
        Assert.That((ok.Status, DialogWorld.DirectionOf(ok.Body)), Is.EqualTo((200, "inactive")));
        _all.Advance(8);
        Assert.That(_all.Requests("INVITE"), Is.Zero, "not before the ACK");
        dialog.Ack(theirs, ok);
        Accept(Phone.WaitForRequest("INVITE", TimeSpan.FromSeconds(1)), "inactive");
        Assert.That(_all.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        Finish(dialog);
    }

    [Test]
    public void PhoneThatIsAlwaysBusyWithItsOwn_TheHoldIsGivenUp()
    {
        var dialog = _all.Up(isIncoming: true);
        var hold = _all.Call.HoldAsync();
        for (var i = 0; i < 100 && !hold.IsCompleted; i++)
        {
            foreach (var invite in Phone.Received.Where(m => !m.IsResponse && m.Method == "INVITE").DistinctBy(m => m["CSeq"]).ToArray())
                Refuse(invite, 491);
            Phone.Received.Clear();
            _all.Advance(0.5);
        }

        Assert.That((_all.World.Await(hold), _all.Call.IsOnHold), Is.EqualTo((CallCommandResult.NotPossible, false)));
        Finish(dialog);
    }

    [Test]
    public void BeforeTheAckOfOur200_ItWaitsForIt()
    {
        var invite = _all.Dial();
        var ok = Phone.WaitForResponse("INVITE", 200);
        var dialog = PhoneDialog.OfCaller(Phone, invite, ok);
        var hold = _all.Call.HoldAsync();
        _all.Advance(5);
        Assert.That(_all.Requests("INVITE"), Is.Zero);
        dialog.Ack(invite, ok);
        Accept(Phone.WaitForRequest("INVITE", TimeSpan.FromSeconds(1)), "inactive");
        Assert.That(_all.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        Finish(dialog);
    }

    [Test]
    public void WhileTheHostOfAReInviteIsLookedUp_ItWaits()
    {
        var found = new TaskCompletionSource();
        _all.World.Hosts.Add("media.test", "10.0.2.2");
        _all.World.Hosts.Wait = _ => found.Task;
        var dialog = _all.Up(isIncoming: true);
        var theirs = dialog.Send("INVITE", Phone.Sdp.Replace("c=IN IP4 10.0.2.2", "c=IN IP4 media.test", StringComparison.Ordinal));
        _all.Advance(0.1);
        var hold = _all.Call.HoldAsync();
        _all.Advance(1);
        Assert.That(_all.Requests("INVITE"), Is.Zero);
        found.SetResult();
        dialog.Ack(theirs, dialog.Final(theirs));
        Accept(Phone.WaitForRequest("INVITE", TimeSpan.FromSeconds(1)), "inactive");
        Assert.That(_all.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        Finish(dialog);
    }

    [Test]
    public void MovedToAnotherRoomMeanwhile_ItIsHeardThereOnlyWhenItGoesOn()
    {
        var (voice, _, _, server) = Talking(isIncoming: true);
        var other = new ToneEndpoint(1000);
        var dave = _all.World.StartPhone("dave", other);
        _all.World.Await(_all.World.Await(dave.CallAsync("room2")).Answered);
        var call = _all.Server.Calls.Single(c => c.Info.From == "bob");
        var hold = call.HoldAsync(new ToneEndpoint(600));
        Accept(Phone.WaitForRequest("INVITE"), "recvonly");
        _all.World.Await(hold);
        Assert.That(_all.World.Await(call.MoveToRoomAsync("room2")), Is.EqualTo(CallCommandResult.Done));
        voice.Talk(0.5, server);
        voice.Forget();
        voice.Talk(1.5, server);
        Assert.That(voice.Heard.End(TimeSpan.FromSeconds(1)).Measure(600).Snr, Is.GreaterThan(30), "still the music");
        Assert.That(other.Recording.End(TimeSpan.FromSeconds(1)).LevelDbov(), Is.LessThan(-60));

        Phone.Received.Clear();
        var resume = call.ResumeAsync();
        Accept(Phone.WaitForRequest("INVITE"), "sendrecv");
        _all.World.Await(resume);
        voice.Talk(0.5, server);
        voice.Forget();
        voice.Talk(1.5, server);
        Assert.That(voice.Heard.End(TimeSpan.FromSeconds(1)).Measure(1000).Snr, Is.GreaterThan(30));
        Assert.That(other.Recording.End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(30));
    }

    [Test]
    public void HungUpWhileOurReInviteIsOpen_TheCommandEnds_AndALate200IsAcknowledged([Values] bool isIncoming, [Values] bool byPhone)
    {
        var dialog = _all.Up(isIncoming);
        var hold = _all.Call.HoldAsync();
        var ours = Phone.WaitForRequest("INVITE");
        SipText? bye = null;
        if (byPhone)
        {
            dialog.Ask("BYE");
        }
        else
        {
            _ = _all.Call.HangUpAsync();
            bye = Phone.WaitForRequest("BYE");
        }

        Assert.That(_all.World.Await(hold), Is.EqualTo(CallCommandResult.Ended));
        Phone.Respond(ours, 200, "OK", Phone.Sdp);
        Phone.WaitForRequest("ACK");
        if (bye is not null)
            Phone.Respond(bye, 200, "OK");
        _all.AssertThatNothingStays();
        Assert.That(_all.Requests("BYE"), Is.EqualTo(byPhone ? 0 : 1));
        AssertThatItWasTold("");
    }

    [Test]
    public void ReInviteThatIsChallenged_IsSentAgainWithCredentials_AndSoIsItsAck()
    {
        var dialog = _all.Up(isIncoming: false, options: new OutgoingCallOptions { Credentials = new SipCredentials("bob", "secret") });
        var hold = _all.Call.HoldAsync();
        var ours = Phone.WaitForRequest("INVITE");
        Phone.Respond(ours, 407, "No", extra: "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"\r\n");
        var again = Phone.WaitFor(m => m.Method == "INVITE" && !m.IsResponse && m["Proxy-Authorization"].Length > 0);
        Assert.That(Number(again), Is.EqualTo(Number(ours) + 1));
        Assert.That(again.Body, Is.EqualTo(ours.Body));
        Phone.Received.Clear();
        Phone.Respond(again, 200, "OK", Phone.Sdp + "a=inactive\r\n");
        Assert.That(Phone.WaitForRequest("ACK")["Proxy-Authorization"], Is.Not.Empty);
        Assert.That(_all.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        Finish(dialog);
    }

    [Test]
    public void ReInviteThatIsChallenged_WithoutCredentials_IsARefusal()
    {
        var dialog = _all.Up(isIncoming: true);
        var hold = _all.Call.HoldAsync();
        Phone.Respond(
            Phone.WaitForRequest("INVITE"), 401, "No",
                extra: "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"\r\n");
        Assert.That((_all.World.Await(hold), _all.Call.IsOnHold), Is.EqualTo((CallCommandResult.NotPossible, false)));
        Finish(dialog);
    }

    [Test]
    public void LostAck_TheRepeated200IsAcknowledgedAgain_LostInvite_IsSentAgain()
    {
        var dialog = _all.Up(isIncoming: true);
        var hold = _all.Call.HoldAsync();
        var ours = Phone.WaitForRequest("INVITE");
        _all.Advance(0.6);
        Assert.That(Phone.Received.Count(m => m.Method == "INVITE" && !m.IsResponse), Is.EqualTo(2), "repeated");
        _all.World.Network.Filter = static packet => !packet.Text.StartsWith("ACK", StringComparison.Ordinal);
        Accept(ours, "inactive", waitForAck: false);
        Assert.That(_all.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        _all.World.Network.Filter = static _ => true;
        Phone.Respond(ours, 200, "OK", Phone.Sdp + "a=inactive\r\n");
        Phone.WaitForRequest("ACK");
        Finish(dialog);
    }

    [TestCase("")]
    [TestCase("v=0\r\nrubbish\r\n")]
    [TestCase("v=0\r\no=- 1 1 IN IP4 10.0.2.2\r\ns=-\r\nc=IN IP4 10.0.2.2\r\nt=0 0\r\nm=audio 4000 RTP/AVP 3\r\n")]
    public void AnswerThatCanNotBeUsed_EndsTheCall(string sdp)
    {
        _all.Up(isIncoming: true);
        var hold = _all.Call.HoldAsync();
        Phone.Respond(Phone.WaitForRequest("INVITE"), 200, "OK", sdp);
        Phone.WaitForRequest("ACK");
        Phone.Respond(Phone.WaitForRequest("BYE"), 200, "OK");
        Assert.That(
            (_all.World.Await(hold), _all.Cause), Is.EqualTo((CallCommandResult.Ended, (CallEndCause?)CallEndCause.MediaNegotiation)));
        _all.AssertThatNothingStays();
    }

    [Test]
    public void NoAnswerAtAll_EndsTheCall()
    {
        _all.Up(isIncoming: true);
        var hold = _all.Call.HoldAsync();
        Phone.WaitForRequest("INVITE");
        Phone.Respond(Phone.WaitForRequest("BYE", TimeSpan.FromSeconds(33)), 481, "No");
        Assert.That((_all.World.Await(hold), _all.Cause), Is.EqualTo((CallCommandResult.Ended, (CallEndCause?)CallEndCause.Gone)));
        _all.AssertThatNothingStays();
    }

    [Test]
    public void ConnectionThatBreaksTwice_IsARefusal_AndTheCallGoesOn()
    {
        Start(SipTransportProtocol.Tcp);
        var dialog = _all.Up(isIncoming: true);
        var hold = _all.Call.HoldAsync();
        var first = Break();
        Assert.That(Break(), Is.EqualTo(first), "the same request, once more");
        Assert.That((_all.World.Await(hold), _all.Call.State), Is.EqualTo((CallCommandResult.NotPossible, CallState.Answered)));
        Assert.That(dialog.Ask("UPDATE", Phone.Sdp).Status, Is.EqualTo(200), "no offer is open");
        Finish(dialog);
    }

    [Test]
    public void CallThatBeginsOnHold_WithoutAnOfferOfThePhone_IsTold()
    {
        var invite = _all.Dial(sdp: "");
        var ok = Phone.WaitForResponse("INVITE", 200);
        var dialog = PhoneDialog.OfCaller(Phone, invite, ok);
        dialog.Ack(invite, ok, Phone.Sdp + "a=sendonly\r\n");
        _all.Advance(0.1);
        AssertThatItWasTold("Held:phone");
        var asking = dialog.Send("INVITE");
        dialog.Ack(asking, dialog.Final(asking), Phone.Sdp);
        _all.Advance(0.1);
        AssertThatItWasTold("Held:phone Resumed:phone");
        Finish(dialog);
    }

    [Test]
    public void LostAckOfADelayedOffer_TheNextReInviteIs491_AndTheAnswerStillCounts()
    {
        // RFC 3261 §14.2, RFC 5407 §3.1.4: the answer to our offer is in that ACK.
        var invite = _all.Dial(sdp: "");
        var ok = Phone.WaitForResponse("INVITE", 200);
        var dialog = PhoneDialog.OfCaller(Phone, invite, ok);
        Assert.That(dialog.Ask("INVITE", Phone.Sdp).Status, Is.EqualTo(491));
        Phone.Received.Clear();
        _all.Advance(2);
        Assert.That(Phone.Received.Count(m => m.Status == 200 && m["CSeq"] == invite["CSeq"]), Is.GreaterThan(0), "it is repeated");
        dialog.Ack(invite, ok, Phone.Sdp);
        _all.Advance(0.1);
        Assert.That(_all.Call.GetStatistics()!.Remote!.Port, Is.EqualTo(4000));
        Assert.That(dialog.Ask("INVITE", Phone.Sdp).Status, Is.EqualTo(200));
        Finish(dialog);
    }

    [Test]
    public void ConnectionThatThePeerClosesAsTheReInviteComes_IsOpenedAnew()
    {
        Start(SipTransportProtocol.Tcp);
        var dialog = _all.Up(isIncoming: false);
        var network = _all.World.Network;
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
        var hold = _all.Call.HoldAsync();
        var invite = Phone.WaitForRequest("INVITE", TimeSpan.FromSeconds(1));
        Accept(invite, "inactive");
        Assert.That((_all.World.Await(hold), lost), Is.EqualTo((CallCommandResult.Done, 1)));
        Finish(dialog);
    }

    private string Break()
    {
        var invite = Phone.WaitForRequest("INVITE");
        Phone.Received.Clear();
        _all.World.Network.BreakConnection(Phone.EndPoint, VirtualWorld.ServerEndPoint);
        return $"{invite["Via"]} {invite["CSeq"]}";
    }

    private static int Number(SipText message) => int.Parse(message["CSeq"].Split(' ')[0], null);

    private void Start(SipTransportProtocol protocol = SipTransportProtocol.Udp)
    {
        _all = new DialogWorld(protocol: protocol);
        _worlds.Push(_all);
    }

    // A room with a phone that says 880 Hz, and the scripted phone, which says 440 Hz.
    private (RtpVoice Voice, ToneEndpoint Room, PhoneDialog Dialog, IPEndPoint Server) Talking(bool isIncoming)
    {
        var peer = new RtpPeer(_all.World, "10.0.2.2:4000");
        _all.Sockets = 2;
        var voice = new RtpVoice(peer, 440);
        var room = new ToneEndpoint(880);
        var dialog = _all.Up(isIncoming);
        var server = _all.Call.GetStatistics()!.Local;
        var carol = _all.World.StartPhone("carol", room);
        Assert.That(_all.World.Await(_all.World.Await(carol.CallAsync("room1")).Answered).IsAnswered, Is.True);
        voice.Talk(2, server);
        return (voice, room, dialog, server);
    }

    private SipText Ask(string method, string body)
    {
        var local = Phone.Received.Last(m => m.IsResponse || m.Method == "INVITE");
        var dialog = new PhoneDialog(Phone, local["Call-ID"], local["To"], local["From"], local.ContactUri);
        return dialog.Ask(method, body);
    }

    private void Hold(bool withMusic = false, string answer = "inactive")
    {
        Phone.Received.Clear();
        var hold = _all.Call.HoldAsync(withMusic ? new ToneEndpoint(600) : null);
        Accept(Phone.WaitForRequest("INVITE"), answer);
        Assert.That(_all.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
    }

    private void Resume(string answer = "sendrecv")
    {
        Phone.Received.Clear();
        var resume = _all.Call.ResumeAsync();
        Accept(Phone.WaitForRequest("INVITE"), answer);
        Assert.That(_all.World.Await(resume), Is.EqualTo(CallCommandResult.Done));
    }

    private void Accept(SipText offer, string direction, bool waitForAck = true)
    {
        Phone.Respond(offer, 200, "OK", Phone.Sdp + $"a={direction}\r\n");
        if (waitForAck)
            Phone.WaitFor(m => !m.IsResponse && m.Method == "ACK" && m["CSeq"].Split(' ')[0] == offer["CSeq"].Split(' ')[0]);
    }

    private void Refuse(SipText offer, int status) => Phone.Respond(offer, status, "No");

    private void AssertThatItWasTold(string story)
    {
        var told = _all.Host.Events.Where(e => e.Call.From != "carol" && e.Call.From != "dave").Select(e => e switch
        {
            CallEvent.Held held => held.ByHost ? "Held:host" : "Held:phone",
            CallEvent.Resumed resumed => resumed.ByHost ? "Resumed:host" : "Resumed:phone",
            _ => "",
        });
        Assert.That(string.Join(' ', told.Where(t => t.Length > 0)), Is.EqualTo(story));
    }

    private void Finish(PhoneDialog dialog)
    {
        Assert.That(dialog.Ask("BYE").Status, Is.EqualTo(200));
        _all.AssertThatNothingStays();
    }
}
