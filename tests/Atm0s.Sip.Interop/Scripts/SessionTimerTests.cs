using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Interop.Scripts;

/// <summary>Session timers (RFC 4028), agreed and kept.</summary>
public sealed class SessionTimerTests : ScriptTest
{
    private static readonly TimeSpan HalfAnInterval = TimeSpan.FromSeconds(70);

    // The callee wants the shortest interval there is, and us to refresh: after half of it, in real time.
    [TestCase("UPDATE"), TestCase("INVITE")]
    public async Task The_server_refreshes_after_half_the_interval(string method)
    {
        var server = await LocalServerAsync();
        string[] headers =
        [
            "Require: timer", "Session-Expires: 90;refresher=uac",
            $"Allow: INVITE, ACK, CANCEL, BYE{(method == "UPDATE" ? ", UPDATE" : "")}",
        ];
        var script = SippScript.Callee("bob")
            .ExpectInvite(("timer", "Supported:", "timer")).Answer(200, SippBody.Sdp(), headers).ExpectRequest("ACK")
            .ExpectRequest(method, ("again", "Session-Expires:", "90;refresher=uac"));
        script = method == "UPDATE" ? script.Reply(200, null, headers) : script.Reply(200, SippBody.Sdp(), headers).ExpectRequest("ACK");
        var (bob, address) = await ListenAsync(script.Bye(), "callee", "-recv_timeout", "60000");
        var call = await server.Sip.CallServerAsync("room-hall", $"sip:bob@{address}", "1000");
        await bob.SucceedsAsync(HalfAnInterval);
        Assert.That((await call.Ended).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
    }

    // RFC 4028 §7.4: too small for the callee; the same call again, with what he wants.
    [Test]
    public async Task An_interval_that_is_too_small_for_the_callee_is_raised()
    {
        var server = await LocalServerAsync(options => options.Calls.SessionInterval = TimeSpan.FromSeconds(90));
        var (bob, call) = await CallAsync(server, SippScript.Callee("bob")
            .ExpectInvite(("small", "Session-Expires:", "90")).Answer(422, null, "Min-SE: 300").ExpectRequest("ACK")
            .ExpectInvite(("large", "Session-Expires:", "300"), ("min", "Min-SE:", "300"))
            .Answer(200, SippBody.Sdp(), "Session-Expires: 300;refresher=uas", "Require: timer").ExpectRequest("ACK").IsHungUp());
        Assert.That((await call.Answered).IsAnswered, Is.True);
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await bob.SucceedsAsync(ScriptTime);
    }

    [Test]
    public async Task An_interval_that_is_too_small_for_us_is_refused_and_then_agreed()
    {
        var server = await LocalServerAsync();
        var alice = Run(SippScript.Caller("alice", "room-hall")
            .Invite(SippBody.Sdp(), "Supported: timer", "Session-Expires: 30").Expect(100, optional: true)
            .Expect(422, keep: ("min", "Min-SE:", "90")).AckRefusal()
            .Invite(SippBody.Sdp(), "Supported: timer", "Session-Expires: 90", "Min-SE: 90").Expect(100, optional: true)
            .Expect(200, keep: ("agreed", "Session-Expires:", "90;refresher=")).Ack()
            .Send("UPDATE", null, "Supported: timer", "Session-Expires: 90;refresher=uac")
            .Expect(200, keep: ("agreed", "Session-Expires:", "90")).Bye(),
            server.Udp);
        await alice.SucceedsAsync(ScriptTime);
        await server.WaitAsync("Ended", CallDirection.Incoming, e => e is CallEvent.Ended { Cause: CallEndCause.RemoteHangup });
        Assert.That(server.Invited, Has.Count.EqualTo(1));
    }
}
