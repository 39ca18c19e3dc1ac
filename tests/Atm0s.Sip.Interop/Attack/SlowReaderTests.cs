using System.Net.Sockets;
using System.Text;
using Atm0s.Sip.Interop.Scenarios;

namespace Atm0s.Sip.Interop.Attack;

/// <summary>Peers that ask over TCP as much as they can, with requests whose answers are large, and read none of them.</summary>
[NonParallelizable]
[Property("threat", "S5")]
public sealed class SlowReaderTests : InteropTest
{
    private const long MegaByte = 1 << 20;

    [Test]
    public async Task Peers_that_do_not_read_cost_little_and_are_closed()
    {
        var server = await ServerAsync("--trust", "127.0.0.1");
        var request = WithVias(56_000);
        // What the first requests compile is not theirs.
        using (var first = new TcpClient())
        {
            await first.ConnectAsync(server.Tcp);
            await first.Client.SendAsync(request);
            await first.Client.ReceiveAsync(new byte[100]);
        }

        var before = server.Process.WorkingSet();
        var peers = new List<Socket>();
        for (var i = 0; i < 4; i++)
        {
            var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
            peers.Add(peer);
            await peer.ConnectAsync(server.Tcp);
        }

        var asking = peers.Select(peer => AskAsync(peer, request)).ToArray();
        await Task.WhenAll(asking);
        var after = server.Process.WorkingSet();

        await TestContext.Out.WriteLineAsync(
            $"{asking.Sum(peer => peer.Result) / MegaByte} MB asked; working set {before / MegaByte} MB before, {after / MegaByte} MB "
                + $"after");
        Assert.That(after - before, Is.LessThan(40 * MegaByte));
        await server.Process.Errors.WaitAsync(
            _ => server.Process.Errors.Lines.Count(line => line.EndsWith("closed: StalledSend", StringComparison.Ordinal)) == peers.Count,
            "each of them closed for that",
            TimeSpan.FromSeconds(30));
        peers.ForEach(peer => peer.Dispose());
    }

    // Until the server has had enough.
    private static async Task<long> AskAsync(Socket peer, byte[] request)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var sent = 0L;
        try
        {
            while (sent < 500 * MegaByte)
            {
                sent += await peer.SendAsync(request, limit.Token);
                // More than anybody needs, and not so much that the processor is what is measured.
                await Task.Delay(2, limit.Token);
            }
        }
        catch (SocketException)
        {
        }

        return sent;
    }

    private static byte[] WithVias(int bytes)
    {
        var text = new StringBuilder("OPTIONS sip:127.0.0.1 SIP/2.0\r\n");
        for (var i = 0; text.Length < bytes; i++)
            text.Append($"Via: SIP/2.0/TCP 192.0.2.{i % 250};branch=z9hG4bK{i}{new string('x', 300)}\r\n");
        return Encoding.ASCII.GetBytes(
            text + "Max-Forwards: 70\r\nFrom: <sip:b@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: vias\r\nCSeq: 1 OPTIONS\r\n"
            + "Content-Length: 0\r\n\r\n");
    }
}
