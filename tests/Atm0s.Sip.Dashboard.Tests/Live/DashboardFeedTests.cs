using System.Text.Json;
using Atm0s.Sip.Dashboard.Live;
using Atm0s.Sip.Dashboard.Tests.Hosts;
using Atm0s.Sip.Hooks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Dashboard.Tests.Live;

/// <summary>The feed on a clock that the tests move.</summary>
public sealed class DashboardFeedTests
{
    private static readonly SipDashboardOptions Options = new();

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));

    [Test]
    public void SlowPage_GetsEverythingAnew_InPlaceOfWhatItMissed()
    {
        using var feed = NewFeed(new FakeServer(5));
        Assert.That(feed.TryEnter());
        var seen = 0L;
        Assert.That(Read(feed, ref seen)!.Value.GetProperty("full").GetBoolean(), Is.True);
        Assert.That(Read(feed, ref seen), Is.Null);
        Pass(3);
        for (var i = 0; i < 3; i++)
            Assert.That(Read(feed, ref seen)!.Value.GetProperty("full").GetBoolean(), Is.False);
        Assert.That(Read(feed, ref seen), Is.Null);

        Pass(50);
        Assert.That(Read(feed, ref seen)!.Value.GetProperty("full").GetBoolean(), Is.True);
        Assert.That(Read(feed, ref seen), Is.Null);
    }

    [Test]
    public void UpdateOf1000Calls_IsSmall()
    {
        using var feed = NewFeed(new FakeServer(1000));
        feed.TryEnter();
        var seen = 0L;
        Assert.That(feed.Read(ref seen, out _), Has.Length.LessThan(600_000));
        Pass(1);
        Assert.That(feed.Read(ref seen, out _), Has.Length.LessThan(30_000));
    }

    [Test]
    public void NobodyLooks_NothingIsSent_ButSecondsAreWritten()
    {
        using var feed = NewFeed(new FakeServer(2));
        Pass(25);
        var seen = 0L;
        Assert.That(feed.Read(ref seen, out _), Is.Null);
        feed.TryEnter();
        var all = Read(feed, ref seen)!.Value;
        Assert.That(all.GetProperty("seconds").GetArrayLength(), Is.InRange(9, 11));
        Assert.That(all.GetProperty("seconds")[5].GetProperty("calls").GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public async Task Failure_IsTold_WithItsCall()
    {
        var server = new FakeServer(1);
        using var feed = NewFeed(server);
        feed.TryEnter();
        var seen = 0L;
        feed.Read(ref seen, out _);
        server.Tell(new SipServerEvent.Call(new CallEvent.Ended
        {
            Call = server.Calls.Single().Info, Timestamp = _time.GetUtcNow(), Cause = CallEndCause.MediaTimeout, StatusCode = 0,
            Reason = "no audio", Duration = TimeSpan.FromSeconds(3),
        }));
        for (var i = 0; i < 500; i++)
        {
            Pass(1);
            if (Read(feed, ref seen) is { } update && update.TryGetProperty("happenings", out var happenings))
            {
                Assert.That(happenings[0].GetProperty("text").GetString(), Does.Contain("media timeout"));
                Assert.That(happenings[0].GetProperty("callId").GetString(), Is.EqualTo("call00001"));
                return;
            }

            await Task.Delay(10);
        }

        Assert.Fail("The failure was not told.");
    }

    [Test]
    public void LongTextsOfStrangers_AreCut()
    {
        var server = new FakeServer(0);
        server.Add(new FakeCall(1, "r", new string('x', 5_000)));
        using var feed = NewFeed(server);
        feed.TryEnter();
        var seen = 0L;
        var from = Read(feed, ref seen)!.Value.GetProperty("calls").GetProperty("set")[0].GetProperty("from").GetString();
        Assert.That(from, Has.Length.EqualTo(80));
    }

    [Test]
    public void ServerThatCantBeRead_EndsTheStreams_AndIsShownWholeWhenItCanBeAgain()
    {
        var server = new FakeServer(3);
        using var feed = NewFeed(server);
        Assert.That(feed.TryEnter(), Is.True);
        var seen = 0L;
        Read(feed, ref seen);
        feed.Read(ref seen, out var changed);

        server.Fault = new InvalidOperationException("a codec of the host");
        Pass(2);
        Assert.That((changed.IsCompleted, feed.CanBeRead, feed.TryEnter()), Is.EqualTo((true, false, false)));

        server.Fault = null;
        server.Add(new FakeCall(9, "room"));
        Pass(1);
        Assert.That(feed.CanBeRead, Is.True);
        var update = Read(feed, ref seen)!.Value;
        Assert.That(update.GetProperty("full").GetBoolean(), Is.True);
        Assert.That(update.GetProperty("calls").GetProperty("set").GetArrayLength(), Is.EqualTo(4));
    }

    // Else 32 failed looks would take all places for good.
    [Test]
    public void PageThatCouldNotEnter_TakesNoPlace()
    {
        var server = new FakeServer(1) { Fault = new InvalidOperationException() };
        using var feed = NewFeed(server);
        for (var i = 0; i < 2 * Options.MaxWatchers; i++)
            Assert.That(feed.TryEnter(), Is.False);
        server.Fault = null;
        for (var i = 0; i < Options.MaxWatchers; i++)
            Assert.That(feed.TryEnter(), Is.True);
        Assert.That(feed.TryEnter(), Is.False);
    }

    [Test]
    public void CounterOfTheHostThatThrows_IsLookedPast()
    {
        using var meter = new System.Diagnostics.Metrics.Meter("Atm0s.Sip.Mine");
        meter.CreateObservableCounter<long>("mine.dropped", static long () => throw new InvalidOperationException("no counter"));
        using var feed = NewFeed(new FakeServer(2));
        feed.TryEnter();
        Pass(10);
        Assert.That(feed.CanBeRead, Is.True);
    }

    private DashboardFeed NewFeed(FakeServer server)
    {
        var feed = new DashboardFeed(server, Options, _time, NullLogger<DashboardFeed>.Instance);
        feed.Start();
        return feed;
    }

    // The feed's loop goes on in the thread that moves the clock.
    private void Pass(int intervals)
    {
        for (var i = 0; i < intervals; i++)
            _time.Advance(Options.UpdateInterval);
    }

    private static JsonElement? Read(DashboardFeed feed, ref long seen) =>
        feed.Read(ref seen, out _) is { } update ? JsonDocument.Parse(update).RootElement : null;
}
