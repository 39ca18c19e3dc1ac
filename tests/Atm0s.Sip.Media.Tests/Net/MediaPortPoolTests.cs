using System.Net;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.TestKit.Net;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Media.Tests.Net;

public sealed class MediaPortPoolTests
{
    private static readonly IPAddress Host = IPAddress.Parse("10.0.0.1");

    private readonly FakeTimeProvider _time = new();
    private readonly Dictionary<int, MediaPortPair> _taken = [];
    private InMemoryMediaNetwork _network = null!;

    [SetUp]
    public void SetUp()
    {
        _taken.Clear();
        _network = new InMemoryMediaNetwork(1);
    }

    [Test]
    public void Pairs_AreEvenAndOdd_AndDifferent()
    {
        var pool = new MediaPortPool(_network, 4001, 4011, _time, 0);
        var ports = new List<int>();
        while (pool.TryTake(Host, out var pair) == MediaBindResult.Bound)
        {
            Assert.That(pair!.Rtcp.LocalEndPoint.Port, Is.EqualTo(pair.Rtp.LocalEndPoint.Port + 1));
            ports.Add(pair.Rtp.LocalEndPoint.Port);
        }

        Assert.That(ports, Is.EquivalentTo(new[] { 4002, 4004, 4006, 4008, 4010 }));
        Assert.That(pool.Capacity, Is.EqualTo(5));
    }

    [Test]
    public void PortThatTheSystemUses_IsPassedOver_AndItsPairIsNotLeftHalfOpen()
    {
        _network.TryBind(Host, 4001, out _);
        var pool = new MediaPortPool(_network, 4000, 4003, _time, 0);
        Assert.That(Take(pool), Is.EqualTo(4002));
        Assert.That(pool.TryTake(Host, out var none), Is.EqualTo(MediaBindResult.PortUnavailable));
        Assert.That(none, Is.Null);
        Assert.That(_network.OpenSockets, Is.EqualTo(3));
    }

    [Test]
    public void LongestRestedPair_IsTakenFirst()
    {
        var pool = new MediaPortPool(_network, 4000, 4007, _time, 0.5);
        Assert.That(Take(pool), Is.EqualTo(4004));
        Return(pool, 4004);
        Assert.That(Enumerable.Range(0, 4).Select(_ => Take(pool)), Is.EqualTo(new[] { 4006, 4000, 4002, 4004 }));
        Return(pool, 4002);
        Return(pool, 4006);
        Assert.That(Take(pool), Is.EqualTo(4002));
    }

    [Test]
    public void PairThatHasHardlyRested_IsTakenRatherThanACallRefused()
    {
        var pool = new MediaPortPool(_network, 4000, 4003, _time, 0);
        for (var i = 0; i < 10_000; i++)
            Return(pool, Take(pool));
    }

    [Test]
    public void PairThatRestedLessThanThirtySeconds_TellsWhatMayStillCome()
    {
        var heard = new HeardStream(MediaAddress.From(new IPEndPoint(IPAddress.Parse("10.0.0.2"), 4000)), 7);
        var pool = new MediaPortPool(_network, 4000, 4001, _time, 0);
        Assert.That(_taken[Take(pool)].Earlier, Is.EqualTo(default(HeardStream)));
        Return(pool, 4000, heard);
        _time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.That(_taken[Take(pool)].Earlier, Is.EqualTo(heard));
        Return(pool, 4000, heard);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.That(_taken[Take(pool)].Earlier, Is.EqualTo(default(HeardStream)));
    }

    [Test]
    public void FivePairs_AreTried_NotAll()
    {
        for (var port = 4000; port < 4020; port += 2)
            _network.TryBind(Host, port, out _);
        var pool = new MediaPortPool(_network, 4000, 4999, _time, 0);
        var before = _network.Binds;
        Assert.That(pool.TryTake(Host, out _), Is.EqualTo(MediaBindResult.PortUnavailable));
        Assert.That(_network.Binds - before, Is.EqualTo(MediaPortPool.MaxTries));
        Assert.That(pool.TryTake(Host, out _), Is.EqualTo(MediaBindResult.PortUnavailable));
        Assert.That(Take(pool), Is.EqualTo(4020), "those of others are behind all of ours now");
    }

    [TestCase(MediaBindResult.OutOfSockets)]
    [TestCase(MediaBindResult.AddressUnavailable)]
    public void WithoutSockets_ItStopsAtOnce_AndNoPairIsLost(MediaBindResult why)
    {
        var pool = new MediaPortPool(_network, 4000, 4007, _time, 0);
        Assert.That(Take(pool), Is.EqualTo(4000));
        Return(pool, 4000);
        _network.Refusal = why;
        var before = _network.Binds;
        for (var i = 0; i < 100; i++)
            Assert.That(pool.TryTake(Host, out _), Is.EqualTo(why));
        Assert.That(_network.Binds - before, Is.EqualTo(100));
        _network.Refusal = null;
        var order = Enumerable.Range(0, 4).Select(_ => Take(pool));
        Assert.That(order, Is.EqualTo(new[] { 4002, 4004, 4006, 4000 }), "as it was");
    }

    [Test]
    public void Return_OfWhatIsNotOut_IsNothing()
    {
        var pool = new MediaPortPool(_network, 4000, 4003, _time, 0);
        foreach (var port in new[] { -2, 0, 3998, 4000, 4002, 4004, 70000 })
            pool.Return(port, default);
        Return(pool, Take(pool));
        pool.Return(4000, default);
        Assert.That(new[] { Take(pool), Take(pool) }, Is.EqualTo(new[] { 4002, 4000 }));
        Assert.That(pool.TryTake(Host, out _), Is.EqualTo(MediaBindResult.PortUnavailable));
    }

    [Test]
    public void ManyThreads_NeverGetTheSamePair()
    {
        var pool = new MediaPortPool(_network, 4000, 4031, _time, 0);
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 2000; i++)
            {
                if (pool.TryTake(Host, out var pair) != MediaBindResult.Bound)
                    throw new InvalidOperationException("A pair was lost, or in use twice.");
                pair!.Rtp.Dispose();
                pair.Rtcp.Dispose();
                pool.Return(pair.Rtp.LocalEndPoint.Port, default);
            }
        });
        Assert.That(Enumerable.Range(0, 16).Select(_ => Take(pool)), Is.Unique);
    }

    [TestCase(4001, 4001), TestCase(4000, 4000), TestCase(0, 100), TestCase(65000, 70000)]
    public void RangeWithoutAPair_IsRefused(int first, int last) =>
        Assert.That(() => new MediaPortPool(_network, first, last, _time, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private int Take(MediaPortPool pool)
    {
        Assert.That(pool.TryTake(Host, out var pair), Is.EqualTo(MediaBindResult.Bound));
        _taken[pair!.Rtp.LocalEndPoint.Port] = pair;
        return pair.Rtp.LocalEndPoint.Port;
    }

    // The sockets are closed first, as calls do.
    private void Return(MediaPortPool pool, int port, HeardStream heard = default)
    {
        _taken[port].Rtp.Dispose();
        _taken[port].Rtcp.Dispose();
        pool.Return(port, heard);
    }
}
