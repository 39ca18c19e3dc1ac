using System.Net;
using System.Net.WebSockets;
using Atm0s.Sip.WebSockets.Tests.Hosts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.WebSockets.Tests;

/// <summary>Who is let in (RFC 7118 §4.1, RFC 6455 §10.2).</summary>
public sealed class HandshakeTests
{
    [Test]
    public async Task Subprotocol_Missing_Is400()
    {
        await using var host = await SipHost.StartAsync();
        Assert.That(await SipSocket.RefusalAsync(host.Uri), Is.EqualTo(400));
    }

    [TestCase("xmpp")]
    [TestCase("SIP")]
    [TestCase("sip2")]
    public async Task Subprotocol_Other_Is400(string protocol)
    {
        await using var host = await SipHost.StartAsync();
        Assert.That(await SipSocket.RefusalAsync(host.Uri, null, protocol), Is.EqualTo(400));
    }

    [Test]
    public async Task Subprotocol_OneOfSeveral_IsChosen()
    {
        await using var host = await SipHost.StartAsync();
        using var socket = await SipSocket.ConnectAsync(host.Uri, null, "xmpp", "sip");
        Assert.That(socket.Socket.SubProtocol, Is.EqualTo("sip"));
    }

    [Test]
    public async Task PlainRequest_Is400()
    {
        await using var host = await SipHost.StartAsync();
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{host.Port}/sip"));
        Assert.That((int)answer.StatusCode, Is.EqualTo(400));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("RFC 7118"));
    }

    [TestCase("https://evil.example")]
    [TestCase("null")]
    [TestCase("http://127.0.0.1")]
    [TestCase("http://127.0.0.1.evil.example:{port}")]
    [TestCase("https://127.0.0.1:{port}")]
    [TestCase("garbage")]
    public async Task Origin_Foreign_Is403(string origin)
    {
        await using var host = await SipHost.StartAsync();
        var status = await SipSocket.RefusalAsync(host.Uri, Fill(origin, host), "sip");
        Assert.That(status, Is.EqualTo(403));
    }

    // DNS rebinding: the page's host is ours, for its name leads here.
    [TestCase("http", "evil.example:8080", false)]
    [TestCase("https", "sip.example:8080", true)]
    [TestCase("http", "127.0.0.1:8080", true)]
    [TestCase("http", "[::1]:8080", true)]
    [TestCase("http", "localhost:8080", true)]
    [TestCase("http", "localhost.evil.example:8080", false)]
    public void Origin_OfANameThatNothingProves_IsNotOurs(string scheme, string host, bool isLetIn)
    {
        Assert.That(OriginRule.Allows($"{scheme}://{host}", scheme, host, []), Is.EqualTo(isLetIn));
        Assert.That(OriginRule.Allows($"{scheme}://{host}", scheme, host, [$"{scheme}://{host}"]), Is.True);
    }

    [Test]
    public async Task Origin_OfTheServer_IsLetIn()
    {
        await using var host = await SipHost.StartAsync();
        using var socket = await SipSocket.ConnectAsync(host.Uri, $"http://127.0.0.1:{host.Port}");
        await socket.SendAsync(Msg.Options());
        Assert.That(await socket.ReceiveAsync(), Does.StartWith("SIP/2.0 200"));
    }

    [TestCase("https://phone.example.com", 101)]
    [TestCase("HTTPS://Phone.Example.com", 101)]
    [TestCase("https://phone.example.com:8443", 403)]
    [TestCase("http://phone.example.com", 403)]
    public async Task Origin_Listed_AloneIsLetIn(string origin, int status)
    {
        await using var host = await SipHost.StartAsync(sockets => sockets.AllowedOrigins.Add("https://phone.example.com"));
        Assert.That(await SipSocket.RefusalAsync(host.Uri, origin, "sip"), Is.EqualTo(status));
    }

    [TestCase("X-Forwarded-For", "192.0.2.1", "X-Forwarded-For")]
    [TestCase("Forwarded", "for=192.0.2.1", "Forwarded")]
    [TestCase("X-Original-For", "127.0.0.1:9", null, Description = "as the middleware leaves it")]
    [TestCase("X-Real", "192.0.2.1", null)]
    public void ProxyThatNobodyReads_IsFound(string name, string value, string? field)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[name] = value;
        Assert.That(ForwardedFields.UnreadOf(context.Request.Headers), Is.EqualTo(field));
    }

    // The middleware takes the last one; what stands before it was written by the page, or by a proxy that nobody trusts.
    [Test]
    public async Task MiddlewareThatLeavesAPart_HasReadTheField()
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Loopback, RemotePort = 9 } };
        context.Request.Headers["X-Forwarded-For"] = "1.2.3.4, 192.0.2.1";
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor };
        await new ForwardedHeadersMiddleware(_ => Task.CompletedTask, NullLoggerFactory.Instance, Options.Create(options)).Invoke(context);

        Assert.That(context.Request.Headers["X-Forwarded-For"].ToString(), Is.EqualTo("1.2.3.4"));
        Assert.That(ForwardedFields.UnreadOf(context.Request.Headers), Is.Null);
    }

    [Test]
    public async Task ProxyThatNobodyReads_IsToldOnce()
    {
        var log = new WarningLog();
        await using var host = await SipHost.StartAsync(log: log);
        for (var i = 0; i < 3; i++)
        {
            using var client = new ClientWebSocket();
            client.Options.AddSubProtocol("sip");
            client.Options.SetRequestHeader("X-Forwarded-For", "192.0.2.1");
            await client.ConnectAsync(host.Uri, CancellationToken.None);
        }

        Assert.That(log.Written.Count(id => id == 1041), Is.EqualTo(1));
    }

    [Test]
    public async Task Host_ThatUsesWebSocketsItself_ChangesNothing()
    {
        await using var host = await SipHost.StartAsync(also: app => app.UseWebSockets());
        using var socket = await SipSocket.ConnectAsync(host.Uri);
        await socket.SendAsync(Msg.Options());
        Assert.That(await socket.ReceiveAsync(), Does.StartWith("SIP/2.0 200"));
    }

    [TestCase("phone.example.com")]
    [TestCase("https://phone.example.com/")]
    [TestCase("https://phone.example.com/app")]
    [TestCase("wss://phone.example.com")]
    public void Origin_ThatIsNone_StopsTheStart(string origin)
    {
        var why = Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            async () => await SipHost.StartAsync(sockets => sockets.AllowedOrigins.Add(origin)));
        Assert.That(why!.Message, Does.Contain(origin).And.Contain("https://phone.example.com"));
    }

    private static string Fill(string origin, SipHost host) =>
        origin.Replace("{port}", $"{host.Port}", StringComparison.Ordinal);
}
