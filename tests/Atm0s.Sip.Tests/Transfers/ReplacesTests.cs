using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Calls.Security;

namespace Atm0s.Sip.Tests.Transfers;

/// <summary>A call that takes the place of another (INVITE with Replaces, RFC 3891 §3).</summary>
[Property("rfc", "3891-3")]
public sealed class ReplacesTests
{
    [TestCase(1)]
    [TestCase(3)]
    public async Task SameUser_TakesThePlaceWithoutAGap(int shards)
    {
        await using var world = new TransferWorld(options => options.ShardCount = shards);
        world.Host.Decide = static (invite, _) => ValueTask.FromResult(InviteDecision.JoinRoom(
            invite.To, endWhenOthersLeave: true, new ParticipantOptions { Id = "seat-" + invite.From }));
        var old = world.Call(world.Alice, "old");
        world.Call(world.Bob, "b");

        var ok = Replace(world, world.Alice, "new", ReplacesOf(old));
        world.RunUntil(() => world.EndOf("old") is not null);
        world.Run(1);

        Assert.That(ok.Status, Is.EqualTo(200));
        Assert.That(ok["Supported"], Does.Contain("replaces"));
        Assert.That(world.EndOf("old")!.Cause, Is.EqualTo(CallEndCause.Replaced));
        Assert.That(TransferWorld.Requests(world.Alice, "BYE", "old"), Is.EqualTo(1));
        Assert.That((world.EndOf("b"), world.EndOf("new")), Is.EqualTo(((CallEvent.Ended?)null, (CallEvent.Ended?)null)));
        Assert.That(world.Server.Rooms.Single().Participants, Is.EquivalentTo(new[] { "seat-alice", "seat-bob" }));
        Assert.That(world.Host.Invited, Has.Count.EqualTo(2));
        Assert.That(world.Left, Is.EqualTo((2, 2, 1)));
    }

    [Test]
    public async Task UserOfTheSameRoom_MayReplace()
    {
        await using var world = new TransferWorld();
        var old = world.Call(world.Alice, "old");
        world.Call(world.Bob, "b");

        Assert.That(Replace(world, world.Bob, "new", ReplacesOf(old)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Stranger_MayNot()
    {
        await using var world = new TransferWorld();
        var old = world.Call(world.Alice, "old");

        Assert.That(Replace(world, world.Bob, "new", ReplacesOf(old)).Status, Is.EqualTo(403));
        Assert.That(world.EndOf("old"), Is.Null);
        Assert.That(world.MembersOf("room1"), Is.EqualTo(1));
    }

    [TestCase("unknown;to-tag=1;from-tag=2", 481)]
    [TestCase("old;to-tag=wrong;from-tag=from-alice", 481)]
    [TestCase("old;to-tag=1", 400)]
    [TestCase("old;to-tag={tag};from-tag=from-alice;early-only", 486)]
    [TestCase("old;to-tag={tag};from-tag=from-alice\r\nReplaces: old;to-tag={tag};from-tag=from-alice", 400)]
    public async Task WhatCantBeReplaced_IsRefusedAndStays(string replaces, int status)
    {
        await using var world = new TransferWorld();
        var old = world.Call(world.Alice, "old");

        var answer = Replace(world, world.Alice, "new", replaces.Replace("{tag}", old.Ok.ToTag, StringComparison.Ordinal));
        world.Run(1);

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(world.EndOf("old"), Is.Null);
        Assert.That(world.Left, Is.EqualTo((1, 1, 1)));
    }

    [Test]
    public async Task CallThatIsJustOver_Is603()
    {
        await using var world = new TransferWorld();
        var old = world.Call(world.Alice, "old");
        world.PhonesAnswer = false;
        _ = world.Server.Calls.Single().HangUpAsync();
        world.RunUntil(() => world.EndOf("old") is not null);

        Assert.That(Replace(world, world.Alice, "new", ReplacesOf(old)).Status, Is.EqualTo(603));
    }

    [Test]
    public async Task CallThatWaitsForUs_Is481()
    {
        await using var world = new TransferWorld();
        world.Host.Decide = static (invite, _) => ValueTask.FromResult(InviteDecision.WaitForOthers(invite.To));
        var invite = world.Alice.Invite("room1", "old");
        var ringing = world.WaitFor(world.Alice, m => m.IsResponse && m.Status == 180);

        Assert.That(Replace(world, world.Alice, "new", ReplacesOf((invite, ringing))).Status, Is.EqualTo(481));
        Assert.That(world.EndOf("old"), Is.Null);
    }

    [Test]
    public async Task NoCommonCodec_Is488AndTheOldCallGoesOn()
    {
        await using var world = new TransferWorld();
        var old = world.Call(world.Alice, "old");
        var sdp = world.Alice.Sdp.Replace("RTP/AVP 8 101", "RTP/AVP 96", StringComparison.Ordinal) + "a=rtpmap:96 NOTHING/8000\r\n";

        Assert.That(Replace(world, world.Alice, "new", ReplacesOf(old), sdp).Status, Is.EqualTo(488));
        world.Run(1);
        Assert.That(world.EndOf("old"), Is.Null);
        Assert.That(world.MembersOf("room1"), Is.EqualTo(1));
        Assert.That(world.Left, Is.EqualTo((1, 1, 1)));
    }

    [Test]
    public async Task EncryptionThatTheHostHasRequired_HoldsForWhoTakesThePlace()
    {
        await using var world = new TransferWorld(options => options.Media.AllowKeysOverPlainSignalling = true);
        using var audio = new SecureAudio(world.World, "10.0.2.1:4000");
        Decide(world, new ParticipantOptions { Encryption = MediaEncryption.Require });
        var old = Call(world, "old", audio.Sdp("RTP/SAVP", audio.NewLine()));

        Assert.That(Replace(world, world.Alice, "plain", ReplacesOf(old)).Status, Is.EqualTo(488));
        world.Run(1);
        Assert.That(world.EndOf("old"), Is.Null);

        var ok = Replace(world, world.Alice, "secure", ReplacesOf(old), audio.Sdp("RTP/SAVP", audio.NewLine()));
        world.RunUntil(() => world.EndOf("old") is not null);
        Assert.That((ok.Status, SecureAudio.ProfileOf(ok)), Is.EqualTo((200, "RTP/SAVP")));
        Assert.That(Replace(world, world.Alice, "third", ReplacesOf((ok, ok))).Status, Is.EqualTo(488), "and on");
    }

    [Test]
    public async Task CodecsThatTheHostHasChosen_HoldForWhoTakesThePlace()
    {
        await using var world = new TransferWorld();
        Decide(world, new ParticipantOptions { Codecs = ["PCMU"] });
        var sdp = world.Alice.Sdp.Replace("RTP/AVP 8 101", "RTP/AVP 8 0 101", StringComparison.Ordinal);
        var old = Call(world, "old", sdp);

        Assert.That(Replace(world, world.Alice, "other", ReplacesOf(old)).Status, Is.EqualTo(488));
        var ok = Replace(world, world.Alice, "new", ReplacesOf(old), sdp);
        Assert.That(ok.Body, Does.Contain("RTP/AVP 0 101"));
    }

    [Test]
    public async Task RingingPhone_IsPickedUpFromAnother()
    {
        await using var world = new TransferWorld();
        world.Carol.Register();
        var waiting = world.Call(world.Alice, "a");
        _ = world.Server.CallClientAsync("room1", world.Server.Registrations.Single().SessionId, "alice").AsTask();
        var rung = world.WaitFor(world.Carol, m => m.Method == "INVITE");
        world.Carol.Respond(rung, 180, "Ringing", tag: "desk");
        world.Run(0.1);

        var desk = new ScriptedPhone(world.World, "carol", "10.0.2.9");
        var ok = Replace(world, desk, "new", $"{rung["Call-ID"]};to-tag={rung.FromTag};from-tag=desk;early-only");
        var cancel = world.WaitFor(world.Carol, m => m.Method == "CANCEL" && !m.IsResponse);
        world.Carol.Respond(cancel, 200, "OK");
        world.Carol.Respond(rung, 487, "Request Terminated", tag: "desk");
        world.Run(1);

        Assert.That(ok.Status, Is.EqualTo(200));
        Assert.That(world.Host.End(CallDirection.Outgoing)!.Cause, Is.EqualTo(CallEndCause.Replaced));
        Assert.That(world.EndOf("a"), Is.Null);
        Assert.That(world.MembersOf("room1"), Is.EqualTo(2));
        Assert.That(waiting.Ok.Status, Is.EqualTo(200));
    }

    private static void Decide(TransferWorld world, ParticipantOptions participant) => world.Host.Decide = (invite, _) =>
        ValueTask.FromResult(InviteDecision.JoinRoom(invite.To, endWhenOthersLeave: true, participant));

    private static (SipText Invite, SipText Ok) Call(TransferWorld world, string callId, string sdp)
    {
        var invite = world.Alice.Invite("room1", callId, sdp);
        var ok = world.WaitFor(world.Alice, m => m.IsResponse && m.Status == 200 && m["Call-ID"] == callId);
        world.Alice.Ack(invite, ok);
        world.Run(0.05);
        return (invite, ok);
    }

    private static string ReplacesOf((SipText Invite, SipText Ok) call) =>
        $"{call.Invite["Call-ID"]};to-tag={call.Ok.ToTag};from-tag={call.Invite.FromTag}";

    // With credentials; gives the final response, and acknowledges it.
    private static SipText Replace(TransferWorld world, ScriptedPhone phone, string callId, string replaces, string? sdp = null)
    {
        var extra = $"{phone.Contact()}Replaces: {replaces}\r\n";
        phone.Send(phone.Request("INVITE", "room1", callId, sdp ?? phone.Sdp, extra));
        var challenge = world.WaitFor(phone, m => m.IsResponse && m.Status == 401 && m["Call-ID"] == callId);
        var invite = phone.Request(
            "INVITE", "room1", callId, sdp ?? phone.Sdp, extra + phone.Authorize(challenge, "INVITE", "sip:room1@test.local"));
        phone.Send(invite);
        var final = world.WaitFor(phone, m => m.IsResponse && m.Status is >= 200 and not 401 && m["Call-ID"] == callId);
        phone.Ack(new SipText(invite), final);
        return final;
    }
}
