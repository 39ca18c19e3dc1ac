using System.Net;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.TestKit.Net;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Media.Tests.Net;

public sealed class MediaPortPoolTests
{
    private static readonly IPAddress Host = IPAddress.Parse("10.0.0.1");

    private readonly FakeTimeProvider _time = new();
    private InMemoryMediaNetwork _network = null!;

    [SetUp]
    public void SetUp() => _network = new InMemoryMediaNetwork(1);

    [Test]
    public void Pairs_AreEvenAndOdd_AndDifferent()
    {
        var pool = new MediaPortPool(_network, 4001, 4011, _time, 0);
        var ports = new List<int>();
        while (pool.TryTake(Host, out var rtp, out var rtcp))
        {
            Assert.That(rtcp.LocalEndPoint.Port, Is.EqualTo(rtp.LocalEndPoint.Port + 1));
            ports.Add(rtp.LocalEndPoint.Port);
        }

        Assert.That(ports, Is.EquivalentTo(new[] { 4002, 4004, 4006, 4008, 4010 }));
        Assert.That(pool.Capacity, Is.EqualTo(5));
    }

    [Test]
    public void PortThatTheSystemUses_IsPassedOver_AndItsPairIsNotLeftHalfOpen()
    {
        _network.TryBind(Host, 4001, out _);
        var pool = new MediaPortPool(_network, 4000, 4003, _time, 0);
        Assert.That(pool.TryTake(Host, out var rtp, out _));
        Assert.That(rtp!.LocalEndPoint.Port, Is.EqualTo(4002));
        Assert.That(pool.TryTake(Host, out _, out _), Is.False);
        Assert.That(_network.OpenSockets, Is.EqualTo(3));
    }

    [Test]
    public void PairGivenBack_RestsFiveSeconds()
    {
        var pool = new MediaPortPool(_network, 4000, 4001, _time, 0.9);
        pool.TryTake(Host, out var rtp, out var rtcp);
        rtp!.Dispose();
        rtcp!.Dispose();
        pool.Return(4000);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.That(pool.TryTake(Host, out _, out _), Is.False);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.That(pool.TryTake(Host, out _, out _), Is.True);
    }

    [TestCase(4001, 4001), TestCase(4000, 4000), TestCase(0, 100), TestCase(65000, 70000)]
    public void RangeWithoutAPair_IsRefused(int first, int last) =>
        Assert.That(() => new MediaPortPool(_network, first, last, _time, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
