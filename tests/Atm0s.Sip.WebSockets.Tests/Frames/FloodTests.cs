using System.Diagnostics;
using Atm0s.Sip.WebSockets.Tests.Hosts;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.WebSockets.Tests.Frames;

/// <summary>Peers that send only to keep us busy, beside twenty that call. Nothing of it may make the process grow.</summary>
[NonParallelizable]
public sealed class FloodTests
{
    private const int Good = 20;
    private const long MaxGrowth = 32 * 1024 * 1024;

    [Test]
    public async Task Pings_EndTheirConnection()
    {
        await using var host = await SipHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Port);
        var many = Enumerable.Repeat(RawSocket.Ping(), 1000).SelectMany(frame => frame).ToArray();
        var answers = Task.Run(async () =>
        {
            var count = 0;
            while (await socket.ReadFrameAsync() is not null)
                count++;
            return count;
        });
        for (var i = 0; i < 100 && await socket.TrySendAsync(many); i++)
        {
        }

        Assert.That(await answers, Is.GreaterThan(5_000).And.LessThan(25_000));
    }

    [Test]
    public async Task Pings_NowAndThen_EndNothing()
    {
        var time = new FakeTimeProvider();
        await using var host = await SipHost.StartAsync(sockets => sockets.IdleTimeout = TimeSpan.FromHours(24), time);
        using var socket = await RawSocket.ConnectAsync(host.Port);
        await socket.TrySendAsync(RawSocket.Text(Msg.Options()));
        _ = await socket.ReadFrameAsync();
        // More than is taken at once.
        for (var i = 0; i < 1000; i++)
        {
            await socket.TrySendAsync(RawSocket.Ping(100));
            Assert.That((await socket.ReadFrameAsync())?.Opcode, Is.EqualTo(10));
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [TestCase("pings")]
    [TestCase("large pings")]
    [TestCase("huge frames")]
    [TestCase("fragments")]
    [TestCase("empty fragments")]
    [TestCase("half messages")]
    [TestCase("no SIP")]
    [TestCase("double CRLF")]
    public async Task Flood_OfEachKind_LeavesOthersAloneAndNothingBehind(string kind)
    {
        await using var host = await SipHost.StartAsync();
        var phones = new List<SipSocket>();
        for (var i = 0; i < Good; i++)
            phones.Add(await SipSocket.ConnectAsync(host.Uri));
        await AskAllAsync(phones, "warm");
        var before = Memory();

        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(4));
        var floods = Enumerable.Range(0, 8).Select(_ => Task.Run(() => FloodAsync(host.Port, kind, end.Token))).ToArray();
        var rounds = 0;
        var worst = TimeSpan.Zero;
        while (!end.IsCancellationRequested)
        {
            var start = Stopwatch.GetTimestamp();
            await AskAllAsync(phones, $"r{rounds++}");
            worst = TimeSpan.FromTicks(Math.Max(worst.Ticks, Stopwatch.GetElapsedTime(start).Ticks));
        }

        await Task.WhenAll(floods);
        await AskAllAsync(phones, "after");
        var grown = Memory() - before;
        await TestContext.Out.WriteLineAsync($"{kind}: {rounds} rounds of {Good}, longest {worst.TotalMilliseconds:0} ms, grown {grown / 1024} KiB");
        phones.ForEach(phone => phone.Dispose());
        Assert.That(rounds, Is.GreaterThan(2));
        Assert.That(grown, Is.LessThan(MaxGrowth));
    }

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetTotalMemory(true);
    }

    private static Task AskAllAsync(List<SipSocket> phones, string name) => Task.WhenAll(phones.Select(async (phone, i) =>
    {
        await phone.SendAsync(Msg.Register($"u{i}-{name}"));
        Assert.That(await phone.ReceiveAsync(), Does.StartWith("SIP/2.0 200"));
    }));

    private static async Task FloodAsync(int port, string kind, CancellationToken end)
    {
        var piece = PieceOf(kind);
        while (!end.IsCancellationRequested)
        {
            using var socket = await RawSocket.ConnectAsync(port);
            var answers = Task.Run(
                async () =>
                {
                    while (await socket.ReadFrameAsync() is not null)
                    {
                    }
                },
                CancellationToken.None);
            if (kind == "empty fragments" || kind == "fragments")
                await socket.TrySendAsync(RawSocket.Frame(0x01, "x"u8));
            for (var i = 0; i < 2000 && !end.IsCancellationRequested; i++)
            {
                if (!await socket.TrySendAsync(piece))
                    break;
                if (kind is "half messages")
                    break;
            }

            socket.Dispose();
            await answers;
        }
    }

    private static byte[] PieceOf(string kind) => kind switch
    {
        "pings" => [.. Enumerable.Repeat(RawSocket.Ping(), 500).SelectMany(frame => frame)],
        "large pings" => [.. Enumerable.Repeat(RawSocket.Ping(125), 100).SelectMany(frame => frame)],
        "huge frames" => RawSocket.Frame(0x82, new byte[60_000], declared: 1L << 40),
        "fragments" => [.. Enumerable.Repeat(RawSocket.Frame(0x00, new byte[100]), 100).SelectMany(frame => frame)],
        "empty fragments" => [.. Enumerable.Repeat(RawSocket.Frame(0x00, []), 500).SelectMany(frame => frame)],
        "half messages" => RawSocket.Frame(0x01, new byte[60_000]),
        "no SIP" => [.. Enumerable.Repeat(RawSocket.Text("{}"), 500).SelectMany(frame => frame)],
        _ => [.. Enumerable.Repeat(RawSocket.Text("\r\n\r\n"), 500).SelectMany(frame => frame)],
    };
}
