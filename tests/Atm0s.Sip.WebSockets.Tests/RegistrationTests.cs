using Atm0s.Sip.Hooks;
using Atm0s.Sip.WebSockets.Tests.Hosts;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.WebSockets.Tests;

/// <summary>Registrations whose contact leads nowhere but over their connection (RFC 7118 §5, RFC 5626 §5.3).</summary>
public sealed class RegistrationTests
{
    // As the libraries write them; the last two as others do.
    [TestCase(";transport=ws", "df7jal23ls0d.invalid")]
    [TestCase(";transport=ws;ob", "df7jal23ls0d.invalid")]
    [TestCase(";transport=wss", "df7jal23ls0d.invalid")]
    [TestCase("", "192.0.2.9")]
    [TestCase(";transport=tls", "10.0.0.7:5061")]
    public async Task Contact_WhateverItSays_IsReachedOverTheConnection(string parameters, string contactHost)
    {
        await using var host = await SipHost.StartAsync();
        using var socket = await RegisterAsync(host, Msg.Register("alice", contact: parameters, host: contactHost));
        var registered = host.Server.FindRegistrations("alice").Single();
        Assert.That(registered.Contact, Is.EqualTo($"sip:alice@{contactHost}{parameters}"));

        var call = await host.Server.CallUserAsync("room", "alice", "100");
        var invite = await socket.ReceiveAsync("INVITE ");
        Assert.Multiple(() =>
        {
            Assert.That(invite, Does.StartWith($"INVITE sip:alice@{contactHost}{parameters} SIP/2.0"));
            Assert.That(invite, Does.Contain("Via: SIP/2.0/WS 127.0.0.1:"));
            Assert.That(invite, Does.Match(@"Contact: <sip:[^>]*;transport=ws>"));
        });
        await socket.SendAsync(Msg.Answer(invite, "486 Busy Here"));
        Assert.That((await call.Answered).Cause, Is.EqualTo(CallEndCause.Busy));
    }

    [Test]
    public async Task Connection_ThatCloses_EndsItsRegistrations()
    {
        await using var host = await SipHost.StartAsync();
        var socket = await RegisterAsync(host, Msg.Register("alice"));
        using var other = await RegisterAsync(host, Msg.Register("bob"));
        socket.Socket.Abort();
        await Waiting.UntilAsync(() => host.Server.FindRegistrations("alice").Count == 0, "the registration ends");
        await Waiting.UntilAsync(() => !host.Ended.IsEmpty, "the host is told");
        Assert.That(host.Ended, Is.EqualTo(new[] { UnregisterReason.FlowClosed }));
        Assert.That(host.Server.FindRegistrations("bob"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Instance_ThatComesBackOverAnotherConnection_IsReachedThere()
    {
        await using var host = await SipHost.StartAsync();
        using var first = await RegisterAsync(host, Msg.Register("alice"));
        using var second = await RegisterAsync(host, Msg.Register("alice", cseq: 2, host: "other.invalid"));
        Assert.That(host.Server.FindRegistrations("alice"), Has.Count.EqualTo(1));
        await host.Server.CallUserAsync("room", "alice", "100");
        Assert.That(await second.ReceiveAsync("INVITE "), Does.StartWith("INVITE sip:alice@other.invalid"));
    }

    [Test]
    public async Task Connection_WithoutRegistrationOrCall_IsClosedWhenIdle()
    {
        var time = new FakeTimeProvider();
        await using var host = await SipHost.StartAsync(time: time);
        using var registered = await RegisterAsync(host, Msg.Register("alice"));
        using var idle = await SipSocket.ConnectAsync(host.Uri);
        await idle.SendAsync(Msg.Options());
        _ = await idle.ReceiveAsync();
        var closed = idle.ReceiveAsync();
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.That(closed.IsCompleted, Is.False);
        await time.UntilAsync(() => closed.IsCompleted, "the idle connection is closed");
        Assert.That(await closed, Is.Null);
        Assert.That(host.Server.FindRegistrations("alice"), Has.Count.EqualTo(1));
        await host.Server.CallUserAsync("room", "alice", "100");
        Assert.That(await registered.ReceiveAsync("INVITE "), Is.Not.Null);
    }

    [Test]
    public async Task Connection_ThatUnregisters_IsIdleAgain()
    {
        var time = new FakeTimeProvider();
        await using var host = await SipHost.StartAsync(time: time);
        using var socket = await RegisterAsync(host, Msg.Register("alice"));
        await socket.SendAsync(Msg.Register("alice", cseq: 2, expires: 0));
        _ = await socket.ReceiveAsync();
        var closed = socket.ReceiveAsync();
        await time.UntilAsync(() => closed.IsCompleted, "the idle connection is closed");
        Assert.That(await closed, Is.Null);
    }

    [Test]
    public async Task Connection_ThatNeverSpeaks_IsClosed()
    {
        var time = new FakeTimeProvider();
        await using var host = await SipHost.StartAsync(time: time);
        using var socket = await SipSocket.ConnectAsync(host.Uri);
        var closed = socket.ReceiveAsync();
        await time.UntilAsync(() => closed.IsCompleted, "the silent connection is closed");
        Assert.That(await closed, Is.Null);
    }

    private static async Task<SipSocket> RegisterAsync(SipHost host, string register)
    {
        var socket = await SipSocket.ConnectAsync(host.Uri);
        await socket.SendAsync(register);
        Assert.That(await socket.ReceiveAsync(), Does.StartWith("SIP/2.0 200"));
        return socket;
    }
}
