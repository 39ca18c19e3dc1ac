using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Transfers;

/// <summary>The host sends a phone elsewhere (REFER of ours, RFC 3515).</summary>
[Property("rfc", "3515-2.4")]
public sealed class HostTransferTests
{
    private const string Target = "sip:9@192.0.2.9";

    [Test]
    public async Task PhoneGetsThere_ResultIsCompletedAndTheCallEnds()
    {
        await using var world = new TransferWorld();
        var (result, refer) = Begin(world, out _);

        world.Alice.Respond(refer, 202, "Accepted");
        Notify(world, refer, "100 Trying", "active;expires=60");
        Notify(world, refer, "180 Ringing", "active;expires=60");
        Assert.That(result.IsCompleted, Is.False);
        Notify(world, refer, "200 OK", "terminated;reason=noresource");

        Assert.That(world.World.Await(result), Is.EqualTo(new TransferResult(TransferStatus.Completed, 200)));
        world.Run(1);
        Assert.That(refer["Refer-To"], Is.EqualTo($"<{Target}>"));
        Assert.That(refer["Referred-By"], Is.EqualTo("<sip:room1@test.local>"));
        Assert.That(refer.ContactUri, Is.Not.Empty);
        Assert.That(world.EndOf("a")!.Cause, Is.EqualTo(CallEndCause.TransferredByUs));
        Assert.That(TransferWorld.Requests(world.Alice, "BYE"), Is.EqualTo(1));
        Assert.That(Answers(world), Has.All.EqualTo(200));
        Assert.That(world.Left, Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public async Task Number_BecomesAUriThatThePhoneKnows()
    {
        await using var world = new TransferWorld();
        world.Call(world.Alice, "a");
        _ = world.Server.Calls.Single().TransferAsync("1002");

        Assert.That(world.WaitFor(world.Alice, m => m.Method == "REFER")["Refer-To"], Is.EqualTo("<sip:1002@test.local>"));
    }

    [TestCase(403, TransferStatus.Refused)]
    [TestCase(603, TransferStatus.Refused)]
    [TestCase(405, TransferStatus.NotPossible)]
    [TestCase(501, TransferStatus.NotPossible)]
    public async Task PhoneRefuses_TheCallGoesOn(int status, TransferStatus expected)
    {
        await using var world = new TransferWorld();
        var (result, refer) = Begin(world, out _);

        world.Alice.Respond(refer, status, "No");

        Assert.That(world.World.Await(result), Is.EqualTo(new TransferResult(expected, status)));
        Assert.That(world.EndOf("a"), Is.Null);
        Assert.That(world.Left, Is.EqualTo((1, 1, 1)));
    }

    [Test]
    public async Task TargetRefuses_ResultIsFailed()
    {
        await using var world = new TransferWorld();
        var (result, refer) = Begin(world, out _);

        world.Alice.Respond(refer, 202, "Accepted");
        Notify(world, refer, "486 Busy Here", "terminated;reason=noresource");

        Assert.That(world.World.Await(result), Is.EqualTo(new TransferResult(TransferStatus.Failed, 486)));
        Assert.That(world.EndOf("a"), Is.Null);
    }

    [Test]
    public async Task NotifyBeforeThe202_Counts()
    {
        await using var world = new TransferWorld();
        var (result, refer) = Begin(world, out _);

        Notify(world, refer, "200 OK", "terminated;reason=noresource");

        Assert.That(world.World.Await(result).Status, Is.EqualTo(TransferStatus.Completed));
    }

    [TestCase("Refer-Sub: false\r\n", null)]
    [TestCase("", "100 Trying")]
    public async Task PhoneTellsNothingMore_ResultIsAccepted(string extra, string? onlyReport)
    {
        await using var world = new TransferWorld();
        var (result, refer) = Begin(world, out _);

        world.Alice.Respond(refer, 202, "Accepted", extra: extra);
        if (onlyReport is not null)
            Notify(world, refer, onlyReport, "terminated;reason=noresource");

        Assert.That(world.World.Await(result).Status, Is.EqualTo(TransferStatus.Accepted));
        Assert.That(world.EndOf("a"), Is.Null);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task PhoneSaysNothing_ResultIsTimedOut(bool accepts)
    {
        await using var world = new TransferWorld();
        var (result, refer) = Begin(world, out _, new TransferOptions { Timeout = TimeSpan.FromSeconds(10) });

        if (accepts)
            world.Alice.Respond(refer, 202, "Accepted");
        world.Run(9);
        Assert.That(result.IsCompleted, Is.False);
        world.Run(1.5);

        Assert.That(world.World.Await(result).Status, Is.EqualTo(TransferStatus.TimedOut));
        Assert.That(world.EndOf("a"), Is.Null);
    }

    [Test]
    public async Task PhoneHangsUpFirst_ItsLastReportStillCounts()
    {
        await using var world = new TransferWorld();
        var (result, refer) = Begin(world, out var call);

        world.Alice.Respond(refer, 202, "Accepted");
        world.Alice.InDialog("BYE", call.Invite, call.Ok);
        world.Run(1);
        Notify(world, refer, "200 OK", "terminated;reason=noresource");

        Assert.That(world.World.Await(result).Status, Is.EqualTo(TransferStatus.Completed));
        Assert.That(world.EndOf("a")!.Cause, Is.EqualTo(CallEndCause.RemoteHangup));
        Assert.That(world.Left, Is.EqualTo((0, 0, 0)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task PhoneHangsUpAndIsGone_ResultIsEnded(bool accepts)
    {
        await using var world = new TransferWorld();
        var (result, refer) = Begin(world, out var call);

        if (accepts)
            world.Alice.Respond(refer, 202, "Accepted");
        world.Alice.InDialog("BYE", call.Invite, call.Ok);
        world.Run(6);

        Assert.That(world.World.Await(result).Status, Is.EqualTo(TransferStatus.Ended));
        Assert.That(world.Left, Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public async Task PhoneKnowsNoRefer_NothingIsSent()
    {
        await using var world = new TransferWorld();
        var extra = world.Alice.Contact() + "Allow: INVITE, ACK, BYE, CANCEL\r\n";
        world.Alice.Send(world.Alice.Request("INVITE", "room1", "a", world.Alice.Sdp, extra));
        var challenge = world.WaitFor(world.Alice, m => m.Status == 401);
        world.Alice.Send(world.Alice.Request(
            "INVITE", "room1", "a", world.Alice.Sdp, extra + world.Alice.Authorize(challenge, "INVITE", "sip:room1@test.local")));
        world.WaitFor(world.Alice, m => m.Status == 200);

        var result = world.World.Await(world.Server.Calls.Single().TransferAsync(Target));

        Assert.That(result.Status, Is.EqualTo(TransferStatus.NotPossible));
        Assert.That(TransferWorld.Requests(world.Alice, "REFER"), Is.Zero);
    }

    [Test]
    public async Task SecondTransfer_WhileOneIsOpen_IsNotPossible()
    {
        await using var world = new TransferWorld();
        Begin(world, out _);

        Assert.That(
            world.World.Await(world.Server.Calls.Single().TransferAsync(Target)).Status, Is.EqualTo(TransferStatus.NotPossible));
    }

    [TestCase("presence", "", 489)]
    [TestCase(null, "", 489)]
    [TestCase("refer;id=4711", "active", 481)]
    [TestCase("refer", "", 400)]
    [TestCase("refer", "active", 200)]
    public async Task Notify_ThatIsNotAboutIt_IsRefused(string? eventValue, string state, int status)
    {
        await using var world = new TransferWorld();
        var (_, refer) = Begin(world, out var call);
        world.Alice.Respond(refer, 202, "Accepted");

        var extra = (eventValue is null ? "" : $"Event: {eventValue}\r\n") + (state.Length == 0 ? "" : $"Subscription-State: {state}\r\n");
        world.Alice.InDialog("NOTIFY", call.Invite, call.Ok, extra: extra);
        var answer = world.WaitFor(world.Alice, m => m.IsResponse && m.Method == "NOTIFY");

        Assert.That(answer.Status, Is.EqualTo(status));
        if (status == 489)
            Assert.That(answer["Allow-Events"], Is.EqualTo("refer"));
    }

    [Test]
    public async Task Notify_WithoutRefer_Is481()
    {
        await using var world = new TransferWorld();
        var call = world.Call(world.Alice, "a");

        world.Alice.InDialog("NOTIFY", call.Invite, call.Ok, extra: "Event: refer\r\nSubscription-State: active\r\n");
        Assert.That(world.WaitFor(world.Alice, m => m.IsResponse && m.Method == "NOTIFY").Status, Is.EqualTo(481));
    }

    [Test]
    public async Task TwoCalls_AreConnectedWithEachOther()
    {
        await using var world = new TransferWorld(options => options.ShardCount = 2);
        var alice = world.Call(world.Alice, "a");
        var bob = world.Call(world.Bob, "b", "room2");
        var calls = world.Server.Calls.ToDictionary(c => c.Info.From);
        var result = calls["alice"].TransferAsync(calls["bob"]);
        var refer = world.WaitFor(world.Alice, m => m.Method == "REFER");

        world.Alice.Respond(refer, 202, "Accepted");
        Notify(world, refer, "200 OK", "terminated;reason=noresource");
        Assert.That(world.World.Await(result).Status, Is.EqualTo(TransferStatus.Completed));
        world.Run(1);

        // As Bob's phone knows it: to-tag is its own.
        Assert.That(
            refer["Refer-To"],
            Is.EqualTo($"<sip:bob@10.0.2.2:5060?Replaces=b%3Bto-tag%3D{bob.Invite.FromTag}%3Bfrom-tag%3D{bob.Ok.ToTag}>"));
        Assert.That(
            (world.EndOf("a")!.Cause, world.EndOf("b")!.Cause), Is.EqualTo((CallEndCause.TransferredByUs, CallEndCause.TransferredByUs)));
        Assert.That(world.Left, Is.EqualTo((0, 0, 0)));
        Assert.That(alice.Ok.Status, Is.EqualTo(200));
    }

    [TestCase("")]
    [TestCase("sip:a b@c")]
    [TestCase("sip:1@[")]
    [TestCase("sip:1@192.0.2.9?Replaces=1")]
    [TestCase("1002>\r\nX: 1")]
    public async Task Target_ThatCantBeWritten_Throws(string target)
    {
        await using var world = new TransferWorld();
        world.Call(world.Alice, "a");
        var call = world.Server.Calls.Single();

        Assert.That(() => call.TransferAsync(target), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => call.TransferAsync(call), Throws.ArgumentException);
    }

    private static int[] Answers(TransferWorld world) =>
        [.. world.Alice.Received.Where(m => m.IsResponse && m.Method == "NOTIFY").Select(m => m.Status)];

    private static (Task<TransferResult> Result, SipText Refer) Begin(
        TransferWorld world, out (SipText Invite, SipText Ok) call, TransferOptions? options = null)
    {
        call = world.Call(world.Alice, "a");
        var result = world.Server.Calls.Single().TransferAsync(Target, options);
        return (result, world.WaitFor(world.Alice, m => m.Method == "REFER"));
    }

    // A NOTIFY of the phone in the dialog of a REFER of ours.
    private static void Notify(TransferWorld world, SipText refer, string status, string state)
    {
        var invite = new SipText($"INVITE x SIP/2.0\r\nFrom: {refer["To"]}\r\nCall-ID: {refer["Call-ID"]}\r\n\r\n");
        var ok = new SipText($"SIP/2.0 200 OK\r\nTo: {refer["From"]}\r\nContact: <{refer.ContactUri}>\r\n\r\n");
        var phone = refer["Call-ID"] == "a" ? world.Alice : world.Bob;
        phone.InDialog(
            "NOTIFY", invite, ok, $"SIP/2.0 {status}\r\n", extra: $"Event: refer\r\nSubscription-State: {state}\r\n",
            contentType: "message/sipfrag;version=2.0");
        world.Run(0.05);
    }
}
