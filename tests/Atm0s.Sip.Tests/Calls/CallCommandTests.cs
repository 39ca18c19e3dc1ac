using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>What a host commands, what becomes of it, and what a repetition does.</summary>
[SingleThreaded]
public sealed class CallCommandTests
{
    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers);
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void Answer_OfAWaitingCall_IsDoneOnce()
    {
        var call = Waiting();
        Assert.That(_world.Await(call.AnswerAsync()), Is.EqualTo(CallCommandResult.Done));
        _alice.WaitForResponse("INVITE", 200);
        Assert.That(_world.Await(call.AnswerAsync()), Is.EqualTo(CallCommandResult.AlreadyDone));
        Assert.That(_world.Await(call.RejectAsync()), Is.EqualTo(CallCommandResult.NotPossible));
        Assert.That(call.State, Is.EqualTo(CallState.Answered));
    }

    [Test]
    public void Answer_WhileTheHostStillDecides_IsNotPossible()
    {
        _host.Decide = async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return InviteDecision.Reject(500);
        };
        _alice.Invite("room1", "c1");
        _world.RunUntil(() => _server.Calls.Count == 1);
        Assert.That(_world.Await(_server.Calls.Single().AnswerAsync()), Is.EqualTo(CallCommandResult.NotPossible));
    }

    [Test]
    public void Reject_SaysCodeAndPhrase()
    {
        var call = Waiting();
        Assert.That(_world.Await(call.RejectAsync(603, "Not today")), Is.EqualTo(CallCommandResult.Done));
        Assert.That(_alice.WaitForResponse("INVITE", 603).StartLine, Is.EqualTo("SIP/2.0 603 Not today"));
        Assert.That(_world.Await(call.RejectAsync()), Is.EqualTo(CallCommandResult.Ended));
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.Rejected));
    }

    [Test]
    public void EveryCommand_OnACallThatHasEnded_SaysSo()
    {
        var call = Waiting();
        Assert.That(_world.Await(call.HangUpAsync()), Is.EqualTo(CallCommandResult.Done));
        Assert.That(_world.Await(call.HangUpAsync()), Is.EqualTo(CallCommandResult.AlreadyDone));
        foreach (var command in new[]
        {
            call.AnswerAsync(), call.RejectAsync(), call.MuteAsync(), call.SetGainAsync(3), call.SendDtmfAsync("1"),
                call.MoveToRoomAsync("room2"),
        })
            Assert.That(_world.Await(command), Is.EqualTo(CallCommandResult.Ended));
    }

    [Test]
    public void TwoHosts_WithTheSameCommand_OneDoesIt()
    {
        var call = Waiting();
        var both = new[] { call.HangUpAsync(486), call.HangUpAsync(603) };
        var results = both.Select(t => _world.Await(t)).ToArray();
        Assert.That(results, Is.EquivalentTo(new[] { CallCommandResult.Done, CallCommandResult.AlreadyDone }));
        Assert.That(_alice.WaitFor(m => m.IsResponse && m.Status >= 400).Status, Is.EqualTo(486), "the first one's code");
        Assert.That(_host.Events.OfType<CallEvent.Ended>().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Mute_AndGain_AreSafeToRepeat()
    {
        var call = Answered("room1");
        Assert.That(_world.Await(call.MuteAsync()), Is.EqualTo(CallCommandResult.Done));
        Assert.That(_world.Await(call.MuteAsync()), Is.EqualTo(CallCommandResult.AlreadyDone));
        Assert.That(call.IsMuted, Is.True);
        Assert.That(_world.Await(call.MuteAsync(false)), Is.EqualTo(CallCommandResult.Done));
        Assert.That(_world.Await(call.SetGainAsync(-6)), Is.EqualTo(CallCommandResult.Done));
        Assert.That(_world.Await(call.SetGainAsync(-6)), Is.EqualTo(CallCommandResult.AlreadyDone));
        Assert.That(call.Gain, Is.EqualTo(-6));
    }

    [Test]
    public void BadArguments_AreRefusedBeforeAnythingIsSent()
    {
        var call = Answered("room1");
        Assert.That(() => call.SetGainAsync(double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => call.SetGainAsync(21), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => call.SendDtmfAsync("12x"), Throws.ArgumentException);
        Assert.That(() => call.SendDtmfAsync(""), Throws.ArgumentException);
        Assert.That(() => call.SendDtmfAsync("1", TimeSpan.FromMilliseconds(10)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => call.RejectAsync(200), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => call.RejectAsync(486, "a\r\nb"), Throws.ArgumentException);
        Assert.That(() => call.MoveToRoomAsync(new string('x', 257)), Throws.ArgumentException);
        Assert.That(() => call.HangUpAsync(200), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Move_LeavesTheOneRoom_AndIsInTheOther()
    {
        var call = Answered("room1");
        Assert.That(_world.Await(call.MoveToRoomAsync("room2")), Is.EqualTo(CallCommandResult.Done));
        Assert.That(_world.Await(call.MoveToRoomAsync("room2")), Is.EqualTo(CallCommandResult.AlreadyDone));
        _world.Advance(TimeSpan.FromMilliseconds(100));

        Assert.That(_server.Rooms.Single(), Has.Property("Id").EqualTo("room2").And.Property("Connected").EqualTo(1));
        Assert.That(call.Info.RoomId, Is.EqualTo("room2"));
        var moved = _host.Events.OfType<CallEvent.Moved>().Single();
        Assert.That((moved.FromRoomId, moved.Call.RoomId), Is.EqualTo(("room1", "room2")));
        Assert.That(call.State, Is.EqualTo(CallState.Answered));
    }

    [Test]
    public void Move_OfAWaitingCall_ToARoomWithSomebody_AnswersIt()
    {
        Answered("room2");
        var bob = new ScriptedPhone(_world, "bob", "10.0.2.2");
        _host.Decide = (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("lobby"));
        bob.Invite("lobby", "c9");
        bob.WaitForResponse("INVITE", 180);
        var waiting = _server.Calls.Single(c => c.State == CallState.Ringing);

        Assert.That(_world.Await(waiting.MoveToRoomAsync("room2")), Is.EqualTo(CallCommandResult.Done));
        bob.WaitForResponse("INVITE", 200);
        Assert.That(_server.Rooms.Single(), Has.Property("Id").EqualTo("room2").And.Property("Members").EqualTo(2));
    }

    [Test]
    public void Move_AwayFromOneThatEndsWithTheOthers_EndsThatOne()
    {
        _host.Decide = (invite, _) => ValueTask.FromResult(InviteDecision.JoinRoom("room1", endWhenOthersLeave: invite.From == "bob"));
        var call = Answered("room1");
        var bob = new ScriptedPhone(_world, "bob", "10.0.2.2");
        var invite = bob.Invite("room1", "c2");
        bob.Ack(invite, bob.WaitForResponse("INVITE", 200));
        _world.Advance(TimeSpan.FromMilliseconds(100));
        _world.Await(call.MoveToRoomAsync("room2"));
        bob.WaitForRequest("BYE");
        Assert.That(_host.Events.OfType<CallEvent.Ended>().Single(), Has.Property("Cause").EqualTo(CallEndCause.OthersLeft));
    }

    [Test]
    public void Ended_TellsTheQuality()
    {
        var call = Answered("room1");
        _world.Advance(TimeSpan.FromSeconds(2));
        _world.Complete(call.HangUpAsync());
        var quality = _host.End(CallDirection.Incoming)!.Quality!;
        Assert.That(quality.Codec, Is.EqualTo("PCMA"));
        Assert.That(quality.PacketsSent, Is.InRange(95, 110));
    }

    private ISipCall Waiting()
    {
        _host.Decide = (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1"));
        _alice.Invite("room1", "c1");
        _alice.WaitForResponse("INVITE", 180);
        return _server.Calls.Single();
    }

    private ISipCall Answered(string room)
    {
        var invite = _alice.Invite(room, "c1");
        _alice.Ack(invite, _alice.WaitForResponse("INVITE", 200));
        _world.Advance(TimeSpan.FromMilliseconds(100));
        return _server.Calls.Single();
    }
}
