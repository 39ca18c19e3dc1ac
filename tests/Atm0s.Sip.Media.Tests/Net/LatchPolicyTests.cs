using System.Net;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Tests.Net;

public sealed class LatchPolicyTests
{
    private static readonly MediaAddress Sdp = Address("192.168.1.5", 4000);
    private static readonly MediaAddress Nat = Address("203.0.113.7", 31000);
    private static readonly MediaAddress Attacker = Address("198.51.100.66", 9999);

    private readonly TimeSpan _start = TimeSpan.FromSeconds(10);
    private LatchPolicy _policy = null!;

    [SetUp]
    public void SetUp() => _policy = new LatchPolicy(Sdp, Address("203.0.113.7", 5060));

    [Test]
    public void BeforeAnyPacket_WeSendToTheSdp()
    {
        Assert.That(_policy.Source.IsNone);
        Assert.That(_policy.Destination, Is.EqualTo(Sdp));
    }

    [Test]
    public void AddressOfTheSdp_LatchesAtOnce() =>
        Assert.That(_policy.OnPacket(Sdp, 1, 100, _start), Is.EqualTo(LatchVerdict.Latched));

    [Test]
    public void HostOfTheSignalling_LatchesWithItsSecondPacketInSequence()
    {
        Assert.That(_policy.OnPacket(Nat, 1, 100, _start), Is.EqualTo(LatchVerdict.Refused));
        Assert.That(_policy.OnPacket(Nat, 1, 107, _start), Is.EqualTo(LatchVerdict.Refused), "not in sequence");
        Assert.That(_policy.OnPacket(Nat, 1, 108, _start), Is.EqualTo(LatchVerdict.Latched));
        Assert.That(_policy.Destination, Is.EqualTo(Nat));
    }

    [Test]
    public void ForeignHost_NeverGetsTheStream_HoweverMuchItSends()
    {
        for (ushort i = 0; i < 1000; i++)
            Assert.That(_policy.OnPacket(Attacker, 5, i, _start + TimeSpan.FromMilliseconds(i * 20)), Is.EqualTo(LatchVerdict.Refused));
        Assert.That(_policy.Destination, Is.EqualTo(Sdp));
    }

    [Test]
    public void OnceLatched_OthersAreRefused_UntilASecondOfSilence()
    {
        _policy.OnPacket(Sdp, 1, 100, _start);
        for (ushort i = 0; i < 10; i++)
            Assert.That(_policy.OnPacket(Nat, 1, i, _start + TimeSpan.FromMilliseconds(999)), Is.EqualTo(LatchVerdict.Refused));
        var later = _start + TimeSpan.FromSeconds(1);
        Assert.That(_policy.IsOpen(later));
        Assert.That(_policy.OnPacket(Nat, 1, 101, later), Is.EqualTo(LatchVerdict.Refused));
        Assert.That(_policy.OnPacket(Nat, 1, 102, later), Is.EqualTo(LatchVerdict.Refused));
        Assert.That(_policy.OnPacket(Nat, 1, 103, later), Is.EqualTo(LatchVerdict.Latched), "a NAT that has bound anew");
        Assert.That(_policy.OnPacket(Sdp, 1, 104, later), Is.EqualTo(LatchVerdict.Refused));
    }

    [Test]
    public void TwoSources_InTurn_NeitherOfWhichIsInSequence_DoNotLatch()
    {
        var other = Address("203.0.113.7", 31001);
        for (ushort i = 0; i < 20; i++)
            Assert.That(_policy.OnPacket(i % 2 == 0 ? Nat : other, 1, i, _start), Is.EqualTo(LatchVerdict.Refused));
    }

    [Test]
    public void WithoutKnownSignalling_AnyHostMayLatch()
    {
        var policy = new LatchPolicy(Sdp);
        policy.OnPacket(Attacker, 1, 1, _start);
        Assert.That(policy.OnPacket(Attacker, 1, 2, _start), Is.EqualTo(LatchVerdict.Latched));
    }

    private static MediaAddress Address(string host, int port) => MediaAddress.From(new IPEndPoint(IPAddress.Parse(host), port));
}
