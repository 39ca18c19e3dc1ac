using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Tests.Transport;

[TestFixture]
[Property("threat", "S5")]
public class TcpPlacesTests
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(1);

    [Test]
    public void Full_TheOldestSilentGivesWay()
    {
        var places = new TcpPlaces(3, 3);
        var (spoke, silent, younger) = (Enter(places, "192.0.2.1"), Enter(places, "192.0.2.2"), Enter(places, "192.0.2.3"));
        places.OnSpoke(spoke);

        Assert.That(places.TryEnter(new Holder("192.0.2.4"), Now, out var givesWay), Is.True);
        Assert.That(givesWay, Is.SameAs(silent));
        Assert.That(places.TryEnter(new Holder("192.0.2.5"), Now, out givesWay), Is.True);
        Assert.That(givesWay, Is.SameAs(younger));
        Assert.That(places.Count, Is.EqualTo(3));
    }

    [TestCase("192.0.2.1", "192.0.2.1")]
    [TestCase("2001:db8::1", "2001:db8::ffff:2")]
    public void SourceFull_ItsOwnOldestSilentGivesWay(string first, string second)
    {
        var places = new TcpPlaces(100, 2);
        var other = Enter(places, "198.51.100.1");
        var (one, _) = (Enter(places, first), Enter(places, second));

        Assert.That(places.TryEnter(new Holder(second), Now, out var givesWay), Is.True);
        Assert.That(givesWay, Is.SameAs(one).And.Not.SameAs(other));
    }

    [Test]
    public void SourceFullOfThoseThatSpoke_IsRefused()
    {
        var places = new TcpPlaces(100, 2);
        places.OnSpoke(Enter(places, "192.0.2.1"));
        places.OnSpoke(Enter(places, "192.0.2.1"));

        Assert.That(places.TryEnter(new Holder("192.0.2.1"), Now, out var givesWay), Is.False);
        Assert.That(givesWay, Is.Null);
        Assert.That(places.Count, Is.EqualTo(2));
    }

    [Test]
    public void FullOfThoseThatSpoke_TheLongestIdleThatNobodyDependsOnGivesWay()
    {
        var places = new TcpPlaces(4, 4);
        var held = Enter(places, "192.0.2.1", TimeSpan.Zero, isHeld: true);
        var idle = Enter(places, "192.0.2.2", TimeSpan.FromSeconds(20));
        var idler = Enter(places, "192.0.2.3", TimeSpan.FromSeconds(10));
        var busy = Enter(places, "192.0.2.4", Now);
        foreach (var holder in new[] { held, idle, idler, busy })
            places.OnSpoke(holder);

        var left = new List<IPlaceHolder?>();
        for (var i = 0; i < 2; i++)
        {
            var next = new Holder($"198.51.100.{i}") { LastHeard = Now };
            Assert.That(places.TryEnter(next, Now, out var givesWay), Is.True);
            places.OnSpoke(next);
            left.Add(givesWay);
        }

        Assert.That(left, Is.EqualTo(new[] { idler, idle }));
        Assert.That(places.TryEnter(new Holder("198.51.100.9"), Now, out _), Is.False);
        Assert.That(places.Count, Is.EqualTo(4));
    }

    [Test]
    public void Leave_OfWhoGaveWay_TakesNothing()
    {
        var places = new TcpPlaces(1, 1);
        var first = Enter(places, "192.0.2.1");
        Assert.That(places.TryEnter(new Holder("192.0.2.2"), Now, out _), Is.True);

        places.Leave(first);
        places.OnSpoke(first);

        Assert.That(places.Count, Is.EqualTo(1));
        Assert.That(places.TakeOldestSilent(Now), Is.Not.Null.And.Not.SameAs(first));
        Assert.That(places.TakeOldestSilent(Now), Is.Null);
        Assert.That(places.Count, Is.Zero);
    }

    [Test]
    public void TakeOldestSilent_LetsANewOneSpeakFirst()
    {
        var places = new TcpPlaces(10, 10);
        var young = Enter(places, "192.0.2.1", Now);

        Assert.That(places.TakeOldestSilent(Now + (TcpPlaces.TimeToSpeak / 2)), Is.Null);
        Assert.That(places.TakeOldestSilent(Now + TcpPlaces.TimeToSpeak), Is.SameAs(young));
    }

    private static Holder Enter(TcpPlaces places, string address, TimeSpan heard = default, bool isHeld = false)
    {
        var holder = new Holder(address) { LastHeard = heard, IsHeld = isHeld };
        Assert.That(places.TryEnter(holder, Now, out var givesWay), Is.True);
        Assert.That(givesWay, Is.Null);
        return holder;
    }

    private sealed class Holder(string address) : IPlaceHolder
    {
        public IPAddress Source { get; } = IPAddress.Parse(address);

        public bool IsHeld { get; init; }

        public TimeSpan LastHeard { get; init; }
    }
}
