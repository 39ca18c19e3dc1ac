using System.Net;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Tests.Net;

public sealed class LatchPolicyTests
{
    private static readonly MediaAddress Private = Address("192.168.1.5", 4000);
    private static readonly MediaAddress Public = Address("198.51.100.20", 4000);
    private static readonly MediaAddress Nat = Address("203.0.113.7", 31000);
    private static readonly MediaAddress OtherPort = Address("203.0.113.7", 31001);
    private static readonly MediaAddress Attacker = Address("198.51.100.66", 9999);

    private TimeSpan _now = TimeSpan.FromSeconds(10);

    [Test]
    public void BeforeAnyPacket_WeSendToTheSdp()
    {
        var policy = Direct();
        Assert.That(policy.Source.IsNone);
        Assert.That(policy.Destination, Is.EqualTo(Private));
        Assert.That(policy.IsOpen(_now));
    }

    [Test]
    public void AddressOfTheSdp_LatchesAtOnce() => Assert.That(Packet(Direct(), Private), Is.EqualTo(LatchVerdict.Latched));

    [Test]
    public void HostOfTheSignalling_LatchesWithItsSecondPacketInSequence()
    {
        var policy = Direct();
        Assert.That(Packet(policy, Nat, 100), Is.EqualTo(LatchVerdict.Refused));
        Assert.That(Packet(policy, Nat, 107), Is.EqualTo(LatchVerdict.Refused), "not in sequence");
        Assert.That(Packet(policy, Nat, 108, ssrc: 2), Is.EqualTo(LatchVerdict.Refused), "another stream");
        Assert.That(Packet(policy, Nat, 109, ssrc: 2), Is.EqualTo(LatchVerdict.Latched));
        Assert.That(policy.Destination, Is.EqualTo(Nat));
        Assert.That(policy.IsOpen(_now), Is.False);
    }

    [Test]
    public void ForeignHost_NeverGetsTheStream_HoweverMuchItSends([Values] bool latched)
    {
        var policy = Direct();
        if (latched)
            Packet(policy, Private);
        Spray(policy, Attacker, 60);
        Assert.That(policy.Destination, Is.EqualTo(Private));
    }

    [Test]
    public void TwoSources_InTurn_NeitherOfWhichIsInSequence_DoNotLatch()
    {
        var policy = Direct();
        for (ushort i = 0; i < 20; i++)
            Assert.That(Packet(policy, i % 2 == 0 ? Nat : OtherPort, i), Is.EqualTo(LatchVerdict.Refused));
    }

    [Test]
    public void OnceLatched_OthersAreRefused_UntilASecondOfSilence()
    {
        var policy = Direct();
        Packet(policy, Nat, 100);
        Packet(policy, Nat, 101);
        Wait(0.98);
        Assert.That(Packets(policy, OtherPort, 102, 10), Is.EqualTo(0));
        Assert.That(policy.IsOpen(_now), Is.False);
        Wait(0.02);
        Assert.That(policy.IsOpen(_now));
    }

    [Test]
    public void NatThatBindsAnew_GoesOnWithTheStream_AndTakesOver()
    {
        var policy = Direct();
        Packets(policy, Nat, 100, 2);
        Wait(1);
        Assert.That(Packet(policy, OtherPort, 150), Is.EqualTo(LatchVerdict.Refused));
        Assert.That(Packet(policy, OtherPort, 151), Is.EqualTo(LatchVerdict.Refused));
        Assert.That(Packet(policy, OtherPort, 152), Is.EqualTo(LatchVerdict.Latched));
        Assert.That(Packet(policy, Nat, 153), Is.EqualTo(LatchVerdict.Refused));
    }

    [TestCase(2u, 102, Description = "another SSRC")]
    [TestCase(1u, 65536 - 1000, Description = "numbers of before")]
    [TestCase(1u, 4000, Description = "numbers far ahead")]
    public void StrangerBehindTheSameNat_DoesNotTakeOverASilentLeg(uint ssrc, int from)
    {
        var policy = Direct();
        Packets(policy, Nat, 100, 2);
        Wait(60);
        Assert.That(Packets(policy, OtherPort, from, 1000, ssrc), Is.Zero);
        Assert.That(policy.Source, Is.EqualTo(Nat));
    }

    [Test]
    public void AfterAnOffer_ANewStreamOfAKnownHostMayTakeOverASilentOne()
    {
        var policy = Direct();
        Packets(policy, Nat, 100, 2);
        policy.OnOffer();
        Assert.That(Packets(policy, OtherPort, 5000, 40, 9), Is.Zero, "not while the other one speaks");
        Wait(1);
        Assert.That(Packets(policy, Attacker, 5000, 100, 9), Is.Zero);
        Assert.That(Packets(policy, OtherPort, 5000, 3, 9), Is.EqualTo(1));
        Wait(LatchPolicy.Window.TotalSeconds);
        Assert.That(Packets(policy, Nat, 6000, 100, 10), Is.Zero, "long after the offer");
    }

    [Test]
    public void AddressOfTheSdp_TakesOverAtOnce()
    {
        var policy = Direct();
        Packets(policy, Private with { Port = 4444 }, 100, 2);
        Assert.That(policy.IsOpen(_now), "it has to be heard for that");
        Assert.That(Packet(policy, Private, 7, 8), Is.EqualTo(LatchVerdict.Latched));
        Assert.That(policy.IsOpen(_now), Is.False);
    }

    [Test]
    public void BehindAProxy_WithAPublicAddress_OnlyItsHostIsBelieved()
    {
        var policy = BehindProxy(Public);
        Spray(policy, Attacker, 20);
        Assert.That(Packets(policy, Public with { Port = 4444 }, 1, 2), Is.EqualTo(1), "the host of the SDP");
        Wait(5);
        Spray(policy, Attacker, 20);
        Assert.That(policy.Source, Is.EqualTo(Public with { Port = 4444 }));
    }

    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    public void BehindAProxy_NoNatStandsBeforeTheLoopback(string host)
    {
        var policy = BehindProxy(Address(host, 4000));
        Spray(policy, Address("127.0.0.9", 4000), 20);
        Assert.That(policy.Source.IsNone);
    }

    [TestCase("10.1.2.3")]
    [TestCase("172.31.0.1")]
    [TestCase("192.168.0.9")]
    [TestCase("100.127.0.1")]
    [TestCase("169.254.3.4")]
    [TestCase("fd00::1")]
    [TestCase("fe80::1")]
    public void BehindAProxy_WithAPrivateAddress_AForeignHostIsLearntOnceItHasBeenAloneForASecond(string host)
    {
        var policy = BehindProxy(Address(host, 4000));
        Wait(0.3);
        var latched = Spray(policy, Nat, 2);
        Assert.That(latched, Is.EqualTo(TimeSpan.FromSeconds(1)).Within(TimeSpan.FromMilliseconds(20)));
        Assert.That(policy.Destination, Is.EqualTo(Nat));
    }

    [TestCase("11.1.2.3")]
    [TestCase("172.32.0.1")]
    [TestCase("172.15.0.1")]
    [TestCase("100.128.0.1")]
    [TestCase("192.169.0.1")]
    [TestCase("2001:db8::1")]
    public void BehindAProxy_WithAnyOtherAddress_NoForeignHostIsLearnt(string host) =>
        Assert.That(Spray(BehindProxy(Address(host, 4000)), Nat, 20), Is.Null);

    [Test]
    public void BehindAProxy_SdpsHostComesFirst_AndNobodyIsLearntAfterIt()
    {
        var policy = BehindProxy(Private);
        Spray(policy, Attacker, 0.98);
        Assert.That(Packet(policy, Private), Is.EqualTo(LatchVerdict.Latched));
        Wait(2);
        Spray(policy, Attacker, 20);
        policy.OnOffer();
        Spray(policy, Attacker, 20);
        Assert.That(policy.Source, Is.EqualTo(Private));
    }

    [TestCase(4000, 1)]
    [TestCase(4444, 2)]
    public void BehindAProxy_SdpsHostTakesOverFromALearntOne_AtOnce(int port, int packets)
    {
        var policy = BehindProxy(Private);
        Spray(policy, Nat, 2);
        Assert.That(policy.Source, Is.EqualTo(Nat));
        Assert.That(policy.IsOpen(_now), "it has to be heard for that");
        Assert.That(Packets(policy, Private with { Port = (ushort)port }, 1, packets, 9), Is.EqualTo(1));
        Assert.That(policy.IsOpen(_now), Is.EqualTo(port != 4000));
        Assert.That(Packets(policy, Nat, 1, 100), Is.Zero);
    }

    [Test]
    public void BehindAProxy_OfTwoForeignHosts_NoneIsBelieved()
    {
        var policy = BehindProxy(Private);
        for (var i = 0; i < 500; i++)
        {
            Packet(policy, Nat, i, 1);
            Packet(policy, Attacker, i, 2);
            Wait(0.02);
        }

        Assert.That(policy.Source.IsNone);
    }

    [Test]
    public void BehindAProxy_OnHold_NobodyIsLearnt()
    {
        var policy = BehindProxy(Private);
        policy.IsOnHold = true;
        Spray(policy, Attacker, 5);
        Assert.That(policy.Source.IsNone);
    }

    [Test]
    public void BehindAProxy_AfterTheFirstSeconds_NobodyIsLearnt()
    {
        var policy = BehindProxy(Private);
        Assert.That(policy.IsOpen(_now), "the start");
        Wait(LatchPolicy.Window.TotalSeconds);
        Assert.That(Spray(policy, Attacker, 20), Is.Null);
    }

    // RFC 3264 §8.4: on hold it sends nothing, and before the answer it need not; it may need its NAT's binding only then.
    [Test]
    public void BehindAProxy_TheSecondsCountFromTheAnswerOrTheResume([Values] bool early, [Values] bool learntBefore)
    {
        var policy = BehindProxy(Private);
        if (learntBefore)
            Spray(policy, Nat, 2);
        (policy.IsOnHold, policy.IsEarly) = (!early, early);
        for (var i = 0; i < 60; i++)
        {
            policy.IsOpen(_now);
            Wait(1);
        }

        if (!learntBefore)
            Assert.That(Spray(policy, Nat, 2), Is.Null, "not yet");
        (policy.IsOnHold, policy.IsEarly) = (false, false);
        policy.IsOpen(_now);
        Wait(5);
        Assert.That(Spray(policy, Nat, 2), learntBefore ? Is.Null : Is.Not.Null);
        Assert.That(policy.Source, Is.EqualTo(Nat));
    }

    [Test]
    public void BehindAProxy_TheSecondsAfterTheResume_RunOutToo()
    {
        var policy = BehindProxy(Private);
        policy.IsOnHold = true;
        Wait(60);
        policy.IsOnHold = false;
        policy.IsOpen(_now);
        Wait(LatchPolicy.Window.TotalSeconds);
        policy.IsOnHold = false;
        Assert.That(Spray(policy, Attacker, 20), Is.Null);
    }

    [Test]
    public void StreamOfTheEarlierCall_IsNotThisOnes([Values] bool fromTheSameAddress)
    {
        var earlier = new HeardStream(fromTheSameAddress ? Private : OtherPort, 77);
        var policy = new LatchPolicy(new LatchRule { Expected = Private, Signalling = Nat, Earlier = earlier });
        Assert.That(Packets(policy, earlier.Source, 1, 100, 77), Is.Zero);
        Assert.That(Packets(policy, earlier.Source, 1, 2, 78), Is.EqualTo(1), "a new stream of the same phone");
    }

    private static MediaAddress Address(string host, int port) => MediaAddress.From(new IPEndPoint(IPAddress.Parse(host), port));

    private static LatchPolicy Direct() => new(new LatchRule { Expected = Private, Signalling = Nat with { Port = 5060 } });

    private LatchPolicy BehindProxy(MediaAddress expected)
    {
        var policy = new LatchPolicy(new LatchRule { Expected = expected });
        policy.IsOpen(_now);
        return policy;
    }

    private LatchVerdict Packet(LatchPolicy policy, MediaAddress source, int sequence = 1, uint ssrc = 1) =>
        policy.OnPacket(source, ssrc, (ushort)sequence, _now);

    // At once; gives how often a source was latched to.
    private int Packets(LatchPolicy policy, MediaAddress source, int sequence, int count, uint ssrc = 1)
    {
        var latched = 0;
        for (var i = 0; i < count; i++)
            latched += Packet(policy, source, sequence + i, ssrc) == LatchVerdict.Latched ? 1 : 0;
        return latched;
    }

    // 50 packets a second; gives how long it took to latch.
    private TimeSpan? Spray(LatchPolicy policy, MediaAddress source, double seconds)
    {
        TimeSpan? latched = null;
        var start = _now;
        for (ushort i = 0; i < seconds * 50; i++)
        {
            if (policy.OnPacket(source, 5, i, _now) == LatchVerdict.Latched)
                latched = _now - start;
            Wait(0.02);
        }

        return latched;
    }

    private void Wait(double seconds) => _now += TimeSpan.FromSeconds(seconds);
}
