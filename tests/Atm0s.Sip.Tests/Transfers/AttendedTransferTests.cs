using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Transfers;

/// <summary>A phone brings the ones that it speaks with together (REFER with Replaces, RFC 5589 §7).</summary>
public sealed class AttendedTransferTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(4)]
    public async Task BothCallsAreOurs_OthersMeetAndBothCallsOfThePhoneEnd(int shards)
    {
        await using var world = new TransferWorld(options => options.ShardCount = shards);
        world.Call(world.Bob, "b", "room1");
        var first = world.Call(world.Alice, "a1", "room1");
        world.Call(world.Carol, "c", "room2");
        var second = world.Call(world.Alice, "a2", "room2");

        var accepted = world.Refer(world.Alice, first, $"<sip:carol@test.local?Replaces={TransferWorld.ReplacesOf(second)}>");
        world.RunUntil(() => world.EndOf("a1") is not null && world.EndOf("a2") is not null);
        world.Run(1);

        Assert.That(accepted.Status, Is.EqualTo(202));
        Assert.That(TransferWorld.Notified(world.Alice, "a1"), Is.EqualTo(new[] { "100 active", "200 terminated" }));
        Assert.That((world.EndOf("a1")!.Cause, world.EndOf("a2")!.Cause), Is.EqualTo((CallEndCause.Transferred, CallEndCause.Transferred)));
        Assert.That((world.EndOf("b"), world.EndOf("c")), Is.EqualTo(((CallEvent.Ended?)null, (CallEvent.Ended?)null)));
        Assert.That(TransferWorld.Requests(world.Alice, "BYE"), Is.EqualTo(2));
        Assert.That(world.Server.Rooms.Single().Members, Is.EqualTo(2));
        Assert.That(world.Left, Is.EqualTo((2, 2, 1)));
        var asked = world.Asked.Single();
        Assert.That((asked.IsAttended, asked.ReplacedCall?.SipCallId), Is.EqualTo((true, "a2")));
    }

    [Test]
    public async Task BothCallsAreInOneRoom_ThePhoneLeavesIt()
    {
        await using var world = new TransferWorld();
        world.Call(world.Bob, "b", "room1");
        world.Call(world.Carol, "c", "room1");
        var first = world.Call(world.Alice, "a1", "room1");
        var second = world.Call(world.Alice, "a2", "room1");

        world.Refer(world.Alice, first, $"<sip:carol@test.local?Replaces={TransferWorld.ReplacesOf(second)}>");
        world.RunUntil(() => world.EndOf("a1") is not null && world.EndOf("a2") is not null);

        Assert.That(world.MembersOf("room1"), Is.EqualTo(2));
    }

    [Test]
    public async Task OtherCallIsSomebodyElses_Is403Unasked()
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a", "room1");
        var bob = world.Call(world.Bob, "b", "room2");

        var answer = world.Refer(world.Alice, alice, $"<sip:carol@test.local?Replaces={TransferWorld.ReplacesOf(bob)}>");

        Assert.That(answer.Status, Is.EqualTo(403));
        Assert.That(world.Asked, Is.Empty);
    }

    [Test]
    public async Task ItsOwnDialog_Is603()
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a", "room1");

        Assert.That(
            world.Refer(world.Alice, alice, $"<sip:carol@test.local?Replaces={TransferWorld.ReplacesOf(alice)}>").Status, Is.EqualTo(603));
    }

    [Test]
    public async Task ForeignDialog_TargetGetsAnInviteWithIt()
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a");
        world.Call(world.Bob, "b");
        world.Carol.Register();

        world.Refer(world.Alice, alice, "<sip:carol@test.local?Replaces=their%40call%3Bto-tag%3D11%3Bfrom-tag%3D22>");
        var invite = world.WaitFor(world.Carol, m => m.Method == "INVITE");
        world.Carol.Respond(invite, 200, "OK", world.Carol.Sdp);
        world.RunUntil(() => world.EndOf("a") is not null);

        Assert.That(invite["Replaces"], Is.EqualTo("their@call;to-tag=11;from-tag=22"));
        Assert.That(invite.StartLine, Does.Not.Contain("Replaces"));
        Assert.That(world.Asked.Single() is { IsAttended: true, ReplacedCall: null });
    }

    [Test]
    public async Task NobodyIsThere_IsReportedAndBothCallsGoOn()
    {
        await using var world = new TransferWorld();
        var first = world.Call(world.Alice, "a1", "room1");
        var second = world.Call(world.Alice, "a2", "room2");

        world.Refer(world.Alice, first, $"<sip:carol@test.local?Replaces={TransferWorld.ReplacesOf(second)}>");
        world.RunUntil(() => TransferWorld.Notified(world.Alice).Length == 2);
        world.Run(1);

        Assert.That(TransferWorld.Notified(world.Alice)[^1], Is.EqualTo("480 terminated"));
        Assert.That((world.EndOf("a1"), world.EndOf("a2")), Is.EqualTo(((CallEvent.Ended?)null, (CallEvent.Ended?)null)));
    }

    [Test]
    public async Task TargetStillRings_ItRingsForTheOtherFromNowOn()
    {
        await using var world = new TransferWorld();
        world.Carol.Register();
        world.Call(world.Bob, "b", "room1");
        var first = world.Call(world.Alice, "a1", "room1");
        world.Host.Decide = async (invite, cancellation) =>
        {
            var session = world.Server.Registrations.Single().SessionId;
            await world.Server.CallClientAsync(
                "room2", session, invite.From, new OutgoingCallOptions { ForCallId = invite.CallId }, cancellation);
            return InviteDecision.WaitForOthers("room2");
        };
        var invite = world.Alice.Invite("carol", "a2");
        var ringing = world.WaitFor(world.Alice, m => m.IsResponse && m["Call-ID"] == "a2" && m.Status == 180);
        var rung = world.WaitFor(world.Carol, m => m.Method == "INVITE");
        world.Carol.Respond(rung, 180, "Ringing");
        world.Run(0.1);

        world.Refer(world.Alice, first, $"<sip:carol@test.local?Replaces={TransferWorld.ReplacesOf((invite, ringing))}>");
        world.RunUntil(() => world.EndOf("a1") is not null && world.EndOf("a2") is not null);
        world.Run(1);
        Assert.That(TransferWorld.Requests(world.Carol, "CANCEL"), Is.Zero);
        world.Carol.Respond(rung, 200, "OK", world.Carol.Sdp);
        world.Run(1);

        Assert.That(world.Alice.Received.Exists(m => m["Call-ID"] == "a2" && m.IsResponse && m.Status >= 400 && m.Status != 401));
        Assert.That(world.MembersOf("room1"), Is.EqualTo(2));
        Assert.That(world.EndOf("b"), Is.Null);
    }

    [Test]
    public async Task TheOtherEndsMeanwhile_NothingStays()
    {
        await using var world = new TransferWorld();
        world.Call(world.Bob, "b", "room1");
        var first = world.Call(world.Alice, "a1", "room1");
        var carol = world.Call(world.Carol, "c", "room2");
        var second = world.Call(world.Alice, "a2", "room2");
        var decision = new TaskCompletionSource<TransferDecision>();
        world.Transfer = (_, _) => new(decision.Task);

        world.Alice.InDialog(
            "REFER", first.Invite, first.Ok, extra: $"Refer-To: <sip:carol@test.local?Replaces={TransferWorld.ReplacesOf(second)}>\r\n");
        world.RunUntil(() => world.Asked.Count == 1);
        world.Carol.InDialog("BYE", carol.Invite, carol.Ok);
        world.RunUntil(() => world.EndOf("c") is not null && world.EndOf("a2") is not null);
        decision.SetResult(TransferDecision.Accept());
        world.RunUntil(() => TransferWorld.Notified(world.Alice).Length == 2);
        world.Run(1);

        Assert.That(TransferWorld.Notified(world.Alice)[^1], Is.EqualTo("481 terminated"));
        Assert.That((world.EndOf("a1"), world.EndOf("b")), Is.EqualTo(((CallEvent.Ended?)null, (CallEvent.Ended?)null)));
        foreach (var call in world.Server.Calls)
            _ = call.HangUpAsync();
        world.Run(40);
        Assert.That(world.Left, Is.EqualTo((0, 0, 0)));
    }
}
