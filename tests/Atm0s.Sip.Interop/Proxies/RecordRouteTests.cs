using System.Net.NetworkInformation;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Interop.Scripts;

namespace Atm0s.Sip.Interop.Proxies;

/// <summary>
/// One proxy in front of the server, or two in a row, that stay in the path: every request inside a dialog, of either side, goes by the
/// route set (RFC 3261 §12.2.1.1, §16.12), as the proxies themselves have written down.
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
            await proxy.SawRoutedAsync(Everything);
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
        var (bob, address) = await ListenAsync(calleeHangsUp ? script.Bye() : script.IsHungUp());
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
            await proxy.SawRoutedAsync(Everything);
    }

    // The route set is there from the first response with a tag on (RFC 3261 §12.1.2): PRACK and UPDATE follow it before the answer.
    [Test]
    public async Task A_call_out_before_its_answer([Values(1, 2)] int proxies)
    {
        var server = await LocalServerAsync();
        var (bob, address) = await ListenAsync(SippScript.Callee("bob", proxies)
            .ExpectInvite().Answer(183, SippBody.Sdp(), "Require: 100rel", "RSeq: 7").ExpectRequest("PRACK").Reply()
            .Send("UPDATE", SippBody.Sdp(2, "sendonly")).Expect(200).Send("UPDATE", SippBody.Sdp(3)).Expect(200)
            .Answer(200).ExpectRequest("ACK").IsHungUp());
        var row = await RowAsync(proxies, $"sip:bob@{address}");
        var call = await server.Sip.CallServerAsync("room-hall", row[0].Uri("bob"), "1000");
        Assert.That((await call.Answered).IsAnswered, Is.True);
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await bob.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
        foreach (var proxy in row)
            await proxy.SawRoutedAsync("PRACK", "UPDATE", "ACK", "BYE");
    }

    [Test]
    public async Task A_call_in_before_its_answer([Values(1, 2)] int proxies)
    {
        var server = await LocalServerAsync();
        server.EarlyMedia = true;
        var row = await RowAsync(proxies, $"sip:{server.Udp}");
        var alice = Run(SippScript.Caller("alice", "wait-hall")
            .Invite(SippBody.Sdp(), "Require: 100rel").Expect(100, optional: true)
            .Expect(183, keep: ("rseq", "RSeq:", "[0-9]+")).Send("PRACK", null, "RAck: [$rseq] 1 INVITE").Expect(200)
            .Send("UPDATE", SippBody.Sdp(2)).Expect(200).Send("INFO", new SippBody("application/dtmf", "5")).Expect(200)
            .Expect(200).Ack().Bye(), row[0].Address);
        var told = await server.WaitAsync("DtmfReceived", CallDirection.Incoming);
        Assert.That(server.Sip.TryGetCall(told.Call.CallId, out var call), Is.True);
        Assert.That(await call!.AnswerAsync(), Is.EqualTo(CallCommandResult.Done));
        await alice.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
        foreach (var proxy in row)
            await proxy.SawRoutedAsync("PRACK", "UPDATE", "INFO", "ACK", "BYE");
    }

    // REFER, its reports and messages, both ways (RFC 3515, RFC 3428).
    [Test]
    public async Task A_transfer_through_the_proxies([Values(1, 2)] int proxies, [Values] bool byHost)
    {
        var server = await LocalServerAsync();
        server.Transfer = static _ => TransferDecision.MoveToRoom("room-other");
        var row = await RowAsync(proxies, $"sip:{server.Udp}");
        var script = SippScript.Caller("alice", "room-hall")
            .Invite(SippBody.Sdp()).Expect(100, optional: true).Expect(200).Ack()
            .Send("MESSAGE", new SippBody("text/plain", "ready")).Expect(200).ExpectRequest("MESSAGE").Reply();
        var fragment = new SippBody("message/sipfrag;version=2.0", "SIP/2.0 200 OK");
        script = byHost
            ? script.ExpectRequest("REFER").Reply(202)
                .Send("NOTIFY", fragment, "Event: refer", "Subscription-State: terminated;reason=noresource").Expect(200)
            : script.Send("REFER", null, "Refer-To: <sip:bob@127.0.0.1>").Expect(202)
                .ExpectRequest("NOTIFY").Reply().ExpectRequest("NOTIFY", ("state", "Subscription-State:", "terminated")).Reply();
        var alice = Run(script.IsHungUp(), row[0].Address);
        var (bob, address) = await ListenAsync(
            SippScript.Callee("bob").ExpectInvite().Answer(200, SippBody.Sdp()).ExpectRequest("ACK").IsHungUp());
        var other = await server.Sip.CallServerAsync("room-hall", $"sip:bob@{address}", "1000");

        var call = await server.AnsweredAsync(CallDirection.Incoming);
        await server.Told.WaitAsync(line => line.StartsWith("message ready", StringComparison.Ordinal), "the message", Soon);
        Assert.That((await call.SendMessageAsync("hello")).Status, Is.EqualTo(MessageStatus.Delivered));
        if (byHost)
            Assert.That((await call.TransferAsync("sip:bob@127.0.0.1")).Status, Is.EqualTo(TransferStatus.Completed));
        await alice.SucceedsAsync(ScriptTime);
        await other.HangUpAsync();
        await bob.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
        foreach (var proxy in row)
            await proxy.SawRoutedAsync("MESSAGE", "REFER", "NOTIFY", "ACK", "BYE");
    }

    // One transport on one side of a proxy, another on the other: it stands in Record-Route twice (RFC 5658), and both are kept.
    [TestCase("t1", "udp"), TestCase("u1", "tcp")]
    public async Task A_call_whose_transport_changes_at_the_proxy(string phone, string serverSide)
    {
        ArgumentNullException.ThrowIfNull(phone);
        var server = await LocalServerAsync();
        var proxy = await ProxyAsync(
            "proxy", ProxyOptions.Plain, ("*", [$"sip:{(serverSide == "tcp" ? server.Tcp : server.Udp)};transport={serverSide}"]));
        var alice = Run(SippScript.Caller("alice", "room-hall")
            .Invite(SippBody.Sdp()).Expect(100, optional: true).Expect(200).Ack()
            .ExpectRequest("INVITE").Reply(200, SippBody.Sdp(2, "recvonly")).ExpectRequest("ACK").IsHungUp(), proxy.Address, phone);
        var call = await server.AnsweredAsync(CallDirection.Incoming);
        Assert.That(await call.HoldAsync(), Is.EqualTo(CallCommandResult.Done));
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await alice.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
        await proxy.SawRoutedAsync("ACK", "INVITE", "BYE");
    }

    // The connection is gone when the next request inside the call is due: it is opened anew, to the proxy of the route (RFC 3261 §18.1.1).
    [TestCase(true), TestCase(false)]
    public async Task A_proxy_that_has_closed_its_idle_connection_is_called_back(bool incoming)
    {
        var server = await LocalServerAsync();
        var script = incoming
            ? SippScript.Caller("alice", "room-hall").Invite(SippBody.Sdp()).Expect(100, optional: true).Expect(200).Ack()
            : SippScript.Callee("alice", proxies: 1, routes: 2).ExpectInvite().Answer(200, SippBody.Sdp()).ExpectRequest("ACK");
        script.ExpectRequest("INVITE").Reply(200, SippBody.Sdp(2, "recvonly")).ExpectRequest("ACK").IsHungUp();
        string[] patience = ["-recv_timeout", "60000"]; // it looks at its connections now and then only
        var (phone, address) = incoming ? (null, "") : await ListenAsync(script, "callee", patience);
        var target = incoming ? $"sip:{server.Tcp};transport=tcp" : $"sip:alice@{address}";
        var proxy = await ProxyAsync("proxy", new ProxyOptions { ConnectionLifetime = 1 }, ("*", [target]));
        phone ??= Run(script, proxy.Address, "u1", patience);

        var call = incoming ? await server.AnsweredAsync(CallDirection.Incoming)
            : await server.Sip.CallServerAsync("room-hall", proxy.Uri("alice", "tcp"), "1000");
        Assert.That((await call.Answered).IsAnswered, Is.True);
        int[] ports = [server.Tcp.Port, proxy.Address.Port];
        for (var end = DateTime.UtcNow + ScriptTime; IsConnected(ports); await Task.Delay(100))
            Assert.That(DateTime.UtcNow, Is.LessThan(end), "the proxy keeps its connection");
        Assert.That(await call.HoldAsync(), Is.EqualTo(CallCommandResult.Done));
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await phone.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
        await proxy.SawRoutedAsync("ACK", "INVITE", "BYE");
    }

    [TestCase(true), TestCase(false)]
    public async Task A_proxy_that_names_itself_by_a_name(bool incoming)
    {
        var server = await LocalServerAsync();
        var script = incoming
            ? SippScript.Caller("alice", "room-hall").Invite(SippBody.Sdp()).Expect(100, optional: true).Expect(200).Ack()
            : SippScript.Callee("alice", proxies: 1).ExpectInvite().Answer(200, SippBody.Sdp()).ExpectRequest("ACK");
        script.ExpectRequest("INVITE").Reply(200, SippBody.Sdp(2, "recvonly")).ExpectRequest("ACK").IsHungUp();
        var (phone, address) = incoming ? (null, "") : await ListenAsync(script);
        var target = incoming ? $"sip:{server.Udp}" : $"sip:alice@{address}";
        var proxy = await ProxyAsync("proxy", new ProxyOptions { HostName = "localhost" }, ("*", [target]));
        phone ??= Run(script, proxy.Address);

        var call = incoming ? await server.AnsweredAsync(CallDirection.Incoming)
            : await server.Sip.CallServerAsync("room-hall", proxy.Uri("alice"), "1000");
        Assert.That((await call.Answered).IsAnswered, Is.True);
        Assert.That(await call.HoldAsync(), Is.EqualTo(CallCommandResult.Done));
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await phone.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
        await proxy.SawRoutedAsync("ACK", "INVITE", "BYE");
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
        Assert.That((await row[^1].RequestsAsync()).Select(request => request.Method), Does.Contain("CANCEL"));
    }

    [Test]
    public async Task The_host_gives_up([Values(1, 2)] int proxies)
    {
        var server = await LocalServerAsync();
        var (bob, address) = await ListenAsync(SippScript.Callee("bob", proxies)
            .ExpectInvite().Answer(180).ExpectRequest("CANCEL").Reply().Answer(487).ExpectRequest("ACK"));
        var row = await RowAsync(proxies, $"sip:bob@{address}");
        var call = await server.Sip.CallServerAsync("room-hall", row[0].Uri("bob"), "1000");
        await server.WaitAsync("Ringing", CallDirection.Outgoing);
        await call.HangUpAsync();
        await bob.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
    }

    private static bool IsConnected(int[] ports) => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections().Any(
        connection => connection.State == TcpState.Established
            && (ports.Contains(connection.LocalEndPoint.Port) || ports.Contains(connection.RemoteEndPoint.Port)));
}
