using System.Reflection;
using System.Runtime.CompilerServices;
using Atm0s.Sip.Control.Events;
using Atm0s.Sip.Hooks.Http.Tests.Client;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>Watchers are never left waiting for events that can't come.</summary>
public sealed class EventLogFaultTests
{
    [Test]
    public async Task SettingsEvents_ReachTheWatchers_WhoGetWhatComesAfterThem()
    {
        await using var control = await ControlHost.StartAsync();
        using var response = await control.Http.GetAsync(
            new Uri("/sip/events?snapshot=false", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        control.Server.Parts.Events.Tell(new SipServerEvent.SettingsChanged(["Calls.MaxCalls"], []));
        control.Server.Parts.Events.Tell(new SipServerEvent.SettingsRefused("Sip:Realm is null."));
        control.Server.Parts.Events.Tell(new SipServerEvent.RoomOpened("r1"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var names = new List<string>();
        while (names.Count < 3 && await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                names.Add(line[7..]);
        }

        Assert.That(names, Is.EqualTo(new[] { "settings_changed", "settings_refused", "room_opened" }));
    }

    [Test]
    public void EventWithoutMessage_IsSkippedAndLogged()
    {
        // What a later version may tell: made without its constructor, which is private.
        var unknown = (SipServerEvent)RuntimeHelpers.GetUninitializedObject(typeof(SipServerEvent.Trunk));
        using var captured = new CapturedLog();
        using var logs = LoggerFactory.Create(builder => builder.AddProvider(captured));
        var server = Scripted.New(() => Tell(unknown, unknown, new SipServerEvent.RoomOpened("r1")));
        var log = new EventLog(server, logs.CreateLogger<EventLog>());
        var place = log.Open("00000000-1");
        Assert.That(log.Read(ref place, out _)!.Select(e => e.Name), Is.EqualTo(new[] { "room_opened" }));
        Assert.That(captured.Text.Split('\n').Count(line => line.Contains("is not told", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public void EventsThatFail_EndTheWatchers_AndTheNextOnesBeginAnew()
    {
        using var captured = new CapturedLog();
        using var logs = LoggerFactory.Create(builder => builder.AddProvider(captured));
        var source = new TaskCompletionSource();
        var runs = 0;
        var server = Scripted.New(() => ++runs == 1 ? FailAfter(source.Task) : Tell(new SipServerEvent.RoomOpened("r2")));
        var log = new EventLog(server, logs.CreateLogger<EventLog>());
        var early = log.Open("00000000-1");
        var waiting = early;
        Assert.That(log.Read(ref waiting, out var changed)!.Single().Name, Is.EqualTo("room_opened"));
        var seen = log.IdBefore(waiting);
        Assert.That(log.Read(ref waiting, out changed), Is.Empty);

        source.SetException(new IOException("gone"));
        Assert.That(() => changed.IsCompleted, Is.True.After(5_000, 10), "who waits is woken");
        Assert.That(log.Read(ref waiting, out _), Is.Null);
        Assert.That(captured.Text, Does.Contain("can't be read any more"));

        var next = log.Open(seen, out var knowsAll);
        Assert.That(knowsAll, Is.False, "it gets a snapshot: something may have been lost");
        Assert.That(log.Read(ref next, out _)!.Single().Name, Is.EqualTo("room_opened"));
        Assert.That(log.Read(ref waiting, out _), Is.Null, "those of before don't go on as if nothing was lost");
        Assert.That(log.Read(ref early, out _), Is.Null);
    }

    [Test]
    public void ServerThatDoesNotRunYet_IsWatchedWhenItDoes()
    {
        using var logs = LoggerFactory.Create(_ => { });
        var isRunning = false;
        var server = Scripted.New(() => isRunning ? Tell(new SipServerEvent.RoomOpened("r1")) : throw new InvalidOperationException());
        var log = new EventLog(server, logs.CreateLogger<EventLog>());
        Assert.That(() => log.Open(null), Throws.InvalidOperationException);
        Assert.That(() => log.Open(null), Throws.InvalidOperationException, "not silence");
        isRunning = true;
        var place = log.Open("00000000-1");
        Assert.That(log.Read(ref place, out _)!.Single().Name, Is.EqualTo("room_opened"));
    }

    [Test]
    public async Task Watcher_OfAServerThatHasStopped_IsTold503()
    {
        await using var control = await ControlHost.StartAsync();
        await control.Server.StopAsync();
        for (var i = 0; i < 2; i++)
        {
            using var response = await control.Http.GetAsync(
                new Uri("/sip/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            Assert.That((int)response.StatusCode, Is.EqualTo(503));
            Assert.That(response.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(5)));
        }
    }

    private static async IAsyncEnumerable<SipServerEvent> Tell(params SipServerEvent[] events)
    {
        foreach (var what in events)
            yield return what;
        await Task.CompletedTask;
    }

    private static async IAsyncEnumerable<SipServerEvent> FailAfter(Task source)
    {
        yield return new SipServerEvent.RoomOpened("r1");
        await source;
    }

    /// <summary>A server that tells what a test wants.</summary>
#pragma warning disable CA1852 // DispatchProxy derives from it.
    private class Scripted : DispatchProxy
#pragma warning restore CA1852
    {
        private Func<IAsyncEnumerable<SipServerEvent>> _watch = null!;

        public static ISipServer New(Func<IAsyncEnumerable<SipServerEvent>> watch)
        {
            var server = Create<ISipServer, Scripted>();
            ((Scripted)(object)server)._watch = watch;
            return server;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod?.Name == nameof(ISipServer.WatchAsync) ? _watch() : throw new NotSupportedException(targetMethod?.Name);
    }
}
