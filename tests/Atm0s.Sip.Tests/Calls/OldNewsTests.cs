using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>What was true of a room, a call or a server a moment ago does no harm to who comes after.</summary>
[SingleThreaded]
public sealed class OldNewsTests
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
        _server = _world.StartServer(_host.Handlers);
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        _bob = new ScriptedPhone(_world, "bob", "10.0.2.2");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void CallerWhoGaveUp_IsNoRefusalForTheNext()
    {
        _host.Decide = (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("lobby"));
        var invite = _alice.Invite("lobby", "c1");
        _alice.WaitForResponse("INVITE", 180);
        _alice.Cancel(invite);
        _alice.WaitForResponse("INVITE", 487);
        _bob.Invite("lobby", "c2");
        _bob.WaitForResponse("INVITE", 180);
        _world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(_bob.Received.Select(m => m.Status), Has.None.GreaterThan(401));
    }

    [Test]
    public void CallThatMovedAway_IsNoRefusalForTheNext()
    {
        Answer(_alice, "room1", "c1");
        _world.Await(_server.Calls.Single().MoveToRoomAsync("room2"));
        _host.Decide = (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1"));
        _bob.Invite("room1", "c2");
        _bob.WaitForResponse("INVITE", 180);
        _world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(_bob.Received.Select(m => m.Status), Has.None.GreaterThan(401));
    }

    [Test]
    public void LastOtherOfTheOldRoom_LeavesAsTheCallMoves_AndTheCallGoesOn()
    {
        _host.Decide = (invite, _) => ValueTask.FromResult(InviteDecision.JoinRoom(invite.To, endWhenOthersLeave: invite.From == "alice"));
        Answer(_alice, "room1", "c1");
        Answer(_bob, "room1", "c2");
        Answer(new ScriptedPhone(_world, "carol", "10.0.2.3"), "room2", "c3");
        var alice = _server.Calls.Single(c => c.Info.From == "alice");
        var end = _server.Calls.Single(c => c.Info.From == "bob").HangUpAsync();
        var move = alice.MoveToRoomAsync("room2");
        _world.Complete(end);
        Assert.That(_world.Await(move), Is.EqualTo(CallCommandResult.Done).Or.EqualTo(CallCommandResult.Ended));
        _world.Advance(TimeSpan.FromSeconds(1));
        if (move.Result == CallCommandResult.Done)
            Assert.That(alice.State, Is.EqualTo(CallState.Answered), "a move that is done is not undone by the room it left");
    }

    [Test]
    public void ParticipantThatComesAgain_TakesItsOwnPlace_AlsoWhenItIsAlone([Values] bool waits)
    {
        var participant = new ParticipantOptions { Id = "p" };
        _host.Decide = (_, _) => ValueTask.FromResult(
            waits ? InviteDecision.WaitForOthers("room1", participant: participant)
                : InviteDecision.JoinRoom("room1", endWhenOthersLeave: true, participant));
        _alice.Invite("room1", "c1");
        _alice.WaitForResponse("INVITE", waits ? 180 : 200);
        _bob.Invite("room1", "c2");
        _bob.WaitForResponse("INVITE", waits ? 180 : 200);
        _world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(_server.Calls.Select(c => c.Info.From), Is.EqualTo(new[] { "bob" }));
    }

    [Test]
    public void CommandOnACallThatEnded_IsAnswered_AlsoWhenTheServerHasStopped()
    {
        Answer(_alice, "room1", "c1");
        var call = _server.Calls.Single();
        _world.Complete(call.HangUpAsync());
        _alice.Respond(_alice.WaitForRequest("BYE"), 200, "OK");
        _world.Complete(_server.StopAsync());
        Assert.That(_world.Await(call.HangUpAsync()), Is.EqualTo(CallCommandResult.AlreadyDone));
        Assert.That(_world.Await(call.MoveToRoomAsync("room2")), Is.EqualTo(CallCommandResult.Ended));
    }

    [Test]
    public void MutedBeforeTheHostHasDecided_StaysMuted()
    {
        var decision = new TaskCompletionSource<InviteDecision>();
        _host.Decide = async (_, _) => await decision.Task;
        _alice.Invite("room1", "c1");
        _world.RunUntil(() => _server.Calls.Count == 1);
        var call = _server.Calls.Single();
        _world.Await(call.MuteAsync());
        decision.SetResult(InviteDecision.JoinRoom("room1"));
        _alice.WaitForResponse("INVITE", 200);
        Assert.That(call.IsMuted, Is.True);
    }

    [Test]
    public void WatchingAServerThatHasStopped_EndsAtOnce()
    {
        var parts = _server.Parts;
        _world.Complete(_server.StopAsync());
        var step = parts.Events.Watch(CancellationToken.None).GetAsyncEnumerator().MoveNextAsync().AsTask();
        Assert.That(_world.Await(step), Is.False);
    }

    [TestCase("a\r\nX-Evil: 1")]
    [TestCase("a\0")]
    public void TrunkWithControlCharacters_IsRefused(string user) =>
        Assert.That(
            () => _server.AddTrunkAsync(
                new TrunkOptions { Name = "c", Server = "sip:10.0.3.1", Register = true, User = "u",
                Credentials = new SipCredentials(user, "x") }),
            Throws.ArgumentException.With.Message.Contains("control characters"));

    [Test]
    public void TrunkWithANameThatCantBeLookedUp_IsToldSo()
    {
        var host = string.Join('.', Enumerable.Repeat("aaaaaaaaaa", 30));
        var info = _world.Await(
            _server.AddTrunkAsync(new TrunkOptions { Name = "c", Server = "sip:" + host, Register = true, User = "u" }));
        Assert.That(info, Has.Property("State").EqualTo(TrunkState.Failed).And.Property("StatusCode").EqualTo(503));
    }

    private void Answer(ScriptedPhone phone, string room, string callId)
    {
        var invite = phone.Invite(room, callId);
        phone.Ack(invite, phone.WaitForResponse("INVITE", 200));
        _world.Advance(TimeSpan.FromMilliseconds(100));
    }
}
