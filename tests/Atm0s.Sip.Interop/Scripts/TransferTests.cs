using System.Text.RegularExpressions;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Interop.Scripts;

/// <summary>Transfers (RFC 3515, RFC 5589), calls that take another's place (RFC 3891) and text messages (RFC 3428), with sipp.</summary>
public sealed partial class TransferTests : ScriptTest
{
    private static readonly SippBody Ok = Fragment("200 OK");

    // The phone sends the other one in its room to carol, hears how it goes, and leaves.
    [Test]
    public async Task A_phone_transfers_its_peer_to_another()
    {
        var server = await LocalServerAsync();
        var (carol, address) = await ListenAsync(SippScript.Callee("carol")
            .ExpectInvite(("by", "Referred-By:", "alice")).Answer(200, SippBody.Sdp()).ExpectRequest("ACK").IsHungUp(), "carol");
        server.Transfer = request => TransferDecision.Accept(TransferTarget.Uri(request.TargetUri));
        var (bob, call) = await CallAsync(
            server, SippScript.Callee("bob").ExpectInvite().Answer(200, SippBody.Sdp()).ExpectRequest("ACK").IsHungUp());
        await call.Answered;
        var alice = Run(SippScript.Caller("alice", "room-hall")
            .Invite(SippBody.Sdp()).Expect(100, optional: true).Expect(200).Ack()
            .Send("REFER", null, $"Refer-To: <sip:carol@{address}>", "Referred-By: <sip:alice@127.0.0.1>").Expect(202)
            .ExpectRequest("NOTIFY", ("event", "Event:", "refer"), ("state", "Subscription-State:", "active"), ("how", "", "SIP/2.0 100"))
            .Reply().ExpectRequest("NOTIFY", ("state", "Subscription-State:", "terminated"), ("how", "", "SIP/2.0 200")).Reply()
            .IsHungUp(), server.Udp);
        await alice.SucceedsAsync(ScriptTime);
        Assert.That((await server.EndedAsync(CallDirection.Incoming)).Cause, Is.EqualTo(CallEndCause.Transferred));
        Assert.That(server.Sip.Rooms.Single().Members, Is.EqualTo(2), "bob and carol");
        await call.HangUpAsync();
        await carol.SucceedsAsync(ScriptTime);
        await bob.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
    }

    [Test]
    public async Task A_phone_whose_target_is_busy_keeps_its_call()
    {
        var server = await LocalServerAsync();
        var (_, address) = await ListenAsync(SippScript.Callee("carol").ExpectInvite().Answer(486).ExpectRequest("ACK"), "carol");
        server.Transfer = request => TransferDecision.Accept(TransferTarget.Uri(request.TargetUri));
        var alice = Run(SippScript.Caller("alice", "room-hall")
            .Invite(SippBody.Sdp()).Expect(100, optional: true).Expect(200).Ack()
            .Send("REFER", null, $"Refer-To: <sip:carol@{address}>").Expect(202)
            .ExpectRequest("NOTIFY", ("state", "Subscription-State:", "active")).Reply()
            .ExpectRequest("NOTIFY", ("state", "Subscription-State:", "terminated"), ("how", "", "SIP/2.0 486")).Reply()
            .Send("INFO", new SippBody("application/dtmf", "5")).Expect(200).Bye(), server.Udp);
        await alice.SucceedsAsync(ScriptTime);
        Assert.That((await server.WaitAsync("Ended", CallDirection.Incoming)) is CallEvent.Ended { Cause: CallEndCause.RemoteHangup });
        await server.IdleAsync();
    }

    [Test]
    public async Task A_transfer_that_the_host_does_not_want()
    {
        var server = await LocalServerAsync();
        var alice = Run(SippScript.Caller("alice", "room-hall")
            .Invite(SippBody.Sdp()).Expect(100, optional: true).Expect(200).Ack()
            .Send("REFER", null, "Refer-To: <sip:+1900666@127.0.0.1:9>").Expect(603)
            .Send("REFER", null, "Refer-To: no uri").Expect(400).Bye(), server.Udp);
        await alice.SucceedsAsync(ScriptTime);
        Assert.That((await server.EndedAsync(CallDirection.Incoming)).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
    }

    [Test]
    public async Task The_host_sends_a_phone_elsewhere()
    {
        var server = await LocalServerAsync();
        var (bob, call) = await CallAsync(server, SippScript.Callee("bob")
            .ExpectInvite().Answer(200, SippBody.Sdp()).ExpectRequest("ACK")
            .ExpectRequest("REFER", ("target", "Refer-To:", "<sip:carol@127.0.0.1>")).Reply(202)
            .Send("NOTIFY", Fragment("100 Trying"), "Event: refer", "Subscription-State: active;expires=60").Expect(200)
            .Send("NOTIFY", Ok, "Event: refer", "Subscription-State: terminated;reason=noresource").Expect(200).IsHungUp());
        await call.Answered;
        Assert.That(await call.TransferAsync("sip:carol@127.0.0.1"), Is.EqualTo(new TransferResult(TransferStatus.Completed, 200)));
        await bob.SucceedsAsync(ScriptTime);
        Assert.That((await call.Ended).Cause, Is.EqualTo(CallEndCause.TransferredByUs));
    }

    [Test]
    public async Task The_host_sends_a_phone_elsewhere_in_vain()
    {
        var server = await LocalServerAsync();
        var (bob, call) = await CallAsync(server, SippScript.Callee("bob")
            .ExpectInvite().Answer(200, SippBody.Sdp()).ExpectRequest("ACK")
            .ExpectRequest("REFER").Reply(202)
            .Send("NOTIFY", Fragment("486 Busy Here"), "Event: refer", "Subscription-State: terminated;reason=noresource").Expect(200)
            .ExpectRequest("REFER").Reply(603).IsHungUp());
        await call.Answered;
        Assert.That(await call.TransferAsync("sip:carol@127.0.0.1"), Is.EqualTo(new TransferResult(TransferStatus.Failed, 486)));
        Assert.That(await call.TransferAsync("sip:carol@127.0.0.1"), Is.EqualTo(new TransferResult(TransferStatus.Refused, 603)));
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await bob.SucceedsAsync(ScriptTime);
    }

    // RFC 5589 §7: bob is to call carol, in the place of the call that she has with us.
    [Test]
    public async Task The_host_connects_two_phones_and_leaves()
    {
        var server = await LocalServerAsync();
        var (carol, hers) = await CallAsync(server, SippScript.Callee("carol")
            .ExpectInvite().Answer(200, SippBody.Sdp()).ExpectRequest("ACK").IsHungUp());
        var (bob, his) = await CallAsync(server, SippScript.Callee("bob")
            .ExpectInvite().Answer(200, SippBody.Sdp()).ExpectRequest("ACK")
            .ExpectRequest("REFER", ("target", "Refer-To:", $"<sip:carol@.*\\?Replaces={hers.Info.SipCallId}%3B.*to-tag%3D")).Reply(202)
            .Send("NOTIFY", Ok, "Event: refer", "Subscription-State: terminated;reason=noresource").Expect(200).IsHungUp());
        await Task.WhenAll(hers.Answered, his.Answered);
        Assert.That(await his.TransferAsync(hers), Is.EqualTo(new TransferResult(TransferStatus.Completed, 200)));
        await bob.SucceedsAsync(ScriptTime);
        await carol.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
    }

    // A second phone of the same number takes the call over: the first is hung up on, and the room does not change.
    [Test]
    public async Task A_call_takes_the_place_of_another()
    {
        var server = await LocalServerAsync(options => options.Authentication.RequireForCalls = false);
        var desk = Run(SippScript.Caller("alice", "room-hall")
            .Invite(SippBody.Sdp()).Expect(100, optional: true).Expect(200).Ack().IsHungUp(), server.Udp);
        var call = await server.AnsweredAsync(CallDirection.Incoming);
        var (from, to) = Tags(call);
        var mobile = Run(SippScript.Caller("alice", "room-hall")
            .Invite(SippBody.Sdp(), "Require: replaces", $"Replaces: {call.Info.SipCallId};to-tag={to};from-tag={from}")
            .Expect(100, optional: true).Expect(200).Ack().IsHungUp(), server.Udp);
        await desk.SucceedsAsync(ScriptTime);
        Assert.That((await call.Ended).Cause, Is.EqualTo(CallEndCause.Replaced));
        await server.WaitAsync("Answered", CallDirection.Incoming, e => e.Call.CallId != call.Id);
        await server.Sip.Calls.Single().HangUpAsync();
        await mobile.SucceedsAsync(ScriptTime);
    }

    [Test]
    public async Task A_call_that_is_not_there_cannot_be_replaced()
    {
        var server = await LocalServerAsync();
        var alice = Run(SippScript.Caller("alice", "room-hall")
            .Invite(SippBody.Sdp(), "Require: replaces", "Replaces: nothing;to-tag=a;from-tag=b")
            .Expect(100, optional: true).Expect(481).AckRefusal(), server.Udp);
        await alice.SucceedsAsync(ScriptTime);
        Assert.That(server.Invited, Is.Empty);
    }

    [Test]
    public async Task Messages_both_ways_inside_a_call()
    {
        var server = await LocalServerAsync();
        var alice = Run(SippScript.Caller("alice", "room-hall")
            .Invite(SippBody.Sdp()).Expect(100, optional: true).Expect(200).Ack()
            .Send("MESSAGE", new SippBody("text/plain", "grüße")).Expect(200)
            .ExpectRequest("MESSAGE", ("type", "Content-Type:", "text/plain"), ("text", "", "hello")).Reply(202).Bye(), server.Udp);
        var call = await server.AnsweredAsync(CallDirection.Incoming);
        await server.Told.WaitAsync(line => line.StartsWith("message grüße", StringComparison.Ordinal), "the message", ScriptTime);
        Assert.That(await call.SendMessageAsync("hello"), Is.EqualTo(new MessageResult(MessageStatus.Accepted, 202)));
        await alice.SucceedsAsync(ScriptTime);
    }

    private static SippBody Fragment(string status) => new("message/sipfrag;version=2.0", $"SIP/2.0 {status}");

    private static (string From, string To) Tags(ISipCall call)
    {
        var answer = call.WireTrace.Last(
            entry => entry.IsSent && entry.Message.StartsWith("SIP/2.0 200", StringComparison.Ordinal)).Message;
        return (Tag().Match(answer[answer.IndexOf("\nFrom:", StringComparison.Ordinal)..]).Groups[1].Value,
            Tag().Match(answer[answer.IndexOf("\nTo:", StringComparison.Ordinal)..]).Groups[1].Value);
    }

    [GeneratedRegex(@";tag=([^;\s]+)")]
    private static partial Regex Tag();
}
