using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Interop.Scripts;

/// <summary>What is said and agreed before a call is answered: reliable responses (RFC 3262), UPDATE (RFC 3311), early media.</summary>
public sealed class EarlyDialogTests : ScriptTest
{
    private static readonly (string, string, string) RSeq = ("rseq", "RSeq:", "[0-9]+");
    private static readonly (string, string, string) Reliable = ("reliable", "Require:", "100rel");

    [Test]
    public async Task A_caller_who_requires_it_gets_reliable_responses([Values] bool earlyMedia)
    {
        var server = await LocalServerAsync();
        server.EarlyMedia = earlyMedia;
        var alice = Run(SippScript.Caller("alice", "wait-hall")
            .Invite(SippBody.Sdp(), "Require: 100rel").Expect(100, optional: true)
            .Expect(earlyMedia ? 183 : 180, keep: [RSeq, Reliable]).Send("PRACK", null, "RAck: [$rseq] 1 INVITE").Expect(200)
            .Expect(200).Ack().Bye(), server.Udp);
        var call = await RingingAsync(server);
        while (await call.AnswerAsync() == CallCommandResult.NotPossible)
            await Task.Delay(10); // while the handler's decision is carried out
        await alice.SucceedsAsync(ScriptTime);
        Assert.That((await call.Ended).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
    }

    [Test]
    public async Task A_caller_changes_the_session_before_it_is_answered()
    {
        var server = await LocalServerAsync();
        server.EarlyMedia = true;
        var alice = Run(SippScript.Caller("alice", "wait-hall")
            .Invite(SippBody.Sdp(), "Require: 100rel").Expect(100, optional: true)
            .Expect(183, keep: [RSeq]).Send("PRACK", null, "RAck: [$rseq] 1 INVITE").Expect(200)
            .Send("UPDATE", SippBody.Sdp(2, "sendonly")).Expect(200, keep: ("answer", "Content-Type:", "application/sdp"))
            .Send("UPDATE", SippBody.Sdp(3)).Expect(200)
            .Send("INFO", new SippBody("application/dtmf-relay", "Signal=7\nDuration=160")).Expect(200)
            .Expect(200).Ack().Bye(), server.Udp);
        var call = await RingingAsync(server);
        await server.WaitAsync("DtmfReceived", CallDirection.Incoming);
        Assert.That(await call.AnswerAsync(), Is.EqualTo(CallCommandResult.Done));
        await alice.SucceedsAsync(ScriptTime);
    }

    // The answer is in the reliable 183 and nowhere else (RFC 3261 §13.2.1); the callee changes the session before he answers.
    [Test]
    public async Task A_callee_who_requires_it_gets_a_prack_for_each_response()
    {
        var server = await LocalServerAsync();
        var (bob, call) = await CallAsync(server, SippScript.Callee("bob")
            .ExpectInvite(("number", "CSeq:", "[0-9]+"))
            .Answer(183, SippBody.Sdp(), "Require: 100rel", "RSeq: 7").ExpectRequest("PRACK", ("rack", "RAck:", "7 [0-9]+ INVITE")).Reply()
            .Answer(180, null, "Require: 100rel", "RSeq: 8").ExpectRequest("PRACK", ("rack", "RAck:", "8 [0-9]+ INVITE")).Reply()
            .Send("UPDATE", SippBody.Sdp(2, "sendonly")).Expect(200).Send("UPDATE", SippBody.Sdp(3)).Expect(200)
            .Answer(200).ExpectRequest("ACK").IsHungUp());
        Assert.That((await call.Answered).IsAnswered, Is.True);
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await bob.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
    }

    // Announcements of a carrier: a description in 183, again in 200.
    [Test]
    public async Task A_description_before_the_answer_and_in_it([Values] bool earlyMedia)
    {
        var server = await LocalServerAsync();
        var (bob, call) = await CallAsync(server, SippScript.Callee("bob")
            .ExpectInvite().Answer(183, SippBody.Sdp()).Answer(180).Answer(200, SippBody.Sdp()).ExpectRequest("ACK").IsHungUp(),
            new OutgoingCallOptions { EarlyMedia = earlyMedia });
        Assert.That((await call.Answered).IsAnswered, Is.True);
        Assert.That(call.GetStatistics()?.Codec, Is.EqualTo("PCMA"));
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await bob.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
    }

    // Against RFC 3261 §13.2.1, which wants the same answer in the 2xx when the 183 was not reliable; carriers do it.
    [Test]
    public async Task A_description_only_before_the_answer()
    {
        var server = await LocalServerAsync();
        var (bob, call) = await CallAsync(server, SippScript.Callee("bob")
            .ExpectInvite().Answer(183, SippBody.Sdp()).Answer(200).ExpectRequest("ACK").IsHungUp());
        Assert.That((await call.Answered).IsAnswered, Is.True);
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await bob.SucceedsAsync(ScriptTime);
    }

    [Test]
    public async Task A_cancel_crosses_the_answer_of_the_callee()
    {
        var server = await LocalServerAsync();
        var (bob, call) = await CallAsync(server, SippScript.Callee("bob")
            .ExpectInvite().Answer(180).ExpectRequest("CANCEL").Reply().Answer(200, SippBody.Sdp()).ExpectRequest("ACK").IsHungUp());
        await server.WaitAsync("Ringing", CallDirection.Outgoing);
        await call.HangUpAsync();
        await bob.SucceedsAsync(ScriptTime);
        Assert.That((await call.Answered).IsAnswered, Is.False);
        await server.IdleAsync();
    }

    // RFC 3261 §9.2: a CANCEL after the final response has no effect.
    [Test]
    public async Task A_cancel_crosses_the_answer_of_the_host()
    {
        var server = await LocalServerAsync();
        var alice = Run(SippScript.Caller("alice", "room-hall")
            .Invite(SippBody.Sdp()).Expect(100, optional: true).Expect(200).Cancel().Expect(200).Ack().Bye(), server.Udp);
        await alice.SucceedsAsync(ScriptTime);
        Assert.That((await server.EndedAsync(CallDirection.Incoming)).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
    }

    // One phone takes the call of two that ring; the other is told that it was not missed (RFC 3326).
    [Test]
    public async Task One_phone_of_a_user_answers_and_the_other_hears_why_it_stops()
    {
        var server = await LocalServerAsync();
        var desk = await RegisteredAsync(server, SippScript.Callee("bob").ExpectInvite().Answer(180)
            .ExpectRequest("CANCEL", ("reason", "Reason:", "cause=200")).Reply().Answer(487).ExpectRequest("ACK"), "desk");
        var mobile = await RegisteredAsync(server, SippScript.Callee("bob")
            .ExpectInvite().Answer(180).Pause(500).Answer(200, SippBody.Sdp()).ExpectRequest("ACK").IsHungUp(), "mobile");
        var call = await server.Sip.CallUserAsync("room-hall", "bob", "1000");
        Assert.That((await call.Answered).IsAnswered, Is.True);
        await desk.SucceedsAsync(ScriptTime);
        await call.HangUpAsync();
        await mobile.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
    }

    private static async Task<ISipCall> RingingAsync(Processes.LocalServer server)
    {
        var ringing = await server.WaitAsync("Ringing", CallDirection.Incoming);
        return server.Sip.TryGetCall(ringing.Call.CallId, out var call) ? call : throw new AssertionException("it ended at once");
    }
}
