using System.Net;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>
/// What is heard before the answer: by a caller of the room it waits in, by the room of a phone that rings (RFC 3261 §13.3.1.1, RFC 3262
/// §5, RFC 6337 §3.1.1).
/// </summary>
[SingleThreaded]
public sealed class EarlyMediaTests
{
    private static readonly OutgoingCallOptions Early = new() { EarlyMedia = true };

    private readonly Stack<DialogWorld> _worlds = new();
    private DialogWorld _all = null!;

    private ScriptedPhone Bob => _all.Phone;

    [SetUp]
    public void SetUp() => Start();

    [TearDown]
    public async Task TearDown()
    {
        while (_worlds.TryPop(out var world))
            await world.DisposeAsync();
    }

    [Test]
    public void CallerHearsTheAnnouncementOfTheCalled_AndTheOtherWayRound([Values] bool isReliable)
    {
        var (alice, invite, ringing, caller) = Waiting(isReliable ? "Supported: 100rel\r\n" : "");
        var called = Voice("10.0.2.2:4000", 880);
        var ours = _all.Ring(Early);
        Bob.Respond(ours, 183, "Progress", Bob.Sdp, extra: isReliable ? "Require: 100rel\r\nRSeq: 1\r\n" : "");
        _all.Advance(0.1);
        if (isReliable)
            PhoneDialog.OfCaller(alice, invite, ringing).Prack(ringing);
        TalkBoth(caller, SdpText.Rtp(ringing), called, SdpText.Rtp(ours), 2);

        Assert.That(_all.Server.Calls.Select(c => c.State), Has.All.EqualTo(CallState.Ringing));
        Assert.That(caller.Heard.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30));
        Assert.That(called.Heard.End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(30));

        // The answer changes nothing of what is heard: no click, no other port.
        caller.Forget();
        Bob.Respond(ours, 200, "OK", Bob.Sdp);
        _all.Advance(0.05);
        Assert.That(_all.Server.Calls.Select(c => c.State), Has.All.EqualTo(CallState.Answered));
        TalkBoth(caller, SdpText.Rtp(ringing), called, SdpText.Rtp(ours), 1);
        Assert.That(caller.Heard.End(TimeSpan.FromSeconds(0.5)).Measure(880).Snr, Is.GreaterThan(30));
        _all.AssertThatNothingFailed();
    }

    [Test]
    public void NotAskedFor_NothingIsSentBeforeTheAnswer()
    {
        var (_, _, ringing, caller) = Waiting(early: false);
        Assert.That(ringing.Body, Is.Empty);
        var called = Voice("10.0.2.2:4000", 880);
        var ours = _all.Ring();
        Bob.Respond(ours, 183, "Progress", Bob.Sdp);
        called.Talk(1, SdpText.Rtp(ours));
        Assert.That((caller.Heard.Samples.Length, called.Heard.Samples.Length), Is.EqualTo((0, 0)));
    }

    [Test]
    public void The200WithAnotherDescriptionThanThe183_IsTheOneThatCounts()
    {
        var (before, after) = (Voice("10.0.2.2:4000", 700), Voice("10.0.2.2:4100", 700));
        var ours = _all.Ring(Early);
        Bob.Respond(ours, 183, "Progress", Bob.Sdp);
        before.Talk(0.5, SdpText.Rtp(ours));
        Assert.That(before.Heard.Samples, Is.Not.Empty);
        Bob.Respond(ours, 200, "OK", Bob.Sdp.Replace("4000", "4100", StringComparison.Ordinal));
        _all.Advance(0.1);
        after.Talk(0.2, SdpText.Rtp(ours));
        before.Forget();
        after.Talk(1, SdpText.Rtp(ours));
        Assert.That((before.Heard.Samples.Length, after.Heard.Samples.Length > 7000), Is.EqualTo((0, true)));
        Assert.That(_all.Call.GetStatistics()!.Remote!.Port, Is.EqualTo(4100));
    }

    [Test]
    public void TwoPhonesOfAFork_TheLastThatSpokeIsHeard_AndTheOneThatAnswersHasTheCall(
        [Values] bool isReliable, [Values("a", "b")] string answers, [Values] bool withDescription)
    {
        var (a, b) = (Voice("10.0.2.2:4000", 700), Voice("10.0.2.2:4100", 700));
        var ours = _all.Ring(Early);
        var (sdpA, sdpB) = (Bob.Sdp, Bob.Sdp.Replace("4000", "4100", StringComparison.Ordinal));
        var reliable = isReliable ? "Require: 100rel\r\nRSeq: 1\r\n" : "";
        Bob.Respond(ours, 183, "Progress", sdpA, "a", reliable);
        a.Talk(0.3, SdpText.Rtp(ours));
        Assert.That(a.Heard.Samples, Is.Not.Empty);
        Bob.Respond(ours, 183, "Progress", sdpB, "b", reliable);
        b.Talk(0.3, SdpText.Rtp(ours));
        Assert.That(b.Heard.Samples, Is.Not.Empty);

        Bob.Respond(ours, 200, "OK", !withDescription ? "" : answers == "a" ? sdpA : sdpB, answers);
        _all.Advance(0.1);
        var (winner, loser) = answers == "a" ? (a, b) : (b, a);
        winner.Talk(0.3, SdpText.Rtp(ours));
        loser.Forget();
        winner.Talk(1, SdpText.Rtp(ours));
        Assert.That(loser.Heard.Samples, Is.Empty);
        Assert.That(winner.Heard.Samples.Length, Is.GreaterThan(7000));
        Assert.That(_all.Call.GetStatistics()!.Remote!.Port, Is.EqualTo(answers == "a" ? 4000 : 4100));
        Assert.That(_all.Story, Is.EqualTo("Connecting Ringing Answered"));
    }

    [Test]
    public void FirstPhoneOfAForkSpeaksAgain_ItIsHeardAgain()
    {
        var (a, b) = (Voice("10.0.2.2:4000", 700), Voice("10.0.2.2:4100", 700));
        var ours = _all.Ring(Early);
        Bob.Respond(ours, 183, "Progress", Bob.Sdp, "a");
        Bob.Respond(ours, 183, "Progress", Bob.Sdp.Replace("4000", "4100", StringComparison.Ordinal), "b");
        b.Talk(0.3, SdpText.Rtp(ours));
        Bob.Respond(ours, 183, "Progress", Bob.Sdp, "a");
        _all.Advance(0.1);
        b.Forget();
        a.Forget();
        a.Talk(1, SdpText.Rtp(ours));
        Assert.That((a.Heard.Samples.Length > 7000, b.Heard.Samples.Length), Is.EqualTo((true, 0)));
    }

    [Test]
    public void AudioThatFailsWhileOneRings_IsNotOfferedToTheNext([Values] bool isHeard)
    {
        var carol = new ScriptedPhone(_all.World, "carol", "10.0.2.3");
        var voice = Voice("10.0.2.3:4000", 700);
        Assert.That((Bob.Register().Status, carol.Register(callId: "carol").Status), Is.EqualTo((200, 200)));
        var options = Early with { RingOrder = RingOrder.ByPriority };
        var call = _all.World.Await(_all.Server.CallGroupAsync("room1", ["bob", "carol"], "1001", options).AsTask());
        var bobs = Bob.WaitForRequest("INVITE");
        Bob.Respond(bobs, 183, "Progress", isHeard ? Bob.Sdp : "");
        _all.Advance(0.1);
        var leg = ((CallHandle)call).Inner.Audio!.Rtp;
        leg.Close();
        leg.News.Tell(LegNewsKind.Failed);
        Bob.Respond(Bob.WaitForRequest("CANCEL"), 200, "OK");
        Bob.Respond(bobs, 487, "Request Terminated");

        var carols = carol.WaitForRequest("INVITE");
        Assert.That(SdpText.Rtp(carols), Is.Not.EqualTo(leg.LocalEndPoint));
        carol.Respond(carols, 200, "OK", carol.Sdp);
        carol.WaitForRequest("ACK");
        voice.Talk(1, SdpText.Rtp(carols));
        Assert.That(call.State, Is.EqualTo(CallState.Answered));
        Assert.That(call.GetStatistics()!.PacketsReceived, Is.GreaterThan(40));
        Assert.That(voice.Heard.Samples.Length, Is.GreaterThan(7000));
    }

    [Test]
    public void CallerWhoGivesUp_HearsNothingMore_AndNothingStays()
    {
        var (alice, invite, ringing, caller) = Waiting("");
        var ours = _all.Ring(Early with { ForCallId = _all.Server.Calls.Single().Id });
        Bob.Respond(ours, 183, "Progress", Bob.Sdp);
        caller.Talk(0.5, SdpText.Rtp(ringing));
        alice.Cancel(invite);
        alice.Ack(invite, alice.WaitForResponse("INVITE", 487));
        Bob.Respond(Bob.WaitForRequest("CANCEL"), 200, "OK");
        Bob.Respond(ours, 487, "Request Terminated");
        _all.Advance(0.1);
        caller.Forget();
        caller.Talk(1, SdpText.Rtp(ringing));
        Assert.That(caller.Heard.Samples, Is.Empty);
        _all.AssertThatNothingStays();
    }

    [Test]
    public void CallerWhoHasShownNothingButAnAddress_GetsNoFloodBeforeItSpeaks([Values] bool isTrusted)
    {
        // A trusted address may be forged, too: the audio would go to a third one.
        if (isTrusted)
            Start(options => options.Access.Trust("10.55.5.5"));
        _all.Host.Decide = (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1", earlyMedia: true));
        var stranger = new ScriptedPhone(_all.World, "stranger", isTrusted ? "10.55.5.5" : "10.66.6.6");
        var voice = Voice("10.66.6.6:4000", 440);
        var sdp = stranger.Sdp.Replace("10.55.5.5", "10.66.6.6", StringComparison.Ordinal);
        stranger.Send(stranger.Request("INVITE", "open-1", "s1", sdp, stranger.Contact()));
        var ringing = stranger.WaitForResponse("INVITE", 183);
        var called = Voice("10.0.2.2:4000", 880);
        var ours = _all.Ring(Early);
        Bob.Respond(ours, 183, "Progress", Bob.Sdp);
        Listen(voice, called, SdpText.Rtp(ours), 3);
        var heard = voice.Heard.Samples.Length / 160;
        Assert.That(heard, Is.InRange(1, 5));
        voice.Talk(0.5, SdpText.Rtp(ringing));
        TalkBoth(voice, SdpText.Rtp(ringing), called, SdpText.Rtp(ours), 2);
        Assert.That(voice.Heard.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30));
    }

    /// <summary>A gateway that says nothing before the answer hears what is early all the same.</summary>
    [TestCase("10.55.5.5", Description = "where it calls from")]
    [TestCase("10.66.6.6", Description = "elsewhere, and trusted as well")]
    [TestCase("10.55.5.9", Description = "in the network of its trunk")]
    public void TrustedCaller_HearsWhatIsEarly_WithoutAWord(string audio)
    {
        Start(options =>
        {
            options.Access.Trust("10.66.6.6");
            options.Trunks.Add(new TrunkOptions { Name = "carrier", Server = "sip:10.55.5.5", Networks = ["10.55.5.0/24"] });
        });
        _all.Host.Decide = (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1", earlyMedia: true));
        var gateway = new ScriptedPhone(_all.World, "gateway", "10.55.5.5");
        var voice = Voice($"{audio}:4000", 440);
        var sdp = gateway.Sdp.Replace("10.55.5.5", audio, StringComparison.Ordinal);
        gateway.Send(gateway.Request("INVITE", "open-1", "g1", sdp, gateway.Contact()));
        gateway.WaitForResponse("INVITE", 183);
        var called = Voice("10.0.2.2:4000", 880);
        var ours = _all.Ring(Early);
        Bob.Respond(ours, 183, "Progress", Bob.Sdp);
        Listen(voice, called, SdpText.Rtp(ours), 3);
        Assert.That(voice.Heard.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30));
    }

    [Test]
    public void PhoneThatSaysNothingBeforeTheAnswer_IsNotMissed_AndAfterItIs([Values] bool isIncoming)
    {
        Start(options =>
        {
            options.Media.Timeout = TimeSpan.FromSeconds(30);
            options.Calls.WaitForOthersTimeout = options.Calls.RingTimeout = TimeSpan.FromMinutes(5);
        });
        SipText? ours = null;
        if (isIncoming)
        {
            Waiting("");
        }
        else
        {
            ours = _all.Ring(Early);
            Bob.Respond(ours, 183, "Progress", Bob.Sdp);
        }

        _all.Advance(50);
        var call = _all.Server.Calls.Single();
        Assert.That(call.State, Is.EqualTo(CallState.Ringing));
        if (ours is not null)
            Bob.Respond(ours, 200, "OK", Bob.Sdp);
        else
            _ = call.AnswerAsync();
        _all.Advance(20);
        Assert.That(call.State, Is.EqualTo(CallState.Answered));
        _all.Advance(11);
        Assert.That(_all.Cause, Is.EqualTo(CallEndCause.MediaTimeout));
    }

    [Test]
    public void MutedBeforeTheAnswer_TheRoomDoesNotHearIt()
    {
        var (_, _, ringing, caller) = Waiting("");
        _all.World.Await(_all.Server.Calls.Single().MuteAsync());
        var called = Voice("10.0.2.2:4000", 880);
        var ours = _all.Ring(Early);
        Bob.Respond(ours, 183, "Progress", Bob.Sdp);
        _all.Advance(0.1);
        TalkBoth(caller, SdpText.Rtp(ringing), called, SdpText.Rtp(ours), 2);
        Assert.That(called.Heard.End(TimeSpan.FromSeconds(1)).LevelDbov(), Is.LessThan(-60));
        Assert.That(caller.Heard.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30));
    }

    [Test]
    public void EarlyDescriptionThatCanNotBeUsed_IsNoEnd_UntilThe200SaysNothingBetter([Values] bool isBetter)
    {
        var ours = _all.Ring(Early);
        Bob.Respond(ours, 183, "Progress", "v=0\r\nrubbish\r\n");
        _all.Advance(0.5);
        Assert.That(_all.Call.State, Is.EqualTo(CallState.Ringing));
        Bob.Respond(ours, 200, "OK", isBetter ? Bob.Sdp : "");
        Bob.WaitForRequest("ACK");
        if (isBetter)
        {
            Assert.That(_all.Call.State, Is.EqualTo(CallState.Answered));
            return;
        }

        Bob.Respond(Bob.WaitForRequest("BYE"), 200, "OK");
        Assert.That(_all.Cause, Is.EqualTo(CallEndCause.MediaNegotiation));
        _all.AssertThatNothingStays();
    }

    private void Start(Action<SipServerOptions>? configure = null)
    {
        _all = new DialogWorld(configure);
        _worlds.Push(_all);
    }

    private RtpVoice Voice(string address, double frequency)
    {
        _all.Sockets += 2;
        return new RtpVoice(new RtpPeer(_all.World, address), frequency);
    }

    // A caller that waits in room1, and hears it where it is to.
    private (ScriptedPhone Alice, SipText Invite, SipText Ringing, RtpVoice Voice) Waiting(string extra = "", bool early = true)
    {
        _all.Host.Decide = (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1", earlyMedia: early));
        var alice = new ScriptedPhone(_all.World, "alice", "10.0.2.1");
        var voice = Voice("10.0.2.1:4000", 440);
        alice.Send(alice.Request("INVITE", "room1", "c1", alice.Sdp, alice.Contact() + extra));
        var challenge = alice.WaitForResponse("INVITE", 401);
        var invite = alice.Request(
            "INVITE", "room1", "c1", alice.Sdp, alice.Contact() + extra + alice.Authorize(challenge, "INVITE", "sip:room1@test.local"));
        alice.Send(invite);
        return (alice, new SipText(invite), alice.WaitForResponse("INVITE", early ? 183 : 180), voice);
    }

    private static void Listen(RtpVoice one, RtpVoice other, IPEndPoint toOther, double seconds)
    {
        for (var i = 0; i < seconds * 50; i++)
        {
            other.Talk(0.02, toOther);
            one.Hear();
        }
    }

    private static void TalkBoth(RtpVoice? one, IPEndPoint? toOne, RtpVoice other, IPEndPoint toOther, double seconds)
    {
        for (var i = 0; i < seconds * 50; i++)
        {
            one?.Send(toOne!);
            other.Talk(0.02, toOther);
            one?.Hear();
        }
    }
}
