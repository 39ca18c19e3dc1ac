using System.Diagnostics;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.TestKit.Net;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Media.Tests.Clock;

public sealed class RealMediaClockTests
{
    [Test]
    public void Rooms_AreTickedEveryTwentyMilliseconds_OnAnotherThread()
    {
        using var counter = new Counter(50);
        using var engine = NewEngine();
        engine.CreateRoom("room").Add(counter);
        var clock = Stopwatch.StartNew();
        engine.Start();
        Assert.That(counter.Done.Wait(TimeSpan.FromSeconds(20)));
        // Never faster than real time; slower only as far as the machine is busy.
        Assert.That(clock.Elapsed, Is.GreaterThan(TimeSpan.FromMilliseconds(49 * 20 - 45)));
        Assert.That(counter.Thread, Is.Not.EqualTo(Environment.CurrentManagedThreadId));
    }

    [Test]
    public void MemberThatThrows_DoesNotStopTheRoom()
    {
        using var counter = new Counter(20);
        using var engine = NewEngine();
        var room = engine.CreateRoom("room");
        room.Add(new Thrower());
        room.Add(counter);
        engine.Start();
        Assert.That(counter.Done.Wait(TimeSpan.FromSeconds(20)));
    }

    private static MediaEngine NewEngine() => new(
        new MediaEngineOptions { FirstPort = 20000, LastPort = 20099 }, new InMemoryMediaNetwork(1), new RealMediaClock(), TimeProvider.System, new Random(1), NullLogger.Instance);

    private sealed class Counter(int wanted) : IPcmEndpoint, IDisposable
    {
        private int _frames;

        public ManualResetEventSlim Done { get; } = new();

        public int Thread { get; private set; }

        public int SampleRate => 8000;

        public bool Read(Span<short> frame) => false;

        public void Write(ReadOnlySpan<short> frame)
        {
            Thread = Environment.CurrentManagedThreadId;
            if (++_frames == wanted) Done.Set();
        }

        public void Dispose() => Done.Dispose();
    }

    private sealed class Thrower : IPcmEndpoint
    {
        public int SampleRate => 8000;

        public bool Read(Span<short> frame) => throw new InvalidOperationException("microphone");

        public void Write(ReadOnlySpan<short> frame) => throw new InvalidOperationException("loudspeaker");
    }
}
