using System.Net;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.TestKit.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>An engine with one room over a network in memory, moved by hand.</summary>
internal sealed class MediaWorld : IDisposable
{
    private readonly List<TestPhone> _phones = [];

    public MediaWorld(TimeSpan? timeout = null, int ports = 1000, ILogger? log = null)
    {
        Network = new InMemoryMediaNetwork(1, Clock);
        Engine = new MediaEngine(
            new MediaEngineOptions { FirstPort = 20000, LastPort = 20000 + ports - 1, LegTimeout = timeout ?? TimeSpan.FromSeconds(3) },
            Network, Clock, Time, new Random(1), log ?? NullLogger.Instance);
        Engine.Start();
        Room = Engine.CreateRoom("room");
    }

    public static IPAddress Host { get; } = IPAddress.Parse("10.0.0.1");

    public ManualMediaClock Clock { get; } = new();

    public InMemoryMediaNetwork Network { get; }

    public FakeTimeProvider Time { get; } = new();

    public MediaEngine Engine { get; }

    public MixRoom Room { get; }

    /// <summary>A phone whose leg is in the room, and has ticked once (what came before that is not played).</summary>
    public TestPhone AddPhone(
        Func<RtpLegParameters, RtpLegParameters>? change = null, string? host = null, bool run = true, MixRoom? room = null)
    {
        var phone = new TestPhone(this, host is null ? new IPAddress([10, 0, 1, (byte)(_phones.Count + 1)]) : IPAddress.Parse(host));
        _phones.Add(phone);
        phone.Start(change, room);
        if (run)
            Run(0.02);
        return phone;
    }

    /// <summary>Ticks; each phone that speaks sends a packet before each, and takes what came after it.</summary>
    public void Run(double seconds)
    {
        for (var i = (int)Math.Round(seconds * 50); i > 0; i--)
        {
            foreach (var phone in _phones)
                phone.BeforeTick();
            Clock.Advance(MediaClock.Period);
            Time.Advance(MediaClock.Period);
            foreach (var phone in _phones)
                phone.AfterTick();
        }
    }

    public void Dispose()
    {
        Engine.Dispose();
        foreach (var phone in _phones)
            phone.Dispose();
        Assert.That(Network.OpenSockets, Is.Zero, "every socket is closed in the end");
    }
}
