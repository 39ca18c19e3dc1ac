using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Transfers;

/// <summary>Somebody hangs up, or messages get lost, while a transfer is under way: all come to an end.</summary>
[Property("rfc", "3515-2.4")]
public sealed class InterruptedTransferTests
{
    private const string ToCarol = "<sip:carol@test.local>";

    [Test]
    public async Task Bye_WhileHostIsAsked_Refer487AndNothingIsRung()
    {
        await using var world = new TransferWorld();
        var asked = new TaskCompletionSource<TransferDecision>();
        world.Transfer = (_, _) => new(asked.Task);
        var alice = world.Call(world.Alice, "a");
        world.Carol.Register();

        world.Alice.InDialog("REFER", alice.Invite, alice.Ok, extra: $"Refer-To: {ToCarol}\r\n");
        world.RunUntil(() => world.Asked.Count == 1);
        world.Alice.InDialog("BYE", alice.Invite, alice.Ok);
        var answer = world.WaitFor(world.Alice, m => m.IsResponse && m.Method == "REFER" && m.Status >= 200);
        asked.SetResult(TransferDecision.Accept());
        world.Run(2);

        Assert.That(answer.Status, Is.EqualTo(487));
        Assert.That(TransferWorld.Requests(world.Carol, "INVITE"), Is.Zero);
        Assert.That(world.Left, Is.EqualTo((0, 0, 0)));
    }

    [TestCase(200)]
    [TestCase(486)]
    public async Task Bye_AfterTheAnswer_ReportsGoOn(int status)
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a");
        world.Call(world.Bob, "b");
        world.Carol.Register();

        world.Refer(world.Alice, alice, ToCarol);
        world.Alice.InDialog("BYE", alice.Invite, alice.Ok);
        world.WaitFor(world.Alice, m => m.IsResponse && m.Method == "BYE");
        var invite = world.WaitFor(world.Carol, m => m.Method == "INVITE");
        world.Run(3);
        Assert.That(world.EndOf("b"), Is.Null);
        world.Carol.Respond(invite, status, "Final", status == 200 ? world.Carol.Sdp : "");
        world.RunUntil(() => TransferWorld.Notified(world.Alice).Length == 2);
        world.Run(1);

        Assert.That(TransferWorld.Notified(world.Alice)[^1], Is.EqualTo($"{status} terminated"));
        Assert.That(world.EndOf("a")!.Cause, Is.EqualTo(CallEndCause.RemoteHangup));
        Assert.That(world.EndOf("b") is null, Is.EqualTo(status == 200));
        Assert.That(world.Left, Is.EqualTo(status == 200 ? (2, 2, 1) : (0, 0, 0)));
    }

    [Test]
    public async Task EverybodyHangsUp_TargetIsNotLeftRinging()
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a");
        var bob = world.Call(world.Bob, "b");
        world.Carol.Register();

        world.Refer(world.Alice, alice, ToCarol);
        var invite = world.WaitFor(world.Carol, m => m.Method == "INVITE");
        world.Carol.Respond(invite, 180, "Ringing");
        world.Run(0.1);
        world.Alice.InDialog("BYE", alice.Invite, alice.Ok);
        world.Bob.InDialog("BYE", bob.Invite, bob.Ok);
        var cancel = world.WaitFor(world.Carol, m => m.Method == "CANCEL" && !m.IsResponse, seconds: 2);
        world.Carol.Respond(cancel, 200, "OK");
        world.Carol.Respond(invite, 487, "Request Terminated");
        world.Run(2);

        Assert.That(TransferWorld.Notified(world.Alice)[^1], Does.StartWith("487"));
        Assert.That(world.Left, Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public async Task Refer_CrossesOurBye_Is481()
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a");
        world.Carol.Register();
        _ = world.Server.Calls.Single().HangUpAsync();
        world.World.Scheduler.RunUntilIdle();

        var answer = world.Refer(world.Alice, alice, ToCarol);
        world.Run(1);

        Assert.That(answer.Status, Is.EqualTo(481));
        Assert.That(TransferWorld.Requests(world.Carol, "INVITE"), Is.Zero);
        Assert.That(world.Left, Is.EqualTo((0, 0, 0)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Host_HangsUpTheReferrer_ReportsGoOn(bool answers)
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a");
        world.Call(world.Bob, "b");
        world.Carol.Register();
        world.Refer(world.Alice, alice, ToCarol);
        var invite = world.WaitFor(world.Carol, m => m.Method == "INVITE");

        _ = world.Server.Calls.Single(c => c.Info.From == "alice").HangUpAsync();
        world.Run(1);
        world.Carol.Respond(invite, answers ? 200 : 480, "Final", answers ? world.Carol.Sdp : "");
        world.RunUntil(() => TransferWorld.Notified(world.Alice).Length == 2);
        world.Run(1);

        Assert.That(TransferWorld.Notified(world.Alice)[^1], Is.EqualTo($"{(answers ? 200 : 480)} terminated"));
        Assert.That(world.EndOf("a")!.Cause, Is.EqualTo(CallEndCause.LocalHangup));
    }

    [Test]
    public async Task Host_HangsUpTheTarget_IsReported()
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a");
        world.Call(world.Bob, "b");
        world.Carol.Register();
        world.Refer(world.Alice, alice, ToCarol);
        var invite = world.WaitFor(world.Carol, m => m.Method == "INVITE");
        world.Carol.Respond(invite, 180, "Ringing");
        world.Run(0.1);

        _ = world.Server.Calls.Single(c => c.Info.Direction == CallDirection.Outgoing).HangUpAsync();
        world.RunUntil(() => TransferWorld.Notified(world.Alice).Length == 3);

        Assert.That(TransferWorld.Notified(world.Alice)[^1], Is.EqualTo("480 terminated"));
        Assert.That(world.EndOf("a"), Is.Null);
    }

    [Test]
    public async Task Server_Stops_ReferrerHearsIt()
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a");
        world.Call(world.Bob, "b");
        world.Carol.Register();
        world.Refer(world.Alice, alice, ToCarol);
        var invite = world.WaitFor(world.Carol, m => m.Method == "INVITE");
        world.Carol.Respond(invite, 180, "Ringing");
        world.Alice.InDialog("BYE", alice.Invite, alice.Ok);
        world.Run(0.5);

        var stop = world.Server.StopAsync();
        world.RunUntil(() => TransferWorld.Notified(world.Alice).Length == 3, seconds: 5);
        world.World.Complete(stop);

        Assert.That(TransferWorld.Notified(world.Alice)[^1], Is.EqualTo("503 terminated"));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task BadNetwork_EveryTransferComesToAnEnd(int seed)
    {
        await using var world = new TransferWorld(seed: seed);
        world.Carol.Register();
        for (var i = 0; i < 8; i++)
        {
            world.World.Network.Conditions = new();
            var alice = world.Call(world.Alice, $"a{i}", $"room{i}");
            var bob = world.Call(world.Bob, $"b{i}", $"room{i}");
            world.World.Network.Conditions = new() { Loss = 0.2, Duplication = 0.2, Reordering = 0.2 };
            world.Carol.Received.Clear();
            world.Alice.InDialog("REFER", alice.Invite, alice.Ok, extra: $"Refer-To: {ToCarol}\r\n");
            world.Run(4);
            if (world.Carol.Received.Find(m => m.Method == "INVITE") is { } invite)
            {
                world.Carol.Respond(invite, i % 2 == 0 ? 200 : 486, "Final", i % 2 == 0 ? world.Carol.Sdp : "");
                world.Carol.Respond(invite, i % 2 == 0 ? 200 : 486, "Final", i % 2 == 0 ? world.Carol.Sdp : "");
            }

            world.Run(3);
            world.World.Network.Conditions = new();
            foreach (var call in world.Server.Calls)
                _ = call.HangUpAsync();
            Hang(world.Alice, alice);
            Hang(world.Bob, bob);
            world.Run(80);
            Assert.That(world.Left, Is.EqualTo((0, 0, 0)), $"after transfer {i}");
        }

        static void Hang(ScriptedPhone phone, (SipText Invite, SipText Ok) call) => phone.InDialog("BYE", call.Invite, call.Ok);
    }
}
