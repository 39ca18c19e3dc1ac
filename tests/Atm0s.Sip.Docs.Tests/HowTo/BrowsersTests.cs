using System.Net.WebSockets;
using System.Text;

namespace Atm0s.Sip.Docs.Tests.HowTo;

/// <summary>docs/how-to/browsers.md.</summary>
public sealed class BrowsersTests
{
    private const string Options = "OPTIONS sip:sip.example.com SIP/2.0\r\nVia: SIP/2.0/WS x.invalid;branch=z9hG4bKa\r\nMax-Forwards: 70\r\n"
        + "From: <sip:alice@sip.example.com>;tag=1\r\nTo: <sip:sip.example.com>\r\nCall-ID: page\r\nCSeq: 1 OPTIONS\r\n"
        + "Content-Length: 0\r\n\r\n";

    [Test]
    public async Task PagesOfTheListedSite_MayConnect_AndOthersMayNot()
    {
        await using var sample = await SampleProgram.StartAsync("Browsers", "--urls", "http://127.0.0.1:0");
        var uri = new UriBuilder(sample.Web) { Scheme = "ws", Path = "/sip" }.Uri;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        using var page = await ConnectAsync(uri, "https://www.example.com", limit.Token);
        await page.SendAsync(Encoding.ASCII.GetBytes(Options), WebSocketMessageType.Text, true, limit.Token);
        var answer = new byte[4096];
        var read = await page.ReceiveAsync(answer, limit.Token);
        Assert.That(Encoding.ASCII.GetString(answer, 0, read.Count), Does.StartWith("SIP/2.0 200 "));

        Assert.That(
            async () => await ConnectAsync(uri, "https://other.example", limit.Token),
            Throws.TypeOf<WebSocketException>().With.Message.Contains("403"));
    }

    private static async Task<ClientWebSocket> ConnectAsync(Uri uri, string origin, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("sip");
        socket.Options.SetRequestHeader("Origin", origin);
        await socket.ConnectAsync(uri, cancellation);
        return socket;
    }
}
