using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Transfers;

/// <summary>A phone refers the other one of its room to somebody else (RFC 3515).</summary>
[Property("rfc", "3515-2.4")]
public sealed class BlindTransferTests
{
    private const string ToCarol = "<sip:carol@test.local>";

    [Test]
    public async Task Refer_WithoutHandler_Is603()
    {
        await using var world = new TransferWorld(hasHandlers: false);
        var call = world.Call(world.Alice, "a");

        var answer = world.Refer(world.Alice, call, ToCarol);

        Assert.That(answer.Status, Is.EqualTo(603));
        Assert.That(TransferWorld.Requests(world.Alice, "NOTIFY"), Is.Zero);
    }

    [TestCase("sip:+4990012345@10.0.3.1", "10.0.2.1", Description = "a trunk that knows us by our address")]
    [TestCase("sip:+4990012345@10.0.3.1", "203.0.113.7", Description = "the same, by a phone outside")]
    [TestCase("sip:admin@10.0.9.9", "203.0.113.7", Description = "our own network, by a phone outside")]
    [TestCase("sip:admin@127.0.0.1", "10.0.2.1", Description = "our own machine")]
    public async Task Target_WhereAPhoneMayNotSendUs_Is403AndTheCallGoesOn(string target, string from)
    {
        await using var world = new TransferWorld();
        world.World.Await(world.Server.AddTrunkAsync(new TrunkOptions { Name = "carrier", Server = "sip:10.0.3.1" }));
        var phone = from == "10.0.2.1" ? world.Alice : new ScriptedPhone(world.World, "alice", from);
        var sent = 0;
        world.World.Network.Filter = packet =>
        {
            sent += packet.StartLine.StartsWith($"INVITE {target}", StringComparison.Ordinal) ? 1 : 0;
            return true;
        };
        var call = world.Call(phone, "a");
        world.Call(world.Bob, "b");

        var accepted = world.Refer(phone, call, $"<{target}>");
        if (phone != world.Alice)
            phone.Respond(world.WaitFor(phone, m => m.Method == "NOTIFY"), 200, "OK");
        world.RunUntil(() => TransferWorld.Notified(phone).Length == 2, 5);

        Assert.That(accepted.Status, Is.EqualTo(202));
        Assert.That(TransferWorld.Notified(phone), Is.EqualTo(new[] { "100 active", "403 terminated" }));
        Assert.That((sent, world.EndOf("a")), Is.EqualTo((0, (CallEvent.Ended?)null)));
    }

    [Test]
    public async Task Target_ThatTheHostNames_MayBeATrunksServer()
    {
        await using var world = new TransferWorld();
        world.World.Await(world.Server.AddTrunkAsync(new TrunkOptions { Name = "carrier", Server = "sip:10.0.3.1" }));
        var carrier = new ScriptedPhone(world.World, "carrier", "10.0.3.1");
        world.Transfer = static (_, _) => ValueTask.FromResult(TransferDecision.Accept(TransferTarget.Uri("sip:+4990012345@10.0.3.1")));
        var call = world.Call(world.Alice, "a");

        Assert.That(world.Refer(world.Alice, call, "<sip:+4990012345@10.0.3.1>").Status, Is.EqualTo(202));
        world.WaitFor(carrier, m => m.Method == "INVITE");
    }

    [TestCase("", 400)]
    [TestCase("Refer-To: <sip:carol@test.local>\r\nRefer-To: <sip:dave@test.local>\r\n", 400)]
    [TestCase("Refer-To: <sip:carol@test.local>, <sip:dave@test.local>\r\n", 400)]
    [TestCase("Refer-To: <sip:\r\n", 400)]
    [TestCase("Refer-To: <sip:carol@test.local?Replaces=1%3Bto-tag%3D2>\r\n", 400)]
    [TestCase("Refer-To: <sip:carol@test.local;method=BYE>\r\n", 603)]
    [TestCase("Refer-To: <http://test.local/>\r\n", 416)]
    public async Task Refer_ThatCantBeFollowed_IsRefusedUnasked(string header, int status)
    {
        await using var world = new TransferWorld();
        var call = world.Call(world.Alice, "a");

        world.Alice.InDialog("REFER", call.Invite, call.Ok, extra: header);
        var answer = world.WaitFor(world.Alice, m => m.IsResponse && m.Method == "REFER");

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(world.Asked, Is.Empty);
    }

    [Test]
    public async Task Target_Answers_ReferrerHearsItAndLeaves()
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a");
        world.Call(world.Bob, "b");
        world.Carol.Register();

        var accepted = world.Refer(world.Alice, alice, ToCarol, "Referred-By: <sip:alice@test.local>\r\n");
        var invite = world.WaitFor(world.Carol, m => m.Method == "INVITE");
        world.Carol.Respond(invite, 180, "Ringing");
        world.RunUntil(() => TransferWorld.Notified(world.Alice).Length == 2);
        Assert.That(world.EndOf("a"), Is.Null);
        world.Carol.Respond(invite, 200, "OK", world.Carol.Sdp);
        world.RunUntil(() => world.EndOf("a") is not null);
        world.Run(1);

        Assert.That(accepted.Status, Is.EqualTo(202));
        Assert.That(accepted.ContactUri, Is.Not.Empty);
        Assert.That(TransferWorld.Notified(world.Alice), Is.EqualTo(new[] { "100 active", "180 active", "200 terminated" }));
        var last = world.Alice.Received.Last(m => m.Method == "NOTIFY");
        Assert.That(last["Event"], Is.EqualTo("refer"));
        Assert.That(last["Subscription-State"], Is.EqualTo("terminated;reason=noresource"));
        Assert.That(last["Content-Type"], Does.StartWith("message/sipfrag"));
        Assert.That(last.ContactUri, Is.Not.Empty);
        Assert.That(invite["Referred-By"], Is.EqualTo("<sip:alice@test.local>"));
        Assert.That(invite["From"], Does.Contain("sip:bob@"));
        Assert.That(world.EndOf("a")!.Cause, Is.EqualTo(CallEndCause.Transferred));
        Assert.That(TransferWorld.Requests(world.Alice, "BYE"), Is.EqualTo(1));
        Assert.That(world.EndOf("b"), Is.Null);
        Assert.That(world.MembersOf("room1"), Is.EqualTo(2));
        Assert.That(world.Left, Is.EqualTo((2, 2, 1)));
        var asked = world.Asked.Single();
        Assert.That((asked.Call.From, asked.Target, asked.ReferredBy, asked.IsAttended),
            Is.EqualTo(("alice", "carol", "sip:alice@test.local", false)));
    }

    [TestCase(486)]
    [TestCase(603)]
    [TestCase(404)]
    public async Task Target_Refuses_ReferrersCallGoesOn(int status)
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a");
        world.Call(world.Bob, "b");
        world.Carol.Register();

        world.Refer(world.Alice, alice, ToCarol);
        var invite = world.WaitFor(world.Carol, m => m.Method == "INVITE");
        world.Carol.Respond(invite, status, "No");
        world.RunUntil(() => TransferWorld.Notified(world.Alice).Length == 2);
        world.Run(1);

        Assert.That(TransferWorld.Notified(world.Alice)[^1], Is.EqualTo($"{status} terminated"));
        Assert.That((world.EndOf("a"), world.EndOf("b")), Is.EqualTo(((CallEvent.Ended?)null, (CallEvent.Ended?)null)));
        Assert.That(world.Left, Is.EqualTo((2, 2, 1)));
    }

    [Test]
    public async Task Target_NeverAnswers_IsReported()
    {
        await using var world = new TransferWorld();
        world.Transfer = (_, _) => ValueTask.FromResult(TransferDecision.Accept(ringTimeout: TimeSpan.FromSeconds(5)));
        var alice = world.Call(world.Alice, "a");
        world.Carol.Register();

        world.Refer(world.Alice, alice, ToCarol);
        var invite = world.WaitFor(world.Carol, m => m.Method == "INVITE");
        world.Carol.Respond(invite, 180, "Ringing");
        var cancel = world.WaitFor(world.Carol, m => m.Method == "CANCEL" && !m.IsResponse);
        world.Carol.Respond(cancel, 200, "OK");
        world.Carol.Respond(invite, 487, "Request Terminated");
        world.RunUntil(() => TransferWorld.Notified(world.Alice).Length == 3);

        Assert.That(TransferWorld.Notified(world.Alice)[^1], Is.EqualTo("408 terminated"));
        Assert.That(world.EndOf("a"), Is.Null);
    }

    [Test]
    public async Task Target_IsNotRegistered_IsReported()
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a");

        Assert.That(world.Refer(world.Alice, alice, "<sip:nobody@test.local>").Status, Is.EqualTo(202));
        world.RunUntil(() => TransferWorld.Notified(world.Alice).Length == 2);

        Assert.That(TransferWorld.Notified(world.Alice), Is.EqualTo(new[] { "100 active", "480 terminated" }));
    }

    [Test]
    public async Task Host_NamesAnotherTarget_ItIsRung()
    {
        await using var world = new TransferWorld();
        world.Transfer = (_, _) => ValueTask.FromResult(
            TransferDecision.Accept(TransferTarget.Uri("sip:door@10.0.2.3:5060"), fromNumber: "900"));
        var alice = world.Call(world.Alice, "a");

        world.Refer(world.Alice, alice, "<sip:somewhere@test.local>");
        var invite = world.WaitFor(world.Carol, m => m.Method == "INVITE");

        Assert.That(invite.StartLine, Does.Contain("sip:door@10.0.2.3"));
        Assert.That(invite["From"], Does.Contain("sip:900@"));
    }

    [TestCase(404)]
    [TestCase(603)]
    public async Task Host_Refuses_ReferHasItsStatus(int status)
    {
        await using var world = new TransferWorld();
        world.Transfer = (_, _) => ValueTask.FromResult(TransferDecision.Refuse(status));
        var alice = world.Call(world.Alice, "a");

        Assert.That(world.Refer(world.Alice, alice, ToCarol).Status, Is.EqualTo(status));
        world.Run(1);
        Assert.That(TransferWorld.Requests(world.Alice, "NOTIFY"), Is.Zero);
        Assert.That(world.EndOf("a"), Is.Null);
    }

    [Test]
    public async Task Host_IsSlow_Is503()
    {
        await using var world = new TransferWorld(options => options.HandlerTimeout = TimeSpan.FromSeconds(60));
        var never = new TaskCompletionSource<TransferDecision>();
        world.Transfer = (_, _) => new(never.Task);
        var alice = world.Call(world.Alice, "a");

        var answer = world.Refer(world.Alice, alice, ToCarol);

        Assert.That(answer.Status, Is.EqualTo(503));
        Assert.That(answer["Retry-After"], Is.Not.Empty);
    }

    [Test]
    public async Task Host_Throws_Is500()
    {
        await using var world = new TransferWorld();
        world.Transfer = (_, _) => throw new InvalidOperationException("no");
        var alice = world.Call(world.Alice, "a");

        Assert.That(world.Refer(world.Alice, alice, ToCarol).Status, Is.EqualTo(500));
    }

    [Test]
    public async Task Host_MovesTheOthers_ReferrerLeaves()
    {
        await using var world = new TransferWorld();
        world.Transfer = (_, _) => ValueTask.FromResult(TransferDecision.MoveToRoom("room2"));
        var alice = world.Call(world.Alice, "a");
        world.Call(world.Bob, "b");
        world.Call(world.Carol, "c", "room2");

        world.Refer(world.Alice, alice, "<sip:2@test.local>");
        world.RunUntil(() => world.EndOf("a") is not null);
        world.Run(1);

        Assert.That(TransferWorld.Notified(world.Alice)[^1], Is.EqualTo("200 terminated"));
        Assert.That(world.EndOf("a")!.Cause, Is.EqualTo(CallEndCause.Transferred));
        Assert.That(world.MembersOf("room2"), Is.EqualTo(2));
        Assert.That(world.EndOf("b"), Is.Null);
    }

    [Test]
    public async Task Host_MovesNobody_IsReportedAndTheCallGoesOn()
    {
        await using var world = new TransferWorld();
        world.Transfer = (_, _) => ValueTask.FromResult(TransferDecision.MoveToRoom("room2"));
        var alice = world.Call(world.Alice, "a");

        world.Refer(world.Alice, alice, "<sip:2@test.local>");
        world.RunUntil(() => TransferWorld.Notified(world.Alice).Length == 2);

        Assert.That(TransferWorld.Notified(world.Alice)[^1], Is.EqualTo("480 terminated"));
        Assert.That(world.EndOf("a"), Is.Null);
    }

    // The usual way: a phone holds, then transfers.
    [Test]
    public async Task Refer_WhileHolding_Works()
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a");
        world.Call(world.Bob, "b");
        world.Carol.Register();
        var held = world.Alice.InDialog(
            "INVITE", alice.Invite, alice.Ok, world.Alice.Sdp.Replace("m=audio", "a=sendonly\r\nm=audio", StringComparison.Ordinal));
        world.RunUntil(() => world.Alice.Received.Exists(m => m.Status == 200 && m["CSeq"] == held["CSeq"]));

        // Before the ACK of the hold has come.
        var accepted = world.Refer(world.Alice, alice, ToCarol);
        world.Alice.Ack(held, world.Alice.Received.First(m => m.Status == 200 && m["CSeq"] == held["CSeq"]));
        var invite = world.WaitFor(world.Carol, m => m.Method == "INVITE");
        world.Carol.Respond(invite, 200, "OK", world.Carol.Sdp);
        world.RunUntil(() => world.EndOf("a") is not null);
        world.Run(1);

        Assert.That(accepted.Status, Is.EqualTo(202));
        Assert.That(world.EndOf("a")!.Cause, Is.EqualTo(CallEndCause.Transferred));
        Assert.That(world.Left, Is.EqualTo((2, 2, 1)));
    }

    [Test]
    public async Task Transfer_IsExplained()
    {
        await using var world = new TransferWorld();
        var alice = world.Call(world.Alice, "a");
        world.Refer(world.Alice, alice, "<sip:nobody@test.local>");
        world.RunUntil(() => TransferWorld.Notified(world.Alice).Length == 2);

        var notes = world.Server.Calls.Single().Explain().Where(n => n.Subject == "transfer").Select(n => n.Text);
        Assert.That(notes, Is.EqualTo(new[] { "REFER to sip:nobody@test.local is accepted", "to sip:nobody@test.local: 480" }));
    }
}
