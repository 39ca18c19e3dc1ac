using Atm0s.Sip.Hooks;
using Atm0s.Sip.Interop.Scripts;

namespace Atm0s.Sip.Interop.Proxies;

/// <summary>A proxy that rings several at once (RFC 3261 §16.6), refuses, or goes round in circles.</summary>
public sealed class ForkTests : ScriptTest
{
    // Two early dialogs; the one that does not win is cancelled by the proxy, and what it said before is no part of the call.
    [Test]
    public async Task Two_ring_and_one_answers()
    {
        var server = await LocalServerAsync();
        var (loser, first) = await ListenAsync(SippScript.Callee("first", proxies: 1)
            .ExpectInvite().Answer(183, SippBody.Sdp()).ExpectRequest("CANCEL").Reply().Answer(487).ExpectRequest("ACK"), "loser");
        var (winner, second) = await ListenAsync(SippScript.Callee("second", proxies: 1)
            .ExpectInvite().Answer(183, SippBody.Sdp()).Pause(300).Answer(200, SippBody.Sdp()).ExpectRequest("ACK")
            .ExpectRequest("INVITE").Reply(200, SippBody.Sdp(2, "recvonly")).ExpectRequest("ACK").IsHungUp(), "winner");
        var proxy = await ProxyAsync("proxy", ProxyOptions.Plain, ("ring", [$"sip:first@{first}", $"sip:second@{second}"]));

        var call = await server.Sip.CallServerAsync("room-hall", proxy.Uri("ring"), "1000");
        Assert.That((await call.Answered).IsAnswered, Is.True);
        await loser.SucceedsAsync(ScriptTime);
        Assert.That(await call.HoldAsync(), Is.EqualTo(CallCommandResult.Done));
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await winner.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
        await proxy.SawRoutedAsync("ACK", "INVITE", "BYE");
    }

    // CANCEL crosses the second 200: a proxy passes on every 2xx (§16.7 step 5), and each is answered with an ACK (§13.2.2.4), the second
    // also with a BYE.
    [Test]
    public async Task Two_answer()
    {
        var server = await LocalServerAsync();
        var (late, first) = await ListenAsync(SippScript.Callee("first", proxies: 1)
            .ExpectInvite().Answer(180).ExpectRequest("CANCEL").Reply().Answer(200, SippBody.Sdp()).ExpectRequest("ACK")
            .IsHungUp(), "late");
        var (winner, second) = await ListenAsync(SippScript.Callee("second", proxies: 1)
            .ExpectInvite().Answer(180).Pause(300).Answer(200, SippBody.Sdp()).ExpectRequest("ACK").IsHungUp(), "winner");
        var proxy = await ProxyAsync("proxy", ProxyOptions.Plain, ("ring", [$"sip:first@{first}", $"sip:second@{second}"]));

        var call = await server.Sip.CallServerAsync("room-hall", proxy.Uri("ring"), "1000");
        Assert.That((await call.Answered).IsAnswered, Is.True);
        await late.SucceedsAsync(ScriptTime);
        Assert.That(call.State, Is.EqualTo(CallState.Answered), "the end of one leg is not the end of the call");
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await winner.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
        await proxy.SawRoutedAsync("ACK", "BYE");
    }

    // Each early dialog has responses and PRACKs of its own (RFC 3262 §4), and its own route set.
    [Test]
    public async Task Two_ring_reliably_and_one_answers()
    {
        var server = await LocalServerAsync();
        string[] reliable = ["Require: 100rel", "RSeq: 7"];
        var (loser, first) = await ListenAsync(SippScript.Callee("first", proxies: 1)
            .ExpectInvite().Answer(183, SippBody.Sdp(), reliable).ExpectRequest("PRACK", ("rack", "RAck:", "7 [0-9]+ INVITE")).Reply()
            .ExpectRequest("CANCEL").Reply().Answer(487).ExpectRequest("ACK"), "loser");
        var (winner, second) = await ListenAsync(SippScript.Callee("second", proxies: 1)
            .ExpectInvite().Answer(183, SippBody.Sdp(), reliable).ExpectRequest("PRACK", ("rack", "RAck:", "7 [0-9]+ INVITE")).Reply()
            .Pause(300).Answer(200).ExpectRequest("ACK").IsHungUp(), "winner");
        var proxy = await ProxyAsync("proxy", ProxyOptions.Plain, ("ring", [$"sip:first@{first}", $"sip:second@{second}"]));

        var options = new OutgoingCallOptions { EarlyMedia = true };
        var call = await server.Sip.CallServerAsync("room-hall", proxy.Uri("ring"), "1000", options);
        Assert.That((await call.Answered).IsAnswered, Is.True);
        await loser.SucceedsAsync(ScriptTime);
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await winner.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
        await proxy.SawRoutedAsync("PRACK", "ACK", "BYE");
    }

    // The proxy rings two servers; the one whose host does not answer is told to stop.
    [Test]
    public async Task Two_servers_are_rung_and_one_answers()
    {
        var (one, other) = (await LocalServerAsync(), await LocalServerAsync());
        string[] targets = [$"sip:wait-hall@{one.Udp}", $"sip:wait-hall@{other.Udp}"];
        var proxy = await ProxyAsync("proxy", ProxyOptions.Plain, ("wait-hall", targets));
        var alice = Run(SippScript.Caller("alice", "wait-hall")
            .Invite(SippBody.Sdp()).Expect(100, optional: true).Expect(180, optional: true).Expect(180, optional: true).Expect(200).Ack()
            .ExpectRequest("BYE").Reply(), proxy.Address);
        var ringing = await one.WaitAsync("Ringing", CallDirection.Incoming);
        await other.WaitAsync("Ringing", CallDirection.Incoming);
        Assert.That(one.Sip.TryGetCall(ringing.Call.CallId, out var call), Is.True);
        Assert.That(await call!.AnswerAsync(), Is.EqualTo(CallCommandResult.Done));
        Assert.That((await other.EndedAsync(CallDirection.Incoming)).Cause, Is.EqualTo(CallEndCause.Cancelled));
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await alice.SucceedsAsync(ScriptTime);
        await one.IdleAsync();
        await other.IdleAsync();
        await proxy.SawRoutedAsync("ACK", "BYE");
    }

    [Test]
    public async Task All_refuse()
    {
        var server = await LocalServerAsync();
        var (_, first) = await ListenAsync(
            SippScript.Callee("first", proxies: 1).ExpectInvite().Answer(180).Answer(486).ExpectRequest("ACK"), "busy");
        var (_, second) = await ListenAsync(
            SippScript.Callee("second", proxies: 1).ExpectInvite().Answer(180).Answer(603).ExpectRequest("ACK"), "no");
        var proxy = await ProxyAsync("proxy", ProxyOptions.Plain, ("ring", [$"sip:first@{first}", $"sip:second@{second}"]));
        var call = await server.Sip.CallServerAsync("room-hall", proxy.Uri("ring"), "1000");
        var outcome = await call.Answered;
        Assert.That((outcome.StatusCode, outcome.Cause), Is.EqualTo((603, CallEndCause.Declined)), "the best response (§16.7 step 6)");
        await server.IdleAsync();
    }

    // The same request by two ways: the second is refused with 482 (§8.2.2.2), and the proxy takes the answer to the first.
    [Test]
    public async Task A_call_that_comes_twice_is_one_call()
    {
        var server = await LocalServerAsync();
        string[] ways = [$"sip:room-hall@{server.Udp}", $"sip:room-hall@{server.Udp};again=1"];
        var proxy = await ProxyAsync("proxy", ProxyOptions.Plain, ("room-hall", ways));
        var alice = Run(SippScript.Caller("alice", "room-hall")
            .Invite(SippBody.Sdp()).Expect(100, optional: true).Expect(200).Ack().IsHungUp(), proxy.Address);
        var call = await server.AnsweredAsync(CallDirection.Incoming);
        await proxy.Process.Errors.WaitAsync(line => line.Contains("answered status=482", StringComparison.Ordinal), "482", ScriptTime);
        Assert.That(server.Invited, Has.Count.EqualTo(1));
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await alice.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
    }

    [Test]
    public async Task Proxies_that_go_round_in_circles_give_up_and_so_does_the_call()
    {
        var server = await LocalServerAsync();
        var proxy = await ProxyAsync("proxy", ProxyOptions.Plain);
        var circle = await ProxyAsync("circle", ProxyOptions.Plain, ("*", [$"sip:{proxy.Address}"]));
        var call = await server.Sip.CallServerAsync("room-hall", $"sip:nobody@{circle.Address}", "1000");
        Assert.That((await call.Answered).StatusCode, Is.EqualTo(483));
        await server.IdleAsync();
    }

    [Test]
    public async Task A_callee_who_has_moved_is_called_where_he_is()
    {
        var server = await LocalServerAsync();
        var (there, target) = await ListenAsync(SippScript.Callee("there", proxies: 1)
            .ExpectInvite().Answer(180).Answer(200, SippBody.Sdp()).ExpectRequest("ACK").IsHungUp(), "there");
        var front = await ProxyAsync("front", ProxyOptions.Plain, ("there", [$"sip:there@{target}"]));
        var (moved, address) = await ListenAsync(SippScript.Callee("moved", proxies: 1)
            .ExpectInvite().Answer(302, null, $"Contact: <{front.Uri("there")}>").ExpectRequest("ACK"), "moved");
        var proxy = await ProxyAsync("proxy", ProxyOptions.Plain, ("*", [$"sip:moved@{address}"]));
        var call = await server.Sip.CallServerAsync("room-hall", proxy.Uri("moved"), "1000");
        Assert.That((await call.Answered).StatusCode, Is.EqualTo(200));
        await moved.SucceedsAsync(ScriptTime);
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await there.SucceedsAsync(ScriptTime);
        await front.SawRoutedAsync("ACK", "BYE");
        await server.IdleAsync();
    }

    [Test]
    public async Task A_callee_who_has_moved_is_not_called_where_the_host_does_not_want_it()
    {
        var server = await LocalServerAsync();
        var (moved, address) = await ListenAsync(SippScript.Callee("moved", proxies: 1)
            .ExpectInvite().Answer(302, null, "Contact: <sip:elsewhere@127.0.0.1:9>").ExpectRequest("ACK"));
        var proxy = await ProxyAsync("proxy", ProxyOptions.Plain, ("*", [$"sip:moved@{address}"]));
        var call = await server.Sip.CallServerAsync("room-hall", proxy.Uri("moved"), "1000", new OutgoingCallOptions { MaxRedirects = 0 });
        var outcome = await call.Answered;
        Assert.That((outcome.StatusCode, outcome.Cause), Is.EqualTo((302, CallEndCause.Redirected)));
        Assert.That(outcome.Failure?.Contacts, Is.EqualTo(new[] { "sip:elsewhere@127.0.0.1:9" }));
        await moved.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
    }
}
