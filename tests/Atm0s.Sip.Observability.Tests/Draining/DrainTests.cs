using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Observability.Tests.Draining;

/// <summary>A server that drains: what is up goes on, and nothing new comes.</summary>
[SingleThreaded]
public sealed class DrainTests
{
    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;
    private ScriptedPhone _bob = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers, options => options.Media.Timeout = TimeSpan.Zero);
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        _bob = new ScriptedPhone(_world, "bob", "10.0.2.2");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void NewInvite_Is503WithRetryAfter()
    {
        Begin();
        _bob.Send(_bob.Request("INVITE", "room2", "c2", _bob.Sdp, _bob.Contact()));

        Assert.That(_bob.WaitForResponse("INVITE", 503)["Retry-After"], Is.EqualTo("30"));
        Assert.That(_host.Invited, Is.Empty);
        Assert.That(_server.IsDraining, Is.True);
    }

    [Test]
    public void Options_Is503_SoThatProxiesSendCallsElsewhere()
    {
        _bob.Send(_bob.Request("OPTIONS", null, "o1"));
        _bob.WaitForResponse("OPTIONS", 200);
        Begin();
        _bob.Send(_bob.Request("OPTIONS", null, "o2"));

        Assert.That(_bob.WaitForResponse("OPTIONS", 503)["Retry-After"], Is.EqualTo("30"));
    }

    [Test]
    public void Registrations_GoOn()
    {
        _bob.Register();
        Begin();

        Assert.That(_bob.Register().Status, Is.EqualTo(200));
        Assert.That(_alice.Register(callId: "first").Status, Is.EqualTo(200));
    }

    [Test]
    public void CallThatIsUp_IsServed_AndItsEndEndsTheWait()
    {
        var (invite, ok) = Up(_alice, "room1");
        var draining = Begin();
        _alice.InDialog("INVITE", invite, ok, _alice.Sdp);
        Assert.That(_alice.WaitFor(m => m.IsResponse && m.Method == "INVITE" && m != ok && m["CSeq"] != invite["CSeq"]).Status,
            Is.EqualTo(200));
        _world.Advance(TimeSpan.FromSeconds(30));
        Assert.That(draining.IsCompleted, Is.False);

        _alice.InDialog("BYE", invite, ok);
        _alice.WaitForResponse("BYE", 200);
        Assert.That(_world.Await(draining), Is.Zero);
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.RemoteHangup));
    }

    [Test]
    public void LimitThatPasses_LeavesTheCallUp_AndTheStopSaysBye()
    {
        Up(_alice, "room1");
        var left = _world.Await(Begin(), TimeSpan.FromMinutes(3));
        Assert.That(left, Is.EqualTo(1));
        Assert.That(_server.Calls, Has.Count.EqualTo(1));

        var stopping = _server.StopAsync();
        _alice.Respond(_alice.WaitForRequest("BYE"), 200, "OK");
        _world.Complete(stopping);
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.Shutdown));
    }

    [Test]
    public void NothingIsUp_IsThroughAtOnce()
    {
        var draining = Begin();
        Assert.That(draining.IsCompletedSuccessfully && draining.Result == 0, Is.True);
    }

    [Test]
    public void WhoDrainsTwice_IsToldTwice()
    {
        var (invite, ok) = Up(_alice, "room1");
        var (first, second) = (Begin(), _server.DrainAsync(Timeout.InfiniteTimeSpan));
        _alice.InDialog("BYE", invite, ok);
        _alice.WaitForResponse("BYE", 200);

        Assert.That((_world.Await(first), _world.Await(second)), Is.EqualTo((0, 0)));
    }

    [Test]
    public void CancelledWait_ThrowsNothing_AndTakesNoCallsAllTheSame()
    {
        Up(_alice, "room1");
        using var patience = new CancellationTokenSource();
        var draining = _server.DrainAsync(TimeSpan.MaxValue, patience.Token);
        patience.Cancel();

        Assert.That(_world.Await(draining), Is.EqualTo(1));
        Assert.That(_server.IsDraining, Is.True);
    }

    [Test]
    public void Stop_EndsTheWait()
    {
        Up(_alice, "room1");
        var draining = Begin();
        var stopping = _server.StopAsync();
        _alice.Respond(_alice.WaitForRequest("BYE"), 200, "OK");
        _world.Complete(stopping);

        Assert.That(_world.Await(draining), Is.Zero);
    }

    [Test]
    public void CallOfTheHost_IsRefused_ButNotIntoARoomThatIsUp()
    {
        _bob.Register();
        Up(_alice, "room1");
        Begin();

        var alone = _world.Await(_server.CallUserAsync("room2", "bob", "1001").AsTask());
        Assert.That(alone.Answered.Result, Is.EqualTo(new CallOutcome(false, CallEndCause.Shutdown, 503)));
        _world.Await(_server.CallUserAsync("room1", "bob", "1001").AsTask());
        Assert.That(_bob.WaitForRequest("INVITE"), Is.Not.Null);
    }

    [Test]
    public void InviteInPlaceOfAnotherCall_IsTaken()
    {
        var (invite, ok) = Up(_alice, "room1");
        Begin();
        var (to, from) = (Tag(ok["To"]), Tag(invite["From"]));
        var replaces = $"Replaces: {invite["Call-ID"]};to-tag={to};from-tag={from}\r\nRequire: replaces\r\n";
        _bob.Send(_bob.Request("INVITE", "alice", "c3", _bob.Sdp, _bob.Contact() + replaces));

        Assert.That(_bob.WaitFor(m => m.IsResponse && m.Method == "INVITE" && m.Status >= 200).Status, Is.EqualTo(401), "asked who it is");
    }

    [TestCase(-2)]
    public void NegativeLimit_IsRefused(int seconds) =>
        Assert.That(() => _server.DrainAsync(TimeSpan.FromSeconds(seconds)), Throws.TypeOf<ArgumentOutOfRangeException>());

    private static string Tag(string address) => address[(address.IndexOf(";tag=", StringComparison.Ordinal) + 5)..];

    private Task<int> Begin() => _server.DrainAsync(TimeSpan.FromMinutes(2));

    private (SipText Invite, SipText Ok) Up(ScriptedPhone phone, string room)
    {
        var invite = phone.Invite(room, "c1");
        var ok = phone.WaitForResponse("INVITE", 200);
        phone.Ack(invite, ok);
        _world.Advance(TimeSpan.FromMilliseconds(100));
        return (invite, ok);
    }
}
