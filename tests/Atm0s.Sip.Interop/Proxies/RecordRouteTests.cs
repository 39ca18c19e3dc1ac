using Atm0s.Sip.Hooks;
using Atm0s.Sip.Interop.Scripts;

namespace Atm0s.Sip.Interop.Proxies;

/// <summary>
/// One proxy in front of the server, or two in a row, that stay in the path: every request inside a dialog, of either side, goes by the route
/// set (RFC 3261 §12.2.1.1, §16.12), as the proxies themselves have written down.
/// </summary>
public sealed class RecordRouteTests : ScriptTest
{
    private static readonly string[] Everything = ["ACK", "INVITE", "UPDATE", "INFO", "BYE"];

    [Test]
    public async Task A_call_in_and_all_that_is_sent_inside_it([Values(1, 2)] int proxies, [Values] bool callerHangsUp)
    {
        var server = await LocalServerAsync();
        var row = await RowAsync(proxies, $"sip:{server.Udp}");
        var script = SippScript.Caller("alice", "room-hall")
            .Invite(SippBody.Sdp()).Expect(100, optional: true).Expect(200).Ack()
            .Send("INVITE", SippBody.Sdp(2, "sendonly")).Expect(100, optional: true).Expect(200).Ack()
            .Send("UPDATE", SippBody.Sdp(3)).Expect(200)
            .Send("INFO", new SippBody("application/dtmf-relay", "Signal=5\nDuration=160")).Expect(200)
            .ExpectRequest("INVITE").Reply(200, SippBody.Sdp(4, "recvonly")).ExpectRequest("ACK")
            .ExpectRequest("INVITE").Reply(200, SippBody.Sdp(5)).ExpectRequest("ACK");
        var alice = Run(callerHangsUp ? script.Bye() : script.IsHungUp(), row[0].Address);

        var call = await server.AnsweredAsync(CallDirection.Incoming);
        await server.WaitAsync("DtmfReceived", CallDirection.Incoming);
        Assert.That(await call.HoldAsync(), Is.EqualTo(CallCommandResult.Done));
        Assert.That(await call.ResumeAsync(), Is.EqualTo(CallCommandResult.Done));
        if (!callerHangsUp)
            Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await alice.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
        foreach (var proxy in row)
            proxy.SawRouted(Everything);
    }

    [Test]
    public async Task A_call_out_and_all_that_is_sent_inside_it([Values(1, 2)] int proxies, [Values] bool calleeHangsUp)
    {
        var server = await LocalServerAsync();
        var script = SippScript.Callee("bob", proxies)
            .ExpectInvite().Answer(180).Answer(200, SippBody.Sdp()).ExpectRequest("ACK")
            .Send("INVITE", SippBody.Sdp(2, "sendonly")).Expect(100, optional: true).Expect(200).Ack()
            .Send("UPDATE", SippBody.Sdp(3)).Expect(200)
            .Send("INFO", new SippBody("application/dtmf-relay", "Signal=5\nDuration=160")).Expect(200)
            .ExpectRequest("INVITE").Reply(200, SippBody.Sdp(4, "recvonly")).ExpectRequest("ACK")
            .ExpectRequest("INVITE").Reply(200, SippBody.Sdp(5)).ExpectRequest("ACK");
        var (bob, address) = Run(calleeHangsUp ? script.Bye() : script.IsHungUp());
        var row = await RowAsync(proxies, $"sip:bob@{address}");

        var call = await server.Sip.CallServerAsync("room-hall", row[0].Uri("bob"), "1000");
        Assert.That((await call.Answered).IsAnswered, Is.True);
        await server.WaitAsync("DtmfReceived", CallDirection.Outgoing);
        Assert.That(await call.HoldAsync(), Is.EqualTo(CallCommandResult.Done));
        Assert.That(await call.ResumeAsync(), Is.EqualTo(CallCommandResult.Done));
        if (!calleeHangsUp)
            Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await bob.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
        foreach (var proxy in row)
            proxy.SawRouted(Everything);
    }

    [Test]
    public async Task A_caller_gives_up([Values(1, 2)] int proxies)
    {
        var server = await LocalServerAsync();
        var row = await RowAsync(proxies, $"sip:{server.Udp}");
        var alice = Run(SippScript.Caller("alice", "wait-hall")
            .Invite(SippBody.Sdp()).Expect(100, optional: true).Expect(180).Cancel().Expect(200).Expect(487).AckRefusal(), row[0].Address);
        await alice.SucceedsAsync(ScriptTime);
        Assert.That((await server.EndedAsync(CallDirection.Incoming)).Cause, Is.EqualTo(CallEndCause.Cancelled));
        await server.IdleAsync();
        Assert.That(row[^1].Requests.Select(request => request.Method), Does.Contain("CANCEL"));
    }

    [Test]
    public async Task The_host_gives_up([Values(1, 2)] int proxies)
    {
        var server = await LocalServerAsync();
        var (bob, address) = Run(SippScript.Callee("bob", proxies)
            .ExpectInvite().Answer(180).ExpectRequest("CANCEL").Reply().Answer(487).ExpectRequest("ACK"));
        var row = await RowAsync(proxies, $"sip:bob@{address}");
        var call = await server.Sip.CallServerAsync("room-hall", row[0].Uri("bob"), "1000");
        await server.WaitAsync("Ringing", CallDirection.Outgoing);
        await call.HangUpAsync();
        await bob.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
    }
}
