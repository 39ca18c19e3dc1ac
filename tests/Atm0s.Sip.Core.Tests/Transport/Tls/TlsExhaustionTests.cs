using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Core.Tests.Transport.Tls;

/// <summary>Thousands of connections that say nothing, or half a ClientHello: a good client gets in beside them, and they are
/// closed.</summary>
[TestFixture]
[NonParallelizable]
[Property("threat", "S5")]
public sealed class TlsExhaustionTests
{
    private const int Attackers = 5000;
    private const int Sources = 59;
    private const int GoodClients = 20;

    [Test]
    public async Task FiveThousandConnections_AGoodClientGetsInWithin500Ms_AndTheyAreClosedIn10Seconds()
    {
        var clock = new FakeTimeProvider();
        await using var world = new TlsWorld();
        var transport = await world.ListenAsync(clock: clock);
        var silent = new List<Socket>(Attackers);
        var times = new List<TimeSpan>();
        try
        {
            for (var i = 0; i < Attackers; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)(2 + (i % Sources))]), 0));
                await socket.ConnectAsync(transport.LocalEndPoint).WaitAsync(Net.Limit);
                // A third says nothing, a third one byte, a third a half ClientHello.
                if (i % 3 > 0)
                    await socket.SendAsync(new byte[] { 22, 3, 1, 2, 0, 1, 0, 1 }.AsMemory(0, i % 3 == 1 ? 1 : 8));
                silent.Add(socket);
                // Also while they come.
                if (i % 500 == 499)
                    await GoodClientAsync(world, transport.LocalEndPoint, $"early{i}");
            }

            for (var i = 0; i < GoodClients; i++)
                times.Add(await GoodClientAsync(world, transport.LocalEndPoint, $"good{i}"));

            Assert.That(transport.ConnectionCount, Is.GreaterThanOrEqualTo(Attackers));
            times.Sort();
            await TestContext.Out.WriteLineAsync(
                $"A new good client beside them: {string.Join(", ", times.Select(t => $"{t.TotalMilliseconds:0} ms"))}");
            // All but one: this process has the attackers, too, and pauses now and then.
            Assert.That(times[^2], Is.LessThan(TimeSpan.FromMilliseconds(500)));

            clock.Advance(TimeSpan.FromSeconds(11));
            await Net.UntilAsync(() => transport.ConnectionCount <= GoodClients + (Attackers / 500));
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task<TimeSpan> GoodClientAsync(TlsWorld world, IPEndPoint server, string callId)
    {
        var begun = Stopwatch.GetTimestamp();
        var client = await world.ConnectAsync(server);
        await client.WriteAsync(Net.Message(callId));
        Assert.That((await world.Sink.NextAsync()).CallId, Is.EqualTo(callId));
        return Stopwatch.GetElapsedTime(begun);
    }
}
