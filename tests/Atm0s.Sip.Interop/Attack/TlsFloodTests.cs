using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Atm0s.Sip.Interop.Attack;

/// <summary>Connections over TLS that come to nothing, and half upgrades to WebSocket, beside the good calls.</summary>
[NonParallelizable]
public sealed class TlsFloodTests : AttackTest
{
    private const int Attackers = 2000;
    private const int Sources = 59;

    [Test]
    [Property("threat", "S5")]
    public async Task Good_calls_go_on_and_new_clients_get_in_beside_thousands_that_say_nothing()
    {
        await StartAsync("--listen", "tls://127.0.0.1:0", "--self-signed");
        var held = new List<Socket>(Attackers);
        using var end = new CancellationTokenSource();
        var trickling = Task.CompletedTask;
        try
        {
            for (var i = 0; i < Attackers; i++)
                held.Add(await AttackAsync(i));
            var hearing = GoodCallsHearEachOtherAsync();
            trickling = TrickleAsync(held, end.Token);
            // Of three rounds one may fall into a pause of the machine.
            List<double> slow = [];
            for (var round = 0; round < 3; round++)
                slow.Add(await SlowestButOneAsync());
            await hearing;
            Assert.That(slow.Order().ElementAt(1), Is.LessThan(500), "19 of 20");
            await GoodCallsHearEachOtherAsync();
        }
        finally
        {
            await end.CancelAsync();
            await trickling;
            held.ForEach(socket => socket.Dispose());
        }
    }

    // A quarter says nothing, a quarter half a ClientHello, a quarter goes on with a byte now and then, a quarter asks the web server for
    // half an upgrade.
    private async Task<Socket> AttackAsync(int number)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)(2 + (number % Sources))]), 0));
        await socket.ConnectAsync(number % 4 == 3 ? Web : Server.Tls).WaitAsync(Soon);
        var said = (number % 4) switch
        {
            0 => Array.Empty<byte>(),
            3 => Encoding.ASCII.GetBytes("GET /sip HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upg"),
            _ => [22, 3, 1, 2, 0, 1, 0, 1],
        };
        await socket.SendAsync(said);
        return socket;
    }

    private static async Task TrickleAsync(List<Socket> held, CancellationToken end)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (; !end.IsCancellationRequested; await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            for (var i = 2; i < held.Count; i += 4)
            {
                try
                {
                    held[i].Send([0]);
                }
                catch (SocketException)
                {
                    // The server has had enough of it.
                }
            }
        }
    }

    private async Task<double> SlowestButOneAsync()
    {
        var times = new List<double>();
        for (var i = 0; i < 20; i++)
            times.Add(await GoodClientAsync());
        times.Sort();
        await TestContext.Out.WriteLineAsync($"A new client beside {Attackers}: {string.Join(", ", times.Select(t => $"{t:0} ms"))}");
        return times[^2];
    }

    private async Task<double> GoodClientAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        using var client = new TcpClient();
        await client.ConnectAsync(Server.Tls).WaitAsync(Soon);
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost", RemoteCertificateValidationCallback = (_, _, _, _) => true,
        }).WaitAsync(Soon);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1;branch=z9hG4bKgood\r\nMax-Forwards: 70\r\n"
            + $"From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: {begun}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"));
        var buffer = new byte[4096];
        var length = await stream.ReadAsync(buffer).AsTask().WaitAsync(Soon);
        Assert.That(Encoding.ASCII.GetString(buffer, 0, length), Does.StartWith("SIP/2.0 200 "));
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }
}
