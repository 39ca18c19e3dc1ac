using System.Net;
using System.Net.Sockets;
using System.Text;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.Interop.Scenarios;
using Atm0s.Sip.Interop.Torture;

namespace Atm0s.Sip.Interop.Attack;

/// <summary>A server that has no descriptor left for one more connection.</summary>
[NonParallelizable]
[Platform("Linux")]
[Property("threat", "F6")]
public sealed class DescriptorTests : InteropTest
{
    private const int Spare = 30;
    private const string Waits = "waits: TooManyOpenSockets";

    [Test]
    public async Task Out_of_descriptors_it_waits_goes_on_and_says_so_once()
    {
        var server = await ServerAsync();
        using var wire = new Wire(new IPEndPoint(IPAddress.Loopback, 0), server.Udp);
        await wire.PingAsync(Soon);
        await AskAsync(await ConnectAsync(server));
        await server.Process.LimitDescriptorsAsync(server.Process.OpenDescriptors() + Spare);
        // All have something to say, so nobody gives way; those beyond the limit wait in the system's queue.
        var clients = new List<Socket>();
        for (var i = 0; i < 2 * Spare; i++)
        {
            clients.Add(await ConnectAsync(server));
            await clients[i].SendAsync(Options("held"));
        }

        await server.Process.Errors.WaitAsync(line => line.Contains(Waits, StringComparison.Ordinal), "that accepting waits", Soon);
        var used = server.Process.ProcessorTime();
        await Task.Delay(TimeSpan.FromSeconds(3));
        used = server.Process.ProcessorTime() - used;
        Assert.That(await wire.PingAsync(Soon), Does.StartWith("SIP/2.0 200 "), "over UDP meanwhile");
        Assert.That(used, Is.LessThan(TimeSpan.FromSeconds(1.5)), "it spins");
        Assert.That(server.Process.Errors.Lines.Count(line => line.Contains(Waits, StringComparison.Ordinal)), Is.EqualTo(1));

        clients.ForEach(client => client.Dispose());
        Assert.That(await AskAsync(await ConnectAsync(server)), Does.StartWith("SIP/2.0 200 "), "when there are some again");
        await server.Process.Errors.WaitAsync(line => line.EndsWith("goes on", StringComparison.Ordinal), "that accepting goes on", Soon);
    }

    [Test]
    public async Task Out_of_descriptors_those_that_never_spoke_give_way()
    {
        var server = await ServerAsync();
        await AskAsync(await ConnectAsync(server));
        await server.Process.LimitDescriptorsAsync(server.Process.OpenDescriptors() + Spare);
        var silent = new List<Socket>();
        for (var i = 0; i < 2 * Spare; i++)
            silent.Add(await ConnectAsync(server));

        Assert.That(await AskAsync(await ConnectAsync(server)), Does.StartWith("SIP/2.0 200 "));
        silent.ForEach(client => client.Dispose());
    }

    private static async Task<Socket> ConnectAsync(RoomServerProcess server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Tcp);
        return socket;
    }

    private static byte[] Options(string id) => Encoding.ASCII.GetBytes(
        $"OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK{id}\r\nMax-Forwards: 70\r\n" +
        $"From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: {id}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n");

    private static async Task<string> AskAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(Soon);
        using (socket)
        {
            await socket.SendAsync(Options("asked"), limit.Token);
            var buffer = new byte[4096];
            return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, limit.Token));
        }
    }
}
