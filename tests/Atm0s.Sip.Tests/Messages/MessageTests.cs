using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Transfers;

namespace Atm0s.Sip.Tests.Messages;

/// <summary>Text messages, inside calls and outside (RFC 3428).</summary>
public sealed class MessageTests
{
    [Test]
    public async Task Outside_IsChallengedThenTold()
    {
        await using var world = new TransferWorld();

        var answer = Send(world, world.Alice, "Grüße");

        Assert.That(answer.Status, Is.EqualTo(200));
        var message = world.Messages.Single();
        Assert.That((message.Text, message.From, message.To, message.Username), Is.EqualTo(("Grüße", "alice", "bob", "alice")));
        Assert.That((message.ContentType, message.Authentication, message.Call),
            Is.EqualTo(("text/plain", CallerAuthentication.Digest, (CallInfo?)null)));
    }

    [Test]
    public async Task Outside_WrongPasswordOrName_Is403()
    {
        await using var world = new TransferWorld();

        Assert.That(Send(world, world.Alice, "x", password: "wrong").Status, Is.EqualTo(403));
        world.Alice.Received.Clear();
        Assert.That(Send(world, world.Alice, "x", from: "bob").Status, Is.EqualTo(403));
        Assert.That(world.Messages, Is.Empty);
    }

    [TestCase(202)]
    [TestCase(404)]
    public async Task Outside_HostDecides(int status)
    {
        await using var world = new TransferWorld();
        world.Message = (_, _) =>
            ValueTask.FromResult(status == 202 ? MessageDecision.Accept(isDelivered: false) : MessageDecision.Refuse(status));

        Assert.That(Send(world, world.Alice, "x").Status, Is.EqualTo(status));
    }

    [Test]
    public async Task Outside_HostIsSlow_Is503()
    {
        await using var world = new TransferWorld();
        world.Message = (_, _) => new(new TaskCompletionSource<MessageDecision>().Task);

        Assert.That(Send(world, world.Alice, "x").Status, Is.EqualTo(503));
    }

    [Test]
    public async Task WithoutHandler_Is405()
    {
        await using var world = new TransferWorld(hasHandlers: false);
        var call = world.Call(world.Alice, "a");
        Assert.That(call.Ok["Allow"], Does.Not.Contain("MESSAGE"));

        world.Alice.Send(Text(world.Alice, "x"));
        Assert.That(world.WaitFor(world.Alice, m => m.Method == "MESSAGE").Status, Is.EqualTo(405));
        world.Alice.Received.Clear();
        world.Alice.InDialog("MESSAGE", call.Invite, call.Ok, "x", contentType: "text/plain");
        Assert.That(world.WaitFor(world.Alice, m => m.Method == "MESSAGE").Status, Is.EqualTo(405));
    }

    [Test]
    public async Task Copies_AreToldOnce()
    {
        await using var world = new TransferWorld();
        world.World.Network.Conditions = new() { Duplication = 1 };

        Assert.That(Send(world, world.Alice, "x").Status, Is.EqualTo(200));
        world.Run(2);
        Assert.That(world.Messages, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Inside_IsToldWithItsCall()
    {
        await using var world = new TransferWorld();
        var call = world.Call(world.Alice, "a");
        Assert.That(call.Ok["Allow"], Does.Contain("MESSAGE"));

        world.Alice.InDialog("MESSAGE", call.Invite, call.Ok, "{}", contentType: "application/json");
        Assert.That(world.WaitFor(world.Alice, m => m.Method == "MESSAGE").Status, Is.EqualTo(200));

        var message = world.Messages.Single();
        Assert.That((message.Text, message.ContentType, message.Call?.SipCallId), Is.EqualTo(("{}", "application/json", "a")));
    }

    [Test]
    public async Task Inside_CallEndsMeanwhile_Is487()
    {
        await using var world = new TransferWorld();
        world.Message = (_, _) => new(new TaskCompletionSource<MessageDecision>().Task);
        var call = world.Call(world.Alice, "a");

        world.Alice.InDialog("MESSAGE", call.Invite, call.Ok, "x", contentType: "text/plain");
        world.RunUntil(() => world.Messages.Count == 1);
        world.Alice.InDialog("BYE", call.Invite, call.Ok);

        Assert.That(world.WaitFor(world.Alice, m => m.IsResponse && m.Method == "MESSAGE").Status, Is.EqualTo(487));
        world.Run(1);
        Assert.That(world.Left, Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public async Task Inside_ManyWait_TheRestIsRefused()
    {
        await using var world = new TransferWorld(options => options.HandlerTimeout = TimeSpan.FromSeconds(20));
        world.Message = (_, _) => new(new TaskCompletionSource<MessageDecision>().Task);
        var call = world.Call(world.Alice, "a");

        for (var i = 0; i < 20; i++)
            world.Alice.InDialog("MESSAGE", call.Invite, call.Ok, "x", contentType: "text/plain");
        world.Run(0.5);

        Assert.That(world.Messages, Has.Count.EqualTo(16));
        Assert.That(world.Alice.Received.Count(m => m.Method == "MESSAGE" && m.Status == 503), Is.EqualTo(4));
    }

    [TestCase(200, MessageStatus.Delivered)]
    [TestCase(202, MessageStatus.Accepted)]
    [TestCase(415, MessageStatus.Refused)]
    public async Task ToTheCall_ResultIsThatOfThePhone(int status, MessageStatus expected)
    {
        await using var world = new TransferWorld();
        world.Call(world.Alice, "a");

        var result = world.Server.Calls.Single().SendMessageAsync("hello");
        var message = world.WaitFor(world.Alice, m => m.Method == "MESSAGE");
        world.Alice.Respond(message, status, "Answer");

        Assert.That(world.World.Await(result), Is.EqualTo(new MessageResult(expected, status)));
        Assert.That((message.Body, message["Content-Type"]), Is.EqualTo(("hello", "text/plain;charset=UTF-8")));
    }

    [Test]
    public async Task ToAUser_EveryPhoneGetsItAndTheBestAnswerCounts()
    {
        await using var world = new TransferWorld();
        var desk = new ScriptedPhone(world.World, "carol", "10.0.2.9");
        world.Carol.Register();
        desk.Register(callId: "register-desk");

        var result = world.Server.SendMessageAsync("carol", "100", "hello");
        world.Carol.Respond(world.WaitFor(world.Carol, m => m.Method == "MESSAGE"), 486, "Busy Here");
        world.RunUntil(() => desk.Received.Exists(m => m.Method == "MESSAGE"));
        desk.Respond(desk.Received.First(m => m.Method == "MESSAGE"), 200, "OK");

        Assert.That(world.World.Await(result), Is.EqualTo(new MessageResult(MessageStatus.Delivered, 200)));
    }

    [Test]
    public async Task ToAnAddress_ChallengeIsAnswered()
    {
        await using var world = new TransferWorld();
        var options = new SendMessageOptions { Credentials = new SipCredentials("us", "secret") };

        var result = world.Server.SendMessageAsync("sip:carol@10.0.2.3:5060", "100", "hello", options);
        var first = world.WaitFor(world.Carol, m => m.Method == "MESSAGE");
        world.Carol.Respond(first, 401, "Unauthorized", extra: "WWW-Authenticate: Digest realm=\"there\", nonce=\"n\", qop=\"auth\"\r\n");
        var second = world.WaitFor(world.Carol, m => m["Authorization"].Length > 0);
        world.Carol.Respond(second, 200, "OK");

        Assert.That(world.World.Await(result).Status, Is.EqualTo(MessageStatus.Delivered));
        Assert.That(second["Call-ID"], Is.EqualTo(first["Call-ID"]));
        Assert.That(first["Contact"], Is.Empty);
    }

    [Test]
    public async Task ToNobody_IsTold()
    {
        await using var world = new TransferWorld();

        Assert.That(world.World.Await(world.Server.SendMessageAsync("dave", "1", "x")).Status, Is.EqualTo(MessageStatus.Unreachable));
        Assert.That(
            world.World.Await(world.Server.SendMessageAsync("sip:1@10.0.9.9", "1", "x")).Status, Is.EqualTo(MessageStatus.NoAnswer));
        Assert.That(
            world.World.Await(world.Server.SendMessageAsync("sip:1@10.0.2.3", "1", new string('x', 1300))).Status,
            Is.EqualTo(MessageStatus.NotPossible));
    }

    [Test]
    public async Task WhatCantBeSent_Throws()
    {
        await using var world = new TransferWorld();

        Assert.That(() => world.Server.SendMessageAsync("tls:1", "1", "x"), Throws.ArgumentException);
        Assert.That(() => world.Server.SendMessageAsync("carol", "1\r\nX: 2", "x"), Throws.ArgumentException);
        Assert.That(() => world.Server.SendMessageAsync("carol", "1", new string('x', 64_001)), Throws.ArgumentException);
        Assert.That(
            () => world.Server.SendMessageAsync("carol", "1", "x", new SendMessageOptions { ContentType = "text/plain\r\nX: 2" }),
            Throws.ArgumentException);
    }

    private static string Text(ScriptedPhone phone, string text, string extra = "", string? from = null)
    {
        var request = phone.Request("MESSAGE", "bob", "m1", text, extra).Replace("application/sdp", "text/plain", StringComparison.Ordinal);
        return from is null ? request : request.Replace($"From: <sip:{phone.User}@", $"From: <sip:{from}@", StringComparison.Ordinal);
    }

    private static SipText Send(TransferWorld world, ScriptedPhone phone, string text, string? password = null, string? from = null)
    {
        phone.Send(Text(phone, text, from: from));
        var challenge = world.WaitFor(phone, m => m.IsResponse && m.Status == 401);
        var extra = phone.Authorize(challenge, "MESSAGE", "sip:bob@test.local", password);
        phone.Send(Text(phone, text, extra, from));
        return world.WaitFor(phone, m => m.IsResponse && m.Status is >= 200 and not 401);
    }
}
