using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using EventLog = Atm0s.Sip.Control.Events.EventLog;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>Who watches and does not read holds up nobody; so many watch and no more.</summary>
public sealed class StuckWatcherTests
{
    private const string Upgrade =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    [TestCase("")]
    [TestCase(Upgrade)]
    public async Task WatcherThatDoesNotRead_DoesNotHoldUpTheStop(string headers)
    {
        await using var control = await ControlHost.StartAsync();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, control.Url.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /sip/events HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Api-Key: {ControlHost.Key}\r\n{headers}\r\n"));
        await ControlHost.UntilAsync(() => control.Server.Parts.Events.IsWatched, "watching");
        await FillAsync(control);

        var watch = Stopwatch.StartNew();
        await control.StopAsync();
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(4)));
    }

    [Test]
    public async Task Watchers_BeyondTheLimit_AreToldToComeBack()
    {
        await using var control = await ControlHost.StartAsync(options =>
        {
            options.ApiKeys.Add(ControlHost.Key);
            options.MaxWatchers = 2;
        });
        var first = await OpenAsync(control);
        using var second = await OpenAsync(control);
        using (var third = await OpenAsync(control))
        {
            Assert.That((int)third.StatusCode, Is.EqualTo(503));
            Assert.That(third.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(5)));
        }

        first.Dispose();
        for (var i = 0; i < 500; i++)
        {
            using var again = await OpenAsync(control);
            if (again.StatusCode == HttpStatusCode.OK)
                return;
            await Task.Delay(10);
        }

        Assert.Fail("The place of a watcher that has gone is not given to another.");
    }

    [TestCase(0)]
    [TestCase(10_001)]
    public void WatchersThatCantBe_StopTheStart(int watchers) =>
        Assert.That(
            () => ControlHost.StartAsync(options => (options.AllowAnonymous, options.MaxWatchers) = (true, watchers)),
            Throws.TypeOf<Microsoft.Extensions.Options.OptionsValidationException>().With.Message.Contains("MaxWatchers"));

    // More than the buffers of both systems hold.
    private static async Task FillAsync(ControlHost control)
    {
        var log = control.Services.GetRequiredService<EventLog>();
        var end = log.Open(null);
        var name = new string('r', 16_000);
        for (var i = 0; i < 2_000; i++)
        {
            control.Server.Parts.Events.Tell(new SipServerEvent.RoomOpened(name));
            if (i % 500 != 499)
                continue;
            var read = 0;
            await ControlHost.UntilAsync(() => (read += Read(log, ref end)) >= 500, "the log is filled");
        }
    }

    private static int Read(EventLog log, ref long place)
    {
        var read = 0;
        while (log.Read(ref place, out _) is { Count: > 0 } events)
            read += events.Count;
        return read;
    }

    private static Task<HttpResponseMessage> OpenAsync(ControlHost control) =>
        control.Http.GetAsync(new Uri("/sip/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
}
