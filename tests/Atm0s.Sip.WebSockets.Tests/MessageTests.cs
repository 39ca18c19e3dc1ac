using System.Net.WebSockets;
using Atm0s.Sip.WebSockets.Tests.Hosts;

namespace Atm0s.Sip.WebSockets.Tests;

/// <summary>SIP in WebSocket messages (RFC 7118 §4.2, §5, §6).</summary>
public sealed class MessageTests
{
    [TestCase(WebSocketMessageType.Text)]
    [TestCase(WebSocketMessageType.Binary)]
    public async Task Request_WithoutContentLength_IsAnswered(WebSocketMessageType type)
    {
        await using var host = await SipHost.StartAsync();
        using var socket = await SipSocket.ConnectAsync(host.Uri);
        await socket.SendAsync(Msg.Options(), type);
        Assert.That(
            await socket.ReceiveAsync(),
            Does.StartWith("SIP/2.0 200").And.Contains("SIP/2.0/WS df7jal23ls0d.invalid;").And.Contains("branch=z9hG4bKo1"));
    }

    [Test]
    public async Task DoubleCrlf_IsAnsweredByOne()
    {
        await using var host = await SipHost.StartAsync();
        using var socket = await SipSocket.ConnectAsync(host.Uri);
        await socket.SendAsync("\r\n\r\n");
        Assert.That(await socket.ReceiveAsync(), Is.EqualTo("\r\n"));
    }

    [Test]
    public async Task SingleCrlf_IsAnsweredByNothing()
    {
        await using var host = await SipHost.StartAsync();
        using var socket = await SipSocket.ConnectAsync(host.Uri);
        await socket.SendAsync("\r\n");
        await socket.SendAsync(Msg.Options());
        Assert.That(await socket.ReceiveAsync(), Does.StartWith("SIP/2.0 200"));
    }

    [Test]
    public async Task LargestMessage_IsTaken()
    {
        await using var host = await SipHost.StartAsync();
        using var socket = await SipSocket.ConnectAsync(host.Uri);
        var message = Msg.Options().Replace("\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n", StringComparison.Ordinal);
        await socket.SendAsync(message + new string('x', 65_535 - message.Length));
        Assert.That(await socket.ReceiveAsync(), Does.StartWith("SIP/2.0 200"));
    }

    [Test]
    public async Task ForeignMessages_EightInARow_EndTheConnection()
    {
        await using var host = await SipHost.StartAsync();
        using var socket = await SipSocket.ConnectAsync(host.Uri);
        for (var i = 0; i < 8; i++)
            await socket.SendAsync("{\"hello\": \"world\"}");
        Assert.That(await socket.ReceiveAsync(), Is.Null);
        Assert.That(socket.Socket.CloseStatus, Is.EqualTo(WebSocketCloseStatus.InvalidMessageType));
    }

    [Test]
    public async Task ForeignMessages_BetweenOthers_EndNothing()
    {
        await using var host = await SipHost.StartAsync();
        using var socket = await SipSocket.ConnectAsync(host.Uri);
        for (var i = 0; i < 20; i++)
        {
            await socket.SendAsync("{\"hello\": \"world\"}");
            await socket.SendAsync(Msg.Options($"b{i}"));
            Assert.That(await socket.ReceiveAsync(), Does.Contain($"z9hG4bKb{i}"));
        }
    }

    [Test]
    public async Task PeerThatCloses_IsAnswered()
    {
        await using var host = await SipHost.StartAsync();
        using var socket = await SipSocket.ConnectAsync(host.Uri);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await socket.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", limit.Token);
        Assert.That(socket.Socket.State, Is.EqualTo(WebSocketState.Closed));
    }

    [Test]
    public async Task Server_ThatStops_SaysSo()
    {
        var host = await SipHost.StartAsync();
        using var socket = await SipSocket.ConnectAsync(host.Uri);
        await socket.SendAsync(Msg.Options());
        _ = await socket.ReceiveAsync();
        var stop = host.DisposeAsync();
        Assert.That(await socket.ReceiveAsync(), Is.Null);
        Assert.That(socket.Socket.CloseStatus, Is.EqualTo(WebSocketCloseStatus.EndpointUnavailable));
        await socket.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        await stop;
    }
}
