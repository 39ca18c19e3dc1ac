using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Calls;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Defence;

/// <summary>Who has overheard a call can neither end it nor take it over, and a phone that moves goes on.</summary>
[SingleThreaded]
public sealed class DialogSourceTests
{
    private SignallingWorld _all = null!;
    private ScriptedPhone _mallory = null!;

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [TestCase("BYE")]
    [TestCase("INFO")]
    [TestCase("REFER")]
    [TestCase("MESSAGE")]
    [TestCase("OPTIONS")]
    public void FromElsewhere_IsChallenged_AndChangesNothing(string method)
    {
        Start();
        var (invite, ok) = _all.Answered();
        _mallory.InDialog(method, invite, ok, cseq: 2_000_000, extra: "Refer-To: <sip:bob@test.local>\r\n");
        var challenge = _mallory.WaitForResponse(method, 401);
        Assert.That(challenge["WWW-Authenticate"], Does.Contain("nonce"));
        AssertThatTheCallGoesOn(invite, ok);
    }

    [TestCase("BYE", "pw-alice", 200)]
    [TestCase("BYE", "guess", 403)]
    [TestCase("INFO", "pw-alice", 200)]
    public void PasswordOfThePhone_IsTakenFromAnywhere(string method, string password, int status)
    {
        Start();
        var (invite, ok) = _all.Answered();
        _mallory.InDialog(method, invite, ok, cseq: 50);
        var challenge = _mallory.WaitForResponse(method, 401);
        _mallory.InDialog(method, invite, ok, cseq: 51, extra: _mallory.Authorize(challenge, method, ok.ContactUri, password));
        _mallory.WaitForResponse(method, status);
        Assert.That(_all.Server.Calls.Count, Is.EqualTo(method == "BYE" && status == 200 ? 0 : 1));
    }

    [Test]
    public void PasswordOfAnotherUser_IsNone()
    {
        Start();
        var (invite, ok) = _all.Answered();
        var bob = new ScriptedPhone(_all.World, "bob", "10.66.6.8");
        bob.InDialog("BYE", invite, ok, cseq: 50);
        var challenge = bob.WaitForResponse("BYE", 401);
        bob.InDialog("BYE", invite, ok, cseq: 51, extra: bob.Authorize(challenge, "BYE", ok.ContactUri));
        bob.WaitForResponse("BYE", 403);
        AssertThatTheCallGoesOn(invite, ok);
    }

    [TestCase("INVITE")]
    [TestCase("UPDATE")]
    public void OfferFromElsewhere_WhileThePhoneIsThere_IsChallenged_AndItsAudioStays(string method)
    {
        Start();
        var (invite, ok) = _all.Answered();
        _mallory.InDialog(method, invite, ok, _mallory.Sdp, cseq: 2_000_000);
        _all.Alice.Respond(_all.Alice.WaitForRequest("OPTIONS"), 200, "OK");
        _mallory.WaitForResponse(method, 401, TimeSpan.FromMilliseconds(100));
        AssertThatTheCallGoesOn(invite, ok);
        _all.Alice.WaitForRequest("OPTIONS");
    }

    [Test]
    public void PhoneThatMoves_IsBelieved_WhenNothingIsLeftWhereItWas([Values("INVITE", "UPDATE")] string method)
    {
        Start();
        var (invite, ok) = _all.Answered();
        var moved = new ScriptedPhone(_all.World, "alice", "10.0.9.9");
        var again = moved.InDialog(method, invite, ok, moved.Sdp, cseq: 50);
        // What it sends meanwhile, and its repetitions, do not disturb.
        moved.Send(again.Raw);
        var answer = moved.WaitForResponse(method, 200, TimeSpan.FromSeconds(3));
        if (method == "INVITE")
            moved.Ack(again, answer);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        moved.InDialog("BYE", invite, ok, cseq: 60);
        moved.WaitForResponse("BYE", 200, TimeSpan.FromMilliseconds(100));
        Assert.That(_all.Alice.Received.Count(m => m.Method == "BYE"), Is.Zero);
    }

    [TestCase(200, 481)]
    [TestCase(405, 481)]
    [TestCase(481, 200)]
    public void WithoutAPassword_ThePhoneIsAskedWhereItWas(int itsAnswer, int answer)
    {
        Start();
        var (invite, ok) = AnsweredOpen();
        _mallory.InDialog("BYE", invite, ok, cseq: 50);
        _all.Stranger.Respond(_all.Stranger.WaitForRequest("OPTIONS"), itsAnswer, "Says it");
        _mallory.WaitForResponse("BYE", answer, TimeSpan.FromMilliseconds(100));
        Assert.That(_all.Server.Calls.Count, Is.EqualTo(answer == 200 ? 0 : 1));
    }

    [Test]
    public void WithoutAPassword_NothingLeftThere_IsBelieved()
    {
        Start();
        var (invite, ok) = AnsweredOpen();
        _mallory.InDialog("BYE", invite, ok, cseq: 50);
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_mallory.Received, Is.Empty);
        _mallory.WaitForResponse("BYE", 200, TimeSpan.FromSeconds(2));
    }

    [Test]
    public void AudioThatGoesOn_IsASignOfLife()
    {
        Start();
        var (invite, ok) = AnsweredOpen();
        var voice = new RtpPeer(_all.World, "10.66.6.6:4000");
        _mallory.InDialog("BYE", invite, ok, cseq: 50);
        voice.Talk(TimeSpan.FromSeconds(3), SdpText.Rtp(ok));

        Assert.That(_mallory.Received.Select(m => m.Status), Is.EqualTo(new[] { 481 }));
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public void Cancel_IsOfWhoHasInvited()
    {
        Start();
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("q"));
        var invite = _all.Alice.Invite("room1", "c1");
        _all.Alice.WaitForResponse("INVITE", 180);
        _mallory.Cancel(invite);
        _mallory.WaitForResponse("CANCEL", 481);
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That(SignallingWorld.Finals(_all.Alice), Is.Empty);
        var otherPort = new ScriptedPhone(_all.World, "alice", "10.0.2.1", 5099);
        otherPort.Cancel(invite);
        otherPort.WaitForResponse("CANCEL", 200);
        _all.Alice.WaitForResponse("INVITE", 487);
    }

    [TestCase("port")]
    [TestCase("trusted")]
    [TestCase("registered")]
    [TestCase("off")]
    public void PlaceThatIsKnown_IsNotAsked(string how)
    {
        Start(options =>
        {
            if (how == "trusted")
                options.Access.Trust("10.0.7.0/24");
            options.Defence.CheckDialogSource = how != "off";
        });
        var (invite, ok) = _all.Answered();
        var other = how == "port" ? new ScriptedPhone(_all.World, "alice", "10.0.2.1", 5099)
            : new ScriptedPhone(_all.World, "alice", "10.0.7.7");
        if (how == "registered")
            other.Register(callId: "elsewhere");
        other.InDialog("BYE", invite, ok, cseq: 50);
        other.WaitForResponse("BYE", 200, TimeSpan.FromMilliseconds(100));
    }

    [Test]
    public void AddressesOfATrunk_AreOne()
    {
        Start(options => options.Trunks.Add(new TrunkOptions { Name = "carrier", Server = "sip:10.0.3.1", Networks = ["10.0.3.0/24"] }));
        var (one, two) = (new ScriptedPhone(_all.World, "carrier", "10.0.3.1"), new ScriptedPhone(_all.World, "carrier", "10.0.3.2"));
        var invite = SignallingWorld.CallOpen(one, "123", "c1");
        var ok = one.WaitForResponse("INVITE", 200);
        one.Ack(invite, ok);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        two.InDialog("BYE", invite, ok, cseq: 50);
        two.WaitForResponse("BYE", 200, TimeSpan.FromMilliseconds(100));
    }

    [Test]
    public void CallThatEndsWhileThePhoneIsAsked_LeavesNothing()
    {
        Start();
        var (invite, ok) = AnsweredOpen();
        _mallory.InDialog("INFO", invite, ok, cseq: 50);
        _all.Stranger.WaitForRequest("OPTIONS");
        _all.Stranger.InDialog("BYE", invite, ok, cseq: 49);
        _all.Stranger.WaitForResponse("BYE", 200);
        _all.World.Advance(TimeSpan.FromMinutes(2));
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
    }

    private void Start(Action<SipServerOptions>? configure = null)
    {
        _all = new SignallingWorld(configure);
        _mallory = new ScriptedPhone(_all.World, "alice", "10.66.6.9");
    }

    private (SipText Invite, SipText Ok) AnsweredOpen()
    {
        var invite = SignallingWorld.CallOpen(_all.Stranger, "open-1", "c1");
        var ok = _all.Stranger.WaitForResponse("INVITE", 200);
        _all.Stranger.Ack(invite, ok);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        return (invite, ok);
    }

    private void AssertThatTheCallGoesOn(SipText invite, SipText ok)
    {
        _all.World.Advance(TimeSpan.FromSeconds(3));
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(1));
        var again = _all.Alice.InDialog("INVITE", invite, ok, _all.Alice.Sdp);
        _all.Alice.Ack(again, _all.Alice.WaitFor(m => m.Method == "INVITE" && m.Status == 200 && m["CSeq"] == again["CSeq"]));
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        _ = _all.Server.Calls.Single().HangUpAsync();
        _all.Alice.WaitForRequest("BYE", TimeSpan.FromSeconds(1));
        Assert.That(SignallingWorld.Requests(_mallory, "BYE"), Is.Zero);
    }
}
