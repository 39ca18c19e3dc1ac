using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.TestKit.Net;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>An engine with one room of members in process, moved by hand.</summary>
internal sealed class RoomWorld : IDisposable
{
    private readonly MediaEngine _engine;

    public RoomWorld(int? maxSpeakers = null)
    {
        _engine = new MediaEngine(
            new MediaEngineOptions { MaxSpeakers = maxSpeakers ?? 3 },
            new InMemoryMediaNetwork(1), Clock, TimeProvider.System, new Random(1), NullLogger.Instance);
        _engine.Start();
        Room = _engine.CreateRoom("room");
    }

    public ManualMediaClock Clock { get; } = new();

    public MixRoom Room { get; }

    public T[] Add<T>(params T[] members)
        where T : IPcmEndpoint
    {
        foreach (var member in members)
            Assert.That(Room.Add(member), Is.True);
        return members;
    }

    public void Run(int frames)
    {
        for (var i = 0; i < frames; i++)
            Clock.Advance(MediaClock.Period);
    }

    public void Dispose() => _engine.Dispose();
}
