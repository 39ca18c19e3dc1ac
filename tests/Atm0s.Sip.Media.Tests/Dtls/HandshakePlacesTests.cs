using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Dtls.Handshakes;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Media.Tests.Dtls;

/// <summary>Places among the handshakes: bounded in all and for a network, and nobody keeps others out by holding them.</summary>
public sealed class HandshakePlacesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly DtlsOptions _options = new() { MaxHandshakes = 8, MaxHandshakesPerNetwork = 2, MaxHandshakesPerSecond = 40 };
    private HandshakePlaces _places = null!;

    [SetUp]
    public void SetUp() => _places = new HandshakePlaces(_options, _time);

    [Test]
    public void Places_AreAsManyAsAllowed()
    {
        var all = Enumerable.Range(1, 20).Select(i => Enter((ulong)i)).ToList();
        Assert.That(all.Count(one => one.HasPlace), Is.EqualTo(8));
        Assert.That(_places.UnderWay, Is.EqualTo(8));
        _places.Leave(all[0]);
        Assert.That(all[8].HasPlace, "who has waited longest is next");
        Assert.That(all.Count(one => one.HasPlace), Is.EqualTo(9));
    }

    [Test]
    public void OneNetwork_HasItsShare_AndTheOthersTheRest()
    {
        var many = Enumerable.Range(0, 30).Select(_ => Enter(1)).ToList();
        Assert.That(many.Count(one => one.HasPlace), Is.EqualTo(2));
        Assert.That(Enter(2).HasPlace);
        _places.Leave(many[0]);
        Assert.That(many.Count(one => one.HasPlace), Is.EqualTo(3));
    }

    [Test]
    public void NetworkThatHasFewest_IsNext()
    {
        var all = Enumerable.Range(1, 8).Select(i => Enter((ulong)((i + 1) / 2))).ToList();
        var second = Enter(9);
        var third = Enter(9);
        var other = Enter(10);
        _places.Leave(all[0]);
        Assert.That((second.HasPlace, third.HasPlace, other.HasPlace), Is.EqualTo((true, false, false)));
        _places.Leave(all[2]);
        Assert.That((third.HasPlace, other.HasPlace), Is.EqualTo((false, true)));
    }

    [Test]
    public void Rate_IsBounded_AndOneNetworkHasAQuarter()
    {
        Assert.That(BegunInASecond(_ => 1), Is.EqualTo(20).Within(2), "a full bucket of 10, and what comes into it in a second");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(BegunInASecond(i => (ulong)i + 100), Is.EqualTo(80).Within(2), "the same with 40");
    }

    [Test]
    public void OldOnes_GiveWay_ToWhoWaits()
    {
        var held = Enumerable.Range(1, 8).Select(i => Enter((ulong)i)).ToList();
        _time.Advance(TimeSpan.FromSeconds(1.9));
        var good = Enter(100);
        Assert.That(held.TrueForAll(one => !one.GaveWay), "each has its time");
        _time.Advance(TimeSpan.FromSeconds(0.1));
        for (var i = 0; i < 5; i++)
        {
            _places.Poll();
            _time.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.That(held.Select(one => one.GaveWay), Is.EqualTo(new[] { true, false, false, false, false, false, false, false }));
        _places.Leave(held[0]);
        Assert.That(good.HasPlace);
    }

    [Test]
    public void OldOnesOfOneNetwork_GiveWayToEachOther_AndNobodyElse()
    {
        var other = Enter(2);
        var held = Enter(1);
        var second = Enter(1);
        _time.Advance(TimeSpan.FromSeconds(3));
        var good = Enter(1);
        Assert.That((other.GaveWay, held.GaveWay, second.GaveWay), Is.EqualTo((false, true, false)));
        _places.Leave(held);
        Assert.That(good.HasPlace);
    }

    [Test]
    public void OldOnes_Stay_WhileNobodyWaits()
    {
        var one = Enter(1);
        _time.Advance(TimeSpan.FromMinutes(1));
        Enter(2);
        _places.Poll();
        Assert.That(one.GaveWay, Is.False);
    }

    [Test]
    public void WaitingOnes_AreBounded_ForANetwork()
    {
        var in1 = Enumerable.Range(0, 1000).Count(_ => _places.TryEnter(new Peer(1)));
        Assert.That(in1, Is.EqualTo(2 + (16 * 2)));
        Assert.That(Enter(2).HasPlace);
    }

    private int BegunInASecond(Func<int, ulong> network)
    {
        var begun = 0;
        for (var i = 0; i < 500; i++)
        {
            var peer = new Peer(network(i));
            Assert.That(_places.TryEnter(peer));
            begun += peer.HasPlace ? 1 : 0;
            _places.Leave(peer);
            _time.Advance(TimeSpan.FromMilliseconds(2));
        }

        return begun;
    }

    private Peer Enter(ulong network)
    {
        var peer = new Peer(network);
        Assert.That(_places.TryEnter(peer));
        return peer;
    }

    private sealed class Peer(ulong network) : IHandshake
    {
        public ulong Network => network;

        public bool HasPlace { get; private set; }

        public bool GaveWay { get; private set; }

        public void OnPlace() => HasPlace = true;

        public void GiveWay() => GaveWay = true;
    }
}
