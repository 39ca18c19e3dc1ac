using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Interop.Scenarios;

namespace Atm0s.Sip.Interop.Torture;

/// <summary>A million datagrams that are no message cost the server nothing that lasts.</summary>
[NonParallelizable]
public sealed class MalformedDatagramTests : InteropTest
{
    private const int Datagrams = 1_000_000;
    private const int Burst = 200; // what the socket buffer of the server holds: none is lost to it
    private const long MegaByte = 1 << 20;

    [Test]
    public async Task A_million_change_nothing()
    {
        var server = await ServerAsync();
        using var wire = new Wire(new IPEndPoint(IPAddress.Loopback, 0), server.Udp);
        // Of many sources: one alone would soon be slowed down, and most of it not looked at.
        var noise = Enumerable.Range(1, 250).Select(i => NewNoise(IPAddress.Parse($"127.0.66.{i}"))).ToArray();
        var datagrams = new MalformedDatagrams(seed: 4475);
        await wire.PingAsync(Soon);
        var events = server.Process.Output.Count;
        var before = server.Process.WorkingSet();
        var largest = before;
        for (var sent = 0; sent < Datagrams; sent += Burst)
        {
            for (var i = 0; i < Burst; i++)
                noise[(sent + i) % noise.Length].SendTo(datagrams.Next(), server.Udp);
            Assert.That(await wire.PingAsync(Soon), Does.StartWith("SIP/2.0 200 "));
            if (sent % 50_000 == 0)
                largest = Math.Max(largest, server.Process.WorkingSet());
        }

        Array.ForEach(noise, socket => socket.Dispose());
        var after = server.Process.WorkingSet();
        await TestContext.Out.WriteLineAsync(
            $"working set {before / MegaByte} MB before, {after / MegaByte} MB after, {largest / MegaByte} MB at most");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(server.Process.Output.Lines.Skip(events), Is.Empty, "event lines");
            Assert.That(after - before, Is.LessThan(50 * MegaByte), "growth of the working set");
        }
    }

    // Nobody reads what is answered.
    private static Socket NewNoise(IPAddress address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4096 };
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }
}
