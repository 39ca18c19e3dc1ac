using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Interop.Scripts;

/// <summary>Offers and answers wherever a phone puts them (RFC 3264, RFC 6337), and offers that cross.</summary>
public sealed class SessionTests : ScriptTest
{
    private static readonly (string, string, string) Session = ("session", "Content-Type:", "application/sdp");

    [Test]
    public async Task A_caller_waits_for_the_offer_and_answers_in_the_ack()
    {
        var server = await LocalServerAsync();
        var alice = Run(SippScript.Caller("alice", "room-hall")
            .Invite(null).Expect(100, optional: true).Expect(200, keep: Session).Ack(SippBody.Sdp())
            .Send("INVITE").Expect(100, optional: true).Expect(200, keep: Session).Ack(SippBody.Sdp(2)).Bye(), server.Udp);
        await alice.SucceedsAsync(ScriptTime);
        var ended = await server.EndedAsync(CallDirection.Incoming);
        Assert.That(ended.Cause, Is.EqualTo(CallEndCause.RemoteHangup));
        Assert.That(server.Invited[0].OfferedCodecs, Is.Empty);
    }

    [Test]
    public async Task A_callee_asks_for_a_new_offer_and_answers_in_the_ack()
    {
        var server = await LocalServerAsync();
        var (bob, call) = await CallAsync(server, SippScript.Callee("bob")
            .ExpectInvite().Answer(200, SippBody.Sdp()).ExpectRequest("ACK")
            .Send("INVITE").Expect(100, optional: true).Expect(200, keep: Session).Ack(SippBody.Sdp(2)).Bye());
        await bob.SucceedsAsync(ScriptTime);
        Assert.That((await call.Ended).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
    }

    // The session beside a part that may be left aside (RFC 5621 §3.1).
    [Test]
    public async Task A_session_among_other_parts()
    {
        var server = await LocalServerAsync();
        var body = SippBody.Multipart(new SippBody("application/unheard-of+xml", "<location/>"), SippBody.Sdp(), "optional");
        var alice = Run(SippScript.Caller("alice", "room-hall")
            .Invite(body).Expect(100, optional: true).Expect(200, keep: Session).Ack().Bye(), server.Udp);
        await alice.SucceedsAsync(ScriptTime);
    }

    [Test]
    public async Task A_part_that_must_be_understood_is_refused()
    {
        var server = await LocalServerAsync();
        var body = SippBody.Multipart(new SippBody("application/unheard-of+xml", "<location/>"), SippBody.Sdp(), "required");
        var alice = Run(SippScript.Caller("alice", "room-hall")
            .Invite(body).Expect(100, optional: true).Expect(415).AckRefusal(), server.Udp);
        await alice.SucceedsAsync(ScriptTime);
        Assert.That(server.Invited, Is.Empty);
    }

    [Test]
    public async Task An_offer_without_a_codec_of_ours_is_refused_and_says_so()
    {
        var server = await LocalServerAsync();
        var offer = SippBody.Sdp() with { Text = SippBody.Sdp().Text.Replace("RTP/AVP 8 101", "RTP/AVP 18", StringComparison.Ordinal) };
        var alice = Run(SippScript.Caller("alice", "room-hall")
            .Invite(offer).Expect(100, optional: true).Expect(488, keep: ("why", "Warning:", "30[0-9]")).AckRefusal(), server.Udp);
        await alice.SucceedsAsync(ScriptTime);
        Assert.That(server.Invited, Is.Empty);
    }

    // RFC 3261 §14.2: both send an INVITE at once; the one who has an INVITE of his own on its way refuses.
    [Test]
    public async Task Two_offers_cross_and_the_call_goes_on()
    {
        var server = await LocalServerAsync();
        var (bob, call) = await CallAsync(server, SippScript.Callee("bob")
            .ExpectInvite().Answer(200, SippBody.Sdp()).ExpectRequest("ACK")
            .ExpectReInvite().Send("INVITE", SippBody.Sdp(2)).Expect(491).AckRefusal(insideDialog: true)
            .AnswerReInvite(200, SippBody.Sdp(2, "recvonly")).ExpectRequest("ACK").IsHungUp());
        Assert.That((await call.Answered).IsAnswered, Is.True);
        Assert.That(await call.HoldAsync(), Is.EqualTo(CallCommandResult.Done));
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await bob.SucceedsAsync(ScriptTime);
    }

    // RFC 3261 §14.1: who is refused with 491 tries again after a while.
    [Test]
    public async Task An_offer_that_crossed_is_made_again()
    {
        var server = await LocalServerAsync();
        var (bob, call) = await CallAsync(server, SippScript.Callee("bob")
            .ExpectInvite().Answer(200, SippBody.Sdp()).ExpectRequest("ACK")
            .ExpectRequest("INVITE").Reply(491).ExpectRequest("ACK")
            .ExpectRequest("INVITE").Reply(200, SippBody.Sdp(2, "recvonly")).ExpectRequest("ACK").IsHungUp());
        Assert.That((await call.Answered).IsAnswered, Is.True);
        Assert.That(await call.HoldAsync(), Is.EqualTo(CallCommandResult.Done));
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await bob.SucceedsAsync(ScriptTime);
    }

    // A refused re-INVITE changes nothing (RFC 3261 §14.1).
    [Test]
    public async Task A_hold_that_is_refused_leaves_the_call_as_it_is()
    {
        var server = await LocalServerAsync();
        var (bob, call) = await CallAsync(server, SippScript.Callee("bob")
            .ExpectInvite().Answer(200, SippBody.Sdp()).ExpectRequest("ACK")
            .ExpectRequest("INVITE").Reply(488).ExpectRequest("ACK")
            .Send("INFO", new SippBody("application/dtmf", "5")).Expect(200).IsHungUp());
        Assert.That((await call.Answered).IsAnswered, Is.True);
        Assert.That(await call.HoldAsync(), Is.EqualTo(CallCommandResult.NotPossible));
        await server.WaitAsync("DtmfReceived", CallDirection.Outgoing);
        Assert.That(call.IsOnHold, Is.False);
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await bob.SucceedsAsync(ScriptTime);
    }

    // OPTIONS tells what an INVITE would be told (RFC 3261 §11.2); a method that is not there is no harm to the call.
    [Test]
    public async Task Other_requests_inside_a_call()
    {
        var server = await LocalServerAsync();
        var alice = Run(SippScript.Caller("alice", "room-hall")
            .Invite(SippBody.Sdp()).Expect(100, optional: true).Expect(200, keep: ("allow", "Allow:", "INVITE")).Ack()
            .Send("OPTIONS").Expect(200, keep: ("can", "Allow:", "UPDATE"))
            .Send("UPDATE").Expect(200)
            .Send("PUBLISH").Expect(405, keep: ("allow", "Allow:", "BYE"))
            .Send("UPDATE", null, "Require: unheard-of").Expect(420, keep: ("unsupported", "Unsupported:", "unheard-of"))
            .Bye(), server.Udp);
        await alice.SucceedsAsync(ScriptTime);
        Assert.That((await server.EndedAsync(CallDirection.Incoming)).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
    }
}
