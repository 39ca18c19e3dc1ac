using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>The host rings somebody for a caller, and the caller is gone before the host has said so: the ringing ends.</summary>
[SingleThreaded]
public sealed class LateDecisionTests
{
    private TaskCompletionSource _answering = null!;
    private SignallingWorld _all = null!;
    private ScriptedPhone _bob = null!;

    [SetUp]
    public void SetUp()
    {
        _answering = new TaskCompletionSource();
        _all = new SignallingWorld(options => options.Media.Timeout = TimeSpan.Zero);
        _bob = Registered("bob", "10.0.2.2");
        _all.Host.Decide = async (_, _) =>
        {
            await CallAsync("bob");
            await _answering.Task;
            return InviteDecision.WaitForOthers("r1");
        };
    }

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void CallerGivesUp_TheRingingStops()
    {
        RingAndGiveUp();
        Assert.That(SignallingWorld.Requests(_bob, "CANCEL"), Is.Zero);
        _answering.SetResult();
        AssertThatItHears("CANCEL");
        Assert.That(_all.Server.Calls, Is.Empty);
    }

    [Test]
    public void CallerGivesUp_WhoHasAnsweredGetsABye()
    {
        _bob.Respond(RingAndGiveUp(), 200, "OK", _bob.Sdp);
        _bob.WaitForRequest("ACK");
        _answering.SetResult();
        AssertThatItHears("BYE");
    }

    [Test]
    public void CallerIsRefusedBecauseTheHostIsSlow_TheRingingStopsWhenItAnswers()
    {
        RingUntilTheHostIsTooSlow();
        _answering.SetResult();
        _bob.WaitForRequest("CANCEL", TimeSpan.FromMilliseconds(100));
    }

    [Test]
    public void SomebodyElseIsInTheRoom_TheRingingGoesOn()
    {
        var carol = Registered("carol", "10.0.2.3");
        _ = CallAsync("carol");
        carol.Respond(carol.WaitForRequest("INVITE"), 200, "OK", carol.Sdp);
        _all.World.Advance(TimeSpan.FromSeconds(1));
        RingUntilTheHostIsTooSlow();
        _answering.SetResult();
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That(SignallingWorld.Requests(_bob, "CANCEL"), Is.Zero);
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public void TheAnswerNamesAnotherRoom_TheRingingGoesOn()
    {
        _all.Host.Decide = async (_, _) =>
        {
            await CallAsync("bob");
            await _answering.Task;
            return InviteDecision.WaitForOthers("r2");
        };
        RingUntilTheHostIsTooSlow();
        _answering.SetResult();
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That(SignallingWorld.Requests(_bob, "CANCEL"), Is.Zero);
    }

    [Test]
    public void WhoRingsForAnotherCallerOfTheRoom_RingsOn()
    {
        var carol = Registered("carol", "10.0.2.3");
        var (late, cancelled) = (new TaskCompletionSource(), default(CancellationToken));
        _all.Host.Decide = async (invite, cancellation) =>
        {
            if (invite.From == "alice")
            {
                cancelled = cancellation;
                await late.Task;
            }
            else
            {
                await CallAsync("bob", invite.CallId);
                await _answering.Task;
            }

            return InviteDecision.WaitForOthers("r1");
        };
        var invite = _all.Alice.Invite("bob", "c1");
        _all.World.RunUntil(() => cancelled.CanBeCanceled, TimeSpan.FromSeconds(5));
        carol.Invite("bob", "c2");
        Ring(_bob.WaitForRequest("INVITE"));
        _all.Alice.Cancel(invite);
        _all.Alice.Ack(invite, _all.Alice.WaitForResponse("INVITE", 487));
        Assert.That(() => cancelled.IsCancellationRequested, Is.True.After(5000, 5));
        _all.World.Advance(TimeSpan.FromSeconds(1));
        late.SetResult();
        _all.World.Advance(TimeSpan.FromSeconds(1));

        Assert.That(SignallingWorld.Requests(_bob, "CANCEL"), Is.Zero);
        _answering.SetResult();
        carol.WaitForResponse("INVITE", 180);
    }

    [Test]
    public void WhoWasRungForAnotherCallerOfTheRoom_IsNoAnswerForThisOne()
    {
        var (carol, isAsked) = (Registered("carol", "10.0.2.3"), false);
        _all.Host.Decide = async (invite, _) =>
        {
            isAsked = true;
            if (invite.From == "carol")
                await CallAsync("bob", invite.CallId);
            await _answering.Task;
            return InviteDecision.WaitForOthers(invite.From == "carol" ? "r2" : "r1");
        };
        _all.Alice.Invite("bob", "c1");
        _all.World.RunUntil(() => isAsked, TimeSpan.FromSeconds(5));
        carol.Invite("bob", "c2");
        _bob.Respond(_bob.WaitForRequest("INVITE"), 486, "Busy Here");
        _all.World.Advance(TimeSpan.FromSeconds(1));
        _answering.SetResult();

        carol.WaitForResponse("INVITE", 486);
        _all.Alice.WaitForResponse("INVITE", 180);
    }

    [TestCase(60, true)]
    [TestCase(0, false)]
    public void AnsweredCallThatIsAlone_EndsAfterAWhile(int seconds, bool ends)
    {
        _all.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _all = new SignallingWorld(options =>
        {
            options.Media.Timeout = TimeSpan.Zero;
            options.Calls.AloneTimeout = TimeSpan.FromSeconds(seconds);
        });
        _bob = Registered("bob", "10.0.2.2");
        Answer();
        _all.World.Advance(TimeSpan.FromSeconds(59));
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(1));
        _all.World.Advance(TimeSpan.FromSeconds(2));
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(ends ? 0 : 1));
        Assert.That(SignallingWorld.Requests(_bob, "BYE"), ends ? Is.Positive : Is.Zero);
    }

    [Test]
    public void AnsweredCallThatIsNotAloneAnyMore_GoesOn()
    {
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.JoinRoom("r1"));
        Answer();
        _all.World.Advance(TimeSpan.FromSeconds(50));
        _all.Answered();
        _all.World.Advance(TimeSpan.FromSeconds(60));
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(2));
    }

    private ScriptedPhone Registered(string user, string host)
    {
        var phone = new ScriptedPhone(_all.World, user, host);
        phone.Register();
        phone.Received.Clear();
        return phone;
    }

    private async Task CallAsync(string user, string? forCallId = null) => await _all.Server.CallClientAsync(
        "r1", _all.Server.FindRegistrations(user)[0].SessionId, "1", new OutgoingCallOptions { ForCallId = forCallId });

    private SipText RingAndGiveUp()
    {
        var invite = _all.Alice.Invite("bob", "c1");
        var ringing = _bob.WaitForRequest("INVITE");
        Ring(ringing);
        _all.Alice.Cancel(invite);
        _all.Alice.Ack(invite, _all.Alice.WaitForResponse("INVITE", 487));
        _all.World.Advance(TimeSpan.FromSeconds(1));
        return ringing;
    }

    private void RingUntilTheHostIsTooSlow()
    {
        _all.Alice.Invite("bob", "c1");
        Ring(_bob.WaitForRequest("INVITE"));
        _all.Alice.WaitForResponse("INVITE", 503);
    }

    // A question is cancelled on the pool: virtual time alone does not bring it about.
    private void AssertThatItHears(string method) => Assert.That(
        () =>
        {
            _all.World.Advance(TimeSpan.FromMilliseconds(5));
            return SignallingWorld.Requests(_bob, method);
        },
        Is.Positive.After(5000, 5));

    private void Ring(SipText invite)
    {
        _bob.Respond(invite, 180, "Ringing");
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
    }

    private void Answer()
    {
        _ = CallAsync("bob");
        _bob.Respond(_bob.WaitForRequest("INVITE"), 200, "OK", _bob.Sdp);
        _bob.WaitForRequest("ACK");
    }
}
