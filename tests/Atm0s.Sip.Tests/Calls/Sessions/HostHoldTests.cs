using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls.Sessions;

/// <summary>The host holds a phone and lets it go on: what is said and what is heard (RFC 3264 §8.4).</summary>
[SingleThreaded]
public sealed class HostHoldTests : HostHoldScene
{
    [Test]
    public void Hold_AndResume_AreHeard([Values] bool isIncoming, [Values] bool withMusic)
    {
        var (voice, room, dialog, server) = Talking(isIncoming);
        Assert.That(voice.Heard.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30), "the phone hears the room");
        Assert.That(room.Recording.End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(30), "the room hears the phone");

        var hold = All.Call.HoldAsync(withMusic ? new ToneEndpoint(600) : null);
        var offer = Phone.WaitForRequest("INVITE");
        Assert.That(DialogWorld.DirectionOf(offer.Body), Is.EqualTo(withMusic ? "sendonly" : "inactive"));
        Accept(offer, withMusic ? "recvonly" : "inactive");
        Assert.That((All.World.Await(hold), All.Call.IsOnHold), Is.EqualTo((CallCommandResult.Done, true)));
        voice.Talk(0.5, server);
        voice.Forget();
        voice.Talk(2, server);
        if (withMusic)
            Assert.That(voice.Heard.End(TimeSpan.FromSeconds(1.5)).Measure(600).Snr, Is.GreaterThan(30), "music, and nothing else");
        else
            Assert.That(voice.Heard.Samples, Is.Empty);
        Assert.That(room.Recording.End(TimeSpan.FromSeconds(1)).LevelDbov(), Is.LessThan(-60), "the room does not hear the phone");

        Phone.Received.Clear();
        var resume = All.Call.ResumeAsync();
        offer = Phone.WaitForRequest("INVITE");
        Assert.That(DialogWorld.DirectionOf(offer.Body), Is.EqualTo("sendrecv").Or.Empty);
        Accept(offer, "sendrecv");
        Assert.That((All.World.Await(resume), All.Call.IsOnHold), Is.EqualTo((CallCommandResult.Done, false)));
        voice.Talk(0.5, server);
        voice.Forget();
        voice.Talk(2, server);
        Assert.That(voice.Heard.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30));
        Assert.That(room.Recording.End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(30));
        AssertThatItWasTold("Held:host Resumed:host");
        All.AssertThatNothingFailed();
        _ = dialog;
    }

    [Test]
    public void HoldThatThePhoneRefuses_ChangesNothing([Values(488, 500, 603)] int status)
    {
        var (voice, room, _, server) = Talking(isIncoming: true);
        var hold = All.Call.HoldAsync(new ToneEndpoint(600));
        Refuse(Phone.WaitForRequest("INVITE"), status);
        Assert.That((All.World.Await(hold), All.Call.IsOnHold), Is.EqualTo((CallCommandResult.NotPossible, false)));
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
        var dialog = All.Up(isIncoming: true);
        var hold = All.Call.HoldAsync();
        var offer = Phone.WaitForRequest("INVITE");
        Phone.Respond(offer, 180, "Ringing");
        var cancel = Phone.WaitForRequest("CANCEL", TimeSpan.FromSeconds(70));
        Assert.That(cancel["CSeq"], Is.EqualTo(offer["CSeq"].Replace("INVITE", "CANCEL", StringComparison.Ordinal)));
        Phone.Respond(cancel, 200, "OK");
        Refuse(offer, 487);
        Assert.That((All.World.Await(hold), All.Call.State), Is.EqualTo((CallCommandResult.NotPossible, CallState.Answered)));
        Hold();
        Finish(dialog);
    }

    [Test]
    public void HoldThatThePhoneNeverAnswers_DoesNotOutliveTheCall()
    {
        var dialog = All.Up(isIncoming: true);
        All.Call.HoldAsync();
        Phone.Respond(Phone.WaitForRequest("INVITE"), 180, "Ringing");
        Assert.That(dialog.Ask("BYE").Status, Is.EqualTo(200));
        All.Advance(100);
        All.AssertThatNothingStays();
    }

    [Test]
    public void ResumeThatThePhoneRefuses_ItStaysOnHold_AndMayBeTriedAgain()
    {
        var dialog = All.Up(isIncoming: true);
        Hold();
        Phone.Received.Clear();
        var resume = All.Call.ResumeAsync();
        Refuse(Phone.WaitForRequest("INVITE"), 500);
        Assert.That((All.World.Await(resume), All.Call.IsOnHold), Is.EqualTo((CallCommandResult.NotPossible, true)));
        Resume();
        AssertThatItWasTold("Held:host Resumed:host");
        Finish(dialog);
    }

    [Test]
    public void SaidTwice_IsDoneOnce()
    {
        All.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1"));
        All.Dial();
        Phone.WaitForResponse("INVITE", 180);
        Assert.That(All.World.Await(All.Call.HoldAsync()), Is.EqualTo(CallCommandResult.NotPossible), "not answered");
        Assert.That(All.World.Await(All.Call.ResumeAsync()), Is.EqualTo(CallCommandResult.NotPossible));
        All.World.Complete(All.Call.HangUpAsync());
        All.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.JoinRoom("room1"));
        All.Advance(1);

        var dialog = All.Up(isIncoming: true);
        Assert.That(All.World.Await(All.Call.ResumeAsync()), Is.EqualTo(CallCommandResult.AlreadyDone));
        Hold();
        Assert.That(All.World.Await(All.Call.HoldAsync()), Is.EqualTo(CallCommandResult.AlreadyDone));
        var call = All.Call;
        dialog.Ask("BYE");
        Assert.That(All.World.Await(call.ResumeAsync()), Is.EqualTo(CallCommandResult.Ended));
        Assert.That(call.IsOnHold, Is.False);
    }

    [Test]
    public void CommandsBeforeThePhoneHasAnswered_AreCarriedOutInTheirOrder()
    {
        var dialog = All.Up(isIncoming: false);
        var hold = All.Call.HoldAsync();
        var resume = All.Call.ResumeAsync();
        var again = All.Call.HoldAsync(new ToneEndpoint(600));
        Refuse(Phone.WaitForRequest("INVITE"), 488);
        Assert.That(All.World.Await(hold), Is.EqualTo(CallCommandResult.NotPossible));
        Assert.That(All.World.Await(resume), Is.EqualTo(CallCommandResult.AlreadyDone));
        All.World.RunUntil(() => Phone.Received.Count(m => m.Method == "INVITE") == 2);
        var offer = Phone.Received.Last(m => m.Method == "INVITE");
        Assert.That(DialogWorld.DirectionOf(offer.Body), Is.EqualTo("sendonly"));
        Accept(offer, "recvonly");
        Assert.That((All.World.Await(again), All.Call.IsOnHold), Is.EqualTo((CallCommandResult.Done, true)));
        AssertThatItWasTold("Held:host");
        Finish(dialog);
    }

    [Test]
    public void MusicOfARateThatCanNotBeMixed_IsRefusedAtOnce_AndTheCallGoesOn()
    {
        var dialog = All.Up(isIncoming: true);
        Assert.That(() => All.Call.HoldAsync(new ToneEndpoint(600, 44100)), Throws.ArgumentException);
        All.Advance(0.1);
        Assert.That((All.Call.State, All.Call.IsOnHold, All.Requests("INVITE")), Is.EqualTo((CallState.Answered, false, 0)));
        Finish(dialog);
    }

    [Test]
    public void MusicThatFails_IsSilence_AndTheCallGoesOn()
    {
        var (voice, _, _, server) = Talking(isIncoming: true);
        var hold = All.Call.HoldAsync(new BrokenMusic());
        Accept(Phone.WaitForRequest("INVITE"), "recvonly");
        Assert.That(All.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        voice.Talk(1, server);
        Phone.Received.Clear();
        var resume = All.Call.ResumeAsync();
        Accept(Phone.WaitForRequest("INVITE"), "sendrecv");
        Assert.That(All.World.Await(resume), Is.EqualTo(CallCommandResult.Done));
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
        var hold = All.Call.HoldAsync();
        var offer = Phone.WaitForRequest("INVITE");
        Phone.Respond(offer, 200, "OK", Phone.Sdp.Replace("m=audio 4000", "m=audio 0", StringComparison.Ordinal));
        Assert.That(All.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        Phone.Received.Clear();
        var resume = All.Call.ResumeAsync();
        Accept(Phone.WaitForRequest("INVITE"), "sendrecv");
        Assert.That(All.World.Await(resume), Is.EqualTo(CallCommandResult.Done));
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
        var dialog = All.Up(isIncoming: false);
        var call = All.Call;
        var commands = Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? call.HoldAsync() : call.ResumeAsync()).ToArray();
        Phone.WaitForRequest("INVITE");
        Assert.That(commands.Count(c => c.IsCompleted), Is.EqualTo(83), "one is asked, sixteen wait");
        dialog.Ask("BYE");
        foreach (var command in commands)
            Assert.That(All.World.Await(command), Is.EqualTo(CallCommandResult.Ended).Or.EqualTo(CallCommandResult.NotPossible));
        All.AssertThatNothingStays();
    }

    [Test]
    public void WhileThePhoneHolds_BothHoldsAreToldOnceEach([Values] bool withMusic)
    {
        var dialog = All.Up(isIncoming: true);
        dialog.Ask("INVITE", Phone.Sdp + "a=sendonly\r\n");
        Hold(withMusic, "inactive");
        Resume("sendonly");
        All.Advance(0.1);
        AssertThatItWasTold("Held:phone Held:host Resumed:host");
        dialog.Ask("INVITE", Phone.Sdp);
        AssertThatItWasTold("Held:phone Held:host Resumed:host Resumed:phone");
        Finish(dialog);
    }

    [Test]
    public void MovedToAnotherRoomMeanwhile_ItIsHeardThereOnlyWhenItGoesOn()
    {
        var (voice, _, _, server) = Talking(isIncoming: true);
        var other = new ToneEndpoint(1000);
        var dave = All.World.StartPhone("dave", other);
        All.World.Await(All.World.Await(dave.CallAsync("room2")).Answered);
        var call = All.Server.Calls.Single(c => c.Info.From == "bob");
        var hold = call.HoldAsync(new ToneEndpoint(600));
        Accept(Phone.WaitForRequest("INVITE"), "recvonly");
        All.World.Await(hold);
        Assert.That(All.World.Await(call.MoveToRoomAsync("room2")), Is.EqualTo(CallCommandResult.Done));
        voice.Talk(0.5, server);
        voice.Forget();
        voice.Talk(1.5, server);
        Assert.That(voice.Heard.End(TimeSpan.FromSeconds(1)).Measure(600).Snr, Is.GreaterThan(30), "still the music");
        Assert.That(other.Recording.End(TimeSpan.FromSeconds(1)).LevelDbov(), Is.LessThan(-60));

        Phone.Received.Clear();
        var resume = call.ResumeAsync();
        Accept(Phone.WaitForRequest("INVITE"), "sendrecv");
        All.World.Await(resume);
        voice.Talk(0.5, server);
        voice.Forget();
        voice.Talk(1.5, server);
        Assert.That(voice.Heard.End(TimeSpan.FromSeconds(1)).Measure(1000).Snr, Is.GreaterThan(30));
        Assert.That(other.Recording.End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(30));
    }

    [Test]
    public void CallThatBeginsOnHold_WithoutAnOfferOfThePhone_IsTold()
    {
        var invite = All.Dial(sdp: "");
        var ok = Phone.WaitForResponse("INVITE", 200);
        var dialog = PhoneDialog.OfCaller(Phone, invite, ok);
        dialog.Ack(invite, ok, Phone.Sdp + "a=sendonly\r\n");
        All.Advance(0.1);
        AssertThatItWasTold("Held:phone");
        var asking = dialog.Send("INVITE");
        dialog.Ack(asking, dialog.Final(asking), Phone.Sdp);
        All.Advance(0.1);
        AssertThatItWasTold("Held:phone Resumed:phone");
        Finish(dialog);
    }
}
