using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Tests.Transfers;

/// <summary>A phone that has referred is told how it goes on: NOTIFY, and who ends the subscription (RFC 3515 §2.4.4 to §2.4.7).</summary>
[Property("rfc", "3515-2.4")]
public sealed class TransferReportTests
{
    private const string ToCarol = "<sip:carol@test.local>";

    [Test]
    public async Task PhoneThatAnswersNoReport_HasFewOfThem()
    {
        await using var world = new TransferWorld();
        var call = world.Call(world.Alice, "a");
        world.PhonesAnswer = false;
        var statuses = Enumerable.Range(0, 10).Select(_ => world.Refer(world.Alice, call, "<sip:admin@127.0.0.1>").Status).ToArray();
        world.Run(40);

        Assert.That(statuses, Is.EqualTo(Enumerable.Repeat(202, 4).Concat(Enumerable.Repeat(503, 6))));
        Assert.That(world.Refer(world.Alice, call, "<sip:admin@127.0.0.1>").Status, Is.EqualTo(202), "later it may try again");
    }

    [Test]
    public async Task Notify_IsLost_IsRepeatedAndNoneOvertakesAnother()
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a");
        world.Call(world.Bob, "b");
        world.Carol.Register();
        world.Lose("NOTIFY ", 2);

        world.Refer(world.Alice, alice, ToCarol);
        var invite = world.WaitFor(world.Carol, m => m.Method == "INVITE");
        world.Carol.Respond(invite, 180, "Ringing");
        world.Run(0.1);
        world.Carol.Respond(invite, 200, "OK", world.Carol.Sdp);
        world.RunUntil(() => world.EndOf("a") is not null);
        world.Run(5);

        Assert.That(TransferWorld.Notified(world.Alice), Is.EqualTo(new[] { "100 active", "200 terminated" }));
        var requests = world.Alice.Received.Where(m => !m.IsResponse).Select(m => int.Parse(m["CSeq"].Split(' ')[0])).ToArray();
        Assert.That(requests, Is.Ordered);
        Assert.That(world.EndOf("a")!.Cause, Is.EqualTo(CallEndCause.Transferred));
    }

    [Test]
    public async Task Referrer_IsSilent_StillLeavesAndNothingStays()
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a");
        var bob = world.Call(world.Bob, "b");
        world.Carol.Register();
        world.PhonesAnswer = false;

        world.Refer(world.Alice, alice, ToCarol);
        var invite = world.WaitFor(world.Carol, m => m.Method == "INVITE");
        world.Carol.Respond(invite, 200, "OK", world.Carol.Sdp);
        world.RunUntil(() => world.EndOf("a") is not null, seconds: 5);
        world.Bob.InDialog("BYE", bob.Invite, bob.Ok);
        world.Run(80);

        Assert.That(world.EndOf("a")!.Cause, Is.EqualTo(CallEndCause.Transferred));
        Assert.That(world.Left, Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public async Task SecondRefer_WhileOneIsOpen_Is491AndLaterHasAnId()
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a");
        world.Carol.Register();
        world.Refer(world.Alice, alice, ToCarol);
        var invite = world.WaitFor(world.Carol, m => m.Method == "INVITE");

        var second = world.Refer(world.Alice, alice, ToCarol);
        world.Carol.Respond(invite, 486, "Busy Here");
        world.RunUntil(() => TransferWorld.Notified(world.Alice).Length == 2);
        var third = world.Alice.InDialog("REFER", alice.Invite, alice.Ok, extra: $"Refer-To: {ToCarol}\r\n");
        world.RunUntil(() => TransferWorld.Notified(world.Alice).Length == 3);

        Assert.That(second.Status, Is.EqualTo(491));
        Assert.That(world.Alice.Received.Last(m => m.Method == "NOTIFY")["Event"], Is.EqualTo($"refer;id={third["CSeq"].Split(' ')[0]}"));
    }

    [Test]
    public async Task NoReportsWanted_NoneAreSent()
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a");
        world.Call(world.Bob, "b");
        world.Carol.Register();

        var accepted = world.Refer(world.Alice, alice, ToCarol, "Refer-Sub: false\r\nRequire: norefersub\r\n");
        var invite = world.WaitFor(world.Carol, m => m.Method == "INVITE");
        world.Carol.Respond(invite, 200, "OK", world.Carol.Sdp);
        world.RunUntil(() => world.EndOf("a") is not null);

        Assert.That((accepted.Status, accepted["Refer-Sub"]), Is.EqualTo((202, "false")));
        Assert.That(TransferWorld.Requests(world.Alice, "NOTIFY"), Is.Zero);
        Assert.That(world.EndOf("a")!.Cause, Is.EqualTo(CallEndCause.Transferred));
    }

    [Test]
    public async Task Unsubscribe_EndsTheReportsButNotTheTransfer()
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a");
        world.Call(world.Bob, "b");
        world.Carol.Register();
        world.Refer(world.Alice, alice, ToCarol);
        var invite = world.WaitFor(world.Carol, m => m.Method == "INVITE");

        world.Alice.InDialog("SUBSCRIBE", alice.Invite, alice.Ok, extra: "Event: refer\r\nExpires: 0\r\n");
        world.RunUntil(() => TransferWorld.Notified(world.Alice).Length == 2);
        world.Carol.Respond(invite, 200, "OK", world.Carol.Sdp);
        world.RunUntil(() => world.EndOf("a") is not null);

        Assert.That(TransferWorld.Notified(world.Alice), Is.EqualTo(new[] { "100 active", "100 terminated" }));
        Assert.That(world.EndOf("a")!.Cause, Is.EqualTo(CallEndCause.Transferred));
    }

    [Test]
    public async Task Subscribe_WithoutRefer_IsRefused()
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a");

        world.Alice.InDialog("SUBSCRIBE", alice.Invite, alice.Ok, extra: "Event: refer\r\n");
        Assert.That(world.WaitFor(world.Alice, m => m.IsResponse && m.Method == "SUBSCRIBE").Status, Is.EqualTo(403));
    }
}
