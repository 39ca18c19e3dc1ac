using System.Net.Sockets;
using System.Text;

namespace Atm0s.Sip.Interop.Attack;

/// <summary>Frames of WebSocket that are wrong, endless or too many, beside the good calls.</summary>
[NonParallelizable]
public sealed class WebSocketFloodTests : AttackTest
{
    private const int Connections = 40;

    private static readonly byte[] Mask = [1, 2, 3, 4];

    [TestCase("not masked", new byte[] { 0x82, 2, 65, 66 })]
    [TestCase("reserved bits", new byte[] { 0xF2, 0x80, 1, 2, 3, 4 })]
    [TestCase("too long", new byte[] { 0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4 })]
    [TestCase("endless fragments", new byte[] { 0x02, 0x81, 1, 2, 3, 4, 65 }, new byte[] { 0x00, 0x81, 1, 2, 3, 4, 65 })]
    [TestCase("pings", new byte[] { 0x89, 0x84, 1, 2, 3, 4, 5, 6, 7, 8 })]
    [TestCase("no SIP", new byte[] { 0x82, 0x84, 1, 2, 3, 4, 5, 6, 7, 8 })]
    [Property("threat", "S6")]
    public async Task Good_calls_go_on_beside_it(string kind, byte[] first, byte[]? next = null)
    {
        await StartAsync();
        using var end = new CancellationTokenSource();
        var attackers = Enumerable.Range(0, Connections).Select(_ => Task.Run(() => AttackAsync(first, next ?? first, end.Token))).ToList();
        await GoodCallsHearEachOtherAsync();
        await Task.Delay(TimeSpan.FromSeconds(3));
        await GoodCallsHearEachOtherAsync();
        await end.CancelAsync();
        var sent = (await Task.WhenAll(attackers)).Sum();
        await TestContext.Out.WriteLineAsync($"{kind}: {sent} frames");
        Assert.That(sent, Is.GreaterThan(Connections), "they got through to the server");
        await GoodCallsHearEachOtherAsync();
    }

    // As fast as the server takes it; whoever is closed comes again.
    private async Task<int> AttackAsync(byte[] first, byte[] next, CancellationToken end)
    {
        var sent = 0;
        var buffer = new byte[4096];
        while (!end.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(Web, end);
                await socket.SendAsync(Upgrade(), end);
                var length = await socket.ReceiveAsync(buffer, end);
                Assert.That(Encoding.ASCII.GetString(buffer, 0, length), Does.StartWith("HTTP/1.1 101").Or.StartWith("HTTP/1.1 503"));
                await socket.SendAsync(first, end);
                for (sent++; socket.Connected && !end.IsCancellationRequested; sent++)
                {
                    await socket.SendAsync(next, end);
                    if (socket.Available > 0 && await socket.ReceiveAsync(buffer, end) == 0)
                        break;
                    await Task.Delay(1, end);
                }
            }
            catch (Exception over) when (over is SocketException or OperationCanceledException)
            {
                // Closed by the server, or the end of the test.
            }
        }

        return sent;
    }

    private static byte[] Upgrade() => Encoding.ASCII.GetBytes(
        "GET /sip HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + $"Sec-WebSocket-Key: {Convert.ToBase64String([.. Mask, .. Mask, .. Mask, .. Mask])}\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Protocol: sip\r\n\r\n");
}
