using System.Diagnostics.Metrics;
using System.Text;
using Atm0s.Sip.WebSockets.Tests.Frames;
using Atm0s.Sip.WebSockets.Tests.Hosts;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.WebSockets.Tests;

/// <summary>How many connections there may be, and what waits for one that does not read.</summary>
public sealed class LimitTests
{
    [Test]
    public async Task Connections_BeyondTheLimitOfASource_Are503WhenAllHaveSpoken()
    {
        await using var host = await SipHost.StartAsync(sockets => sockets.MaxConnectionsPerAddress = 2);
        using var first = await SpokenAsync(host);
        using var second = await SpokenAsync(host);
        Assert.That(await SipSocket.RefusalAsync(host.Uri, null, "sip"), Is.EqualTo(503));
        await second.SendAsync(Msg.Options("still"));
        Assert.That(await second.ReceiveAsync(), Does.StartWith("SIP/2.0 200"));
        second.Dispose();
        await Waiting.UntilAsync(() => SipSocket.RefusalAsync(host.Uri, null, "sip").Result == 101, "its place is free");
    }

    [Test]
    public async Task Connections_BeyondTheLimit_TakeThePlaceOfASilentOne()
    {
        await using var host = await SipHost.StartAsync(sockets => sockets.MaxConnections = 2);
        using var spoken = await SpokenAsync(host);
        using var silent = await SipSocket.ConnectAsync(host.Uri);
        using var third = await SpokenAsync(host);
        Assert.That(await silent.ReceiveAsync(), Is.Null);
        await spoken.SendAsync(Msg.Options("still"));
        Assert.That(await spoken.ReceiveAsync(), Does.StartWith("SIP/2.0 200"));
    }

    [Test]
    public async Task Peer_ThatDoesNotRead_IsClosedAndItsMemoryGivenBack()
    {
        await using var host = await SipHost.StartAsync(sockets => sockets.MaxSendBytes = 64 * 1024);
        using var other = await SpokenAsync(host);
        long buffered = -1;
        var reasons = new List<string>();
        using var meters = new MeterListener { InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name is "atm0s.sip.connections.buffered" or "atm0s.sip.connections.closed")
                listener.EnableMeasurementEvents(instrument);
        } };
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            foreach (var (name, tag) in tags)
            {
                if (name == "listener" && tag is "ws:/sip")
                    buffered = value;
                if (name == "reason" && tag is string reason)
                {
                    lock (reasons)
                        reasons.Add(reason);
                }
            }
        });
        meters.Start();
        using var socket = await RawSocket.ConnectAsync(host.Port, receiveBuffer: 4096);
        // Each is answered with more than it is.
        var piece = new List<byte>();
        for (var i = 0; i < 50; i++)
            piece.AddRange(RawSocket.Text(Msg.Options(new string('b', 900))));
        for (var i = 0; i < 2000 && await socket.TrySendAsync(piece.ToArray()); i++)
        {
        }

        await Waiting.UntilAsync(
            () =>
            {
                lock (reasons)
                    return reasons.Count > 0;
            },
            "it is closed");
        Assert.That(reasons, Is.EqualTo(new[] { "NoMemory" }));
        await Waiting.UntilAsync(
            () =>
            {
                meters.RecordObservableInstruments();
                return buffered == 0;
            },
            "its memory is given back");
        await other.SendAsync(Msg.Options("still"));
        Assert.That(await other.ReceiveAsync(), Does.StartWith("SIP/2.0 200"));
    }

    [Test]
    public async Task ConnectionThatIsBeingClosed_HasItsPlaceUntilItIsGone()
    {
        var time = new FakeTimeProvider();
        await using var host = await SipHost.StartAsync(sockets => sockets.MaxConnectionsPerAddress = 1, time);
        using var raw = await RawSocket.ConnectAsync(host.Port);
        await raw.TrySendAsync(RawSocket.Text(Msg.Options()));
        Assert.That((await raw.ReadFrameAsync())?.Opcode, Is.EqualTo(1));
        // More than a message may have: it is told to close, and does not.
        await raw.TrySendAsync(RawSocket.Frame(0x81, new byte[70_000]));
        Assert.That(await raw.ReadCloseAsync(), Is.EqualTo(1009));
        Assert.That(await SipSocket.RefusalAsync(host.Uri, null, "sip"), Is.EqualTo(503));
        time.Advance(TimeSpan.FromSeconds(3));
        await Waiting.UntilAsync(() => SipSocket.RefusalAsync(host.Uri, null, "sip").Result == 101, "its place is free");
    }

    [Test]
    public async Task ConnectionsThatGiveWay_AreToldSo_ButNotWithoutEnd()
    {
        var time = new FakeTimeProvider();
        await using var host = await SipHost.StartAsync(sockets => sockets.MaxConnectionsPerAddress = 1, time);
        var sockets = new List<RawSocket>();
        try
        {
            // None of them answers its Close; no time passes.
            for (var i = 0; i < 70; i++)
                sockets.Add(await RawSocket.ConnectAsync(host.Port));
            Assert.That(await sockets[0].ReadCloseAsync(), Is.EqualTo(1008));
            Assert.That(await sockets[63].ReadCloseAsync(), Is.EqualTo(1008));
            Assert.That(await sockets[64].ReadCloseAsync(), Is.Null, "no memory for another one");
            Assert.That(await sockets[68].ReadCloseAsync(), Is.Null);

            time.Advance(TimeSpan.FromSeconds(3));
            await Waiting.UntilAsync(() => sockets[0].ReadFrameAsync().Result is null, "they are gone");
            sockets.Add(await RawSocket.ConnectAsync(host.Port));
            Assert.That(await sockets[69].ReadCloseAsync(), Is.EqualTo(1008));
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task<SipSocket> SpokenAsync(SipHost host)
    {
        var socket = await SipSocket.ConnectAsync(host.Uri);
        await socket.SendAsync(Msg.Options());
        Assert.That(await socket.ReceiveAsync(), Does.StartWith("SIP/2.0 200"));
        return socket;
    }
}
