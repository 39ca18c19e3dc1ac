using System.Diagnostics;
using Atm0s.Sip.WebSockets.Tests.Hosts;

namespace Atm0s.Sip.WebSockets.Tests.Frames;

/// <summary>We ping (RFC 6455 §5.5.2): a peer that is gone is found out, and one that is there is kept.</summary>
public sealed class PingTests
{
    private static readonly Action<SipWebSocketOptions> Fast = options =>
    {
        (options.KeepAliveInterval, options.KeepAliveTimeout) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        (options.FirstMessageTimeout, options.IdleTimeout) = (TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5));
    };

    [Test]
    public async Task PeerWithoutAPong_IsClosed()
    {
        await using var host = await SipHost.StartAsync(Fast);
        using var socket = await RawSocket.ConnectAsync(host.Port);
        var watch = Stopwatch.StartNew();
        var pings = 0;
        while (await socket.ReadFrameAsync() is { } frame)
            pings += frame.Opcode == 9 ? 1 : 0;
        Assert.That(pings, Is.Positive);
        Assert.That(watch.Elapsed, Is.GreaterThan(TimeSpan.FromSeconds(2.5)).And.LessThan(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public async Task PeerWithPongs_Stays()
    {
        await using var host = await SipHost.StartAsync(Fast);
        using var socket = await RawSocket.ConnectAsync(host.Port);
        for (var pings = 0; pings < 6;)
        {
            var frame = await socket.ReadFrameAsync();
            Assert.That(frame, Is.Not.Null, $"closed after {pings} pings");
            if (frame!.Value.Opcode != 9)
                continue;
            pings++;
            Assert.That(await socket.TrySendAsync(RawSocket.Frame(0x8A, frame.Value.Payload)), Is.True);
        }
    }
}
