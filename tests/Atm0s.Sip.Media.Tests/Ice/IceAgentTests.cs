using System.Net;
using System.Text;
using Atm0s.Sip.Media.Ice;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Stun;

namespace Atm0s.Sip.Media.Tests.Ice;

/// <summary>A lite agent in virtual time (RFC 8445 §2.5, RFC 7675).</summary>
public sealed class IceAgentTests
{
    private static readonly MediaAddress A = At("10.0.1.1", 5000);
    private static readonly MediaAddress B = At("10.0.1.2", 5000);
    private static readonly MediaAddress C = At("[2001:db8::7]", 5000);

    private readonly byte[] _response = new byte[IceAgent.MaxResponse];
    private IceAgent _agent = null!;
    private TimeSpan _now;
    private int _length;

    [SetUp]
    public void SetUp() => (_agent, _now, _length) = (new IceAgent(Session(StunCheck.Parameters)), TimeSpan.FromSeconds(1), 0);

    [TestCase("10.0.1.1")]
    [TestCase("[2001:db8::7]")]
    public void AuthenticCheck_IsAnswered_WithItsSource(string host)
    {
        var source = At(host, 5000);
        Assert.That(Take(new StunCheck { Transaction = 42 }, source), Is.EqualTo(IceVerdict.Answered));
        Assert.That(StunMessage.TryParse(_response.AsSpan(0, _length), out var response), Is.True);
        Assert.That(response.Class, Is.EqualTo(StunClass.Success));
        Assert.That(response.TransactionId[0], Is.EqualTo(42));
        Assert.That(response.MappedAddress, Is.EqualTo(source));
        Assert.That(response.IsAuthentic(Encoding.ASCII.GetBytes(StunCheck.Parameters.LocalPassword)), Is.True);
        Assert.That(response.IsFingerprintRight(), Is.True);
        Assert.That(_agent.IsValid(source), Is.True);
        Assert.That(_agent.Selected.IsNone, Is.True, "nobody has nominated it");
    }

    [Test]
    public void Nomination_SelectsThePair()
    {
        Take(new StunCheck { Nominates = true }, A);
        Assert.That(_agent.Selected, Is.EqualTo(A));
    }

    [Test]
    public void WrongPassword_IsNotAnswered_AndMakesNothingValid()
    {
        Assert.That(Take(new StunCheck { Password = "guessed", Nominates = true }, A), Is.EqualTo(IceVerdict.Ignored));
        Assert.That(Take(new StunCheck { HasIntegrity = false, Nominates = true }, A), Is.EqualTo(IceVerdict.Ignored));
        Assert.That(_length, Is.Zero);
        Assert.That(_agent.IsValid(A), Is.False);
        Assert.That(_agent.Selected.IsNone, Is.True);
    }

    [TestCase("ours")]
    [TestCase("ours:")]
    [TestCase("ours:somebody")]
    [TestCase("peer:ours")]
    [TestCase("")]
    public void OtherUsername_IsNotAnswered(string username) =>
        Assert.That(Take(new StunCheck { Username = username }, A), Is.EqualTo(IceVerdict.Ignored));

    // CVE-2026-25994 is a user name longer than its buffer.
    [TestCase(513)]
    [TestCase(1300)]
    public void OverlongUsername_IsIgnored(int length)
    {
        Assert.That(Take(new StunCheck { Username = new string('u', length) }, A), Is.EqualTo(IceVerdict.Ignored));
        Assert.That(Take(new StunCheck { Username = "ours:peer" + new string('\0', length) }, A), Is.EqualTo(IceVerdict.Ignored));
    }

    [Test]
    public void RoleConflict_IsToldEachTime_AndNothingElseHappens()
    {
        for (var i = 0; i < 1000; i++)
        {
            Assert.That(Take(new StunCheck { IsControlled = true, Nominates = true }, A), Is.EqualTo(IceVerdict.Refused));
            Assert.That(StunMessage.TryParse(_response.AsSpan(0, _length), out var response), Is.True);
            Assert.That(response.ErrorCode, Is.EqualTo(487));
            Assert.That(response.IsAuthentic(Encoding.ASCII.GetBytes(StunCheck.Parameters.LocalPassword)), Is.True);
        }

        Assert.That(_agent.Selected.IsNone, Is.True);
        Assert.That(Take(new StunCheck { Nominates = true }, A), Is.EqualTo(IceVerdict.Answered), "the peer has changed its role");
    }

    [Test]
    public void UnknownAttribute_IsRefused420()
    {
        Assert.That(Take(new StunCheck { Unknown = 0x7F00 }, A), Is.EqualTo(IceVerdict.Refused));
        Assert.That(StunMessage.TryParse(_response.AsSpan(0, _length), out var response), Is.True);
        Assert.That(response.ErrorCode, Is.EqualTo(420));
    }

    // RFC 5245 §8.1.1.2: all checks nominate, and the best pair wins, in whatever order they come.
    [Test]
    public void AggressiveNomination_TakesTheBestPair_AndStaysWithIt()
    {
        Take(new StunCheck { Nominates = true, Priority = 100 }, A);
        Take(new StunCheck { Nominates = true, Priority = 300 }, B);
        Take(new StunCheck { Nominates = true, Priority = 200 }, C);
        for (var i = 0; i < 10; i++)
        {
            _now += TimeSpan.FromSeconds(1);
            Take(new StunCheck { Nominates = true, Priority = 100 }, A);
            Take(new StunCheck { Nominates = true, Priority = 300 }, B);
            Assert.That(_agent.Selected, Is.EqualTo(B));
        }
    }

    [Test]
    public void RegularNomination_OfAnotherPairLater_IsFollowed()
    {
        Take(new StunCheck { Nominates = true, Priority = 300 }, A);
        Take(new StunCheck { Priority = 300 }, A);
        Take(new StunCheck { Nominates = true, Priority = 100 }, B);
        Assert.That(_agent.Selected, Is.EqualTo(B));
    }

    [Test]
    public void NominationOfAnotherPair_WhenTheFirstIsSilent_IsFollowed()
    {
        Take(new StunCheck { Nominates = true, Priority = 300 }, A);
        _now += IcePairs.Stale + TimeSpan.FromSeconds(1);
        Take(new StunCheck { Nominates = true, Priority = 100 }, B);
        Assert.That(_agent.Selected, Is.EqualTo(B));
    }

    [Test]
    public void PriorityOfANamedCandidate_CountsMoreThanThatOfTheCheck()
    {
        var parameters = StunCheck.Parameters with { RemoteCandidates = [Candidate(A, 1_000_000)] };
        _agent = new IceAgent(Session(parameters));
        Take(new StunCheck { Nominates = true, Priority = 10 }, A);
        Take(new StunCheck { Nominates = true, Priority = 500 }, B);
        Assert.That(_agent.Selected, Is.EqualTo(A));
    }

    [Test]
    public void TenThousandCandidates_AreCutToThirtyTwo()
    {
        var candidates = Enumerable.Range(0, 10_000)
            .Select(i => Candidate(At($"10.{i >> 8}.{i & 255}.1", 5000), (uint)(1 + i))).ToArray();
        var session = Session(StunCheck.Parameters with { RemoteCandidates = candidates });
        Assert.That(candidates.Count(c => session.PriorityOf(MediaAddress.From(c.EndPoint)) is not null), Is.EqualTo(32));
    }

    [Test]
    public void ManySources_WithThePassword_AreBounded_AndKeepTheSelectedOne()
    {
        Take(new StunCheck { Nominates = true, Priority = 9999 }, A);
        for (var i = 1; i <= 10_000; i++)
        {
            _now += TimeSpan.FromMilliseconds(1);
            Assert.That(Take(new StunCheck(), At("10.9.9.9", 1024 + i)), Is.EqualTo(IceVerdict.Answered));
        }

        Assert.That(_agent.Selected, Is.EqualTo(A));
        Assert.That(_agent.IsValid(A), Is.True);
        Assert.That(Enumerable.Range(1, 10_000).Count(i => _agent.IsValid(At("10.9.9.9", 1024 + i))), Is.EqualTo(IcePairs.Max - 1));
    }

    [Test]
    public void ConsentIsLost_ThirtySecondsAfterTheLastCheck_AndStaysLost()
    {
        Take(new StunCheck { Nominates = true }, A);
        for (var i = 0; i < 20; i++)
        {
            _now += TimeSpan.FromSeconds(25);
            Assert.That(_agent.LosesConsent(_now), Is.False);
            Take(new StunCheck(), A);
        }

        _now += TimeSpan.FromSeconds(30);
        Assert.That(_agent.LosesConsent(_now), Is.False);
        _now += TimeSpan.FromMilliseconds(20);
        Assert.That(_agent.LosesConsent(_now), Is.True);
        Assert.That(_agent.Selected.IsNone, Is.True);
        Assert.That(_agent.LosesConsent(_now), Is.False, "told once");
        Take(new StunCheck { Nominates = true }, A);
        Assert.That(_agent.Selected.IsNone, Is.True, "RFC 7675 §5.1: the same credentials do not bring it back");
    }

    [Test]
    public void ChecksOfAnotherPair_AreNoConsentForTheSelectedOne()
    {
        Take(new StunCheck { Nominates = true, Priority = 300 }, A);
        for (var i = 0; i < 31; i++)
        {
            _now += TimeSpan.FromSeconds(1);
            Take(new StunCheck { Priority = 100 }, B);
        }

        Assert.That(_agent.LosesConsent(_now), Is.True);
    }

    [Test]
    public void Restart_KeepsThePathOfBefore_UntilANomination()
    {
        Take(new StunCheck { Nominates = true }, A);
        var restarted = StunCheck.Parameters with { LocalUfrag = "new", LocalPassword = "a-new-password-of-ours-now" };
        _agent.Restart(Session(restarted));
        Assert.That(_agent.Selected, Is.EqualTo(A));
        Assert.That(Take(new StunCheck(), A), Is.EqualTo(IceVerdict.Answered), "checks of before are answered still");
        var check = new StunCheck { Username = "new:peer", Password = restarted.LocalPassword };
        Take(check, B);
        Assert.That(_agent.Selected, Is.EqualTo(A));
        Take(check with { Nominates = true }, B);
        Assert.That(_agent.Selected, Is.EqualTo(B));
        Assert.That(Take(new StunCheck(), A), Is.EqualTo(IceVerdict.Ignored), "and now no more");
    }

    [Test]
    public void Restart_AfterLostConsent_BringsBackAPath()
    {
        Take(new StunCheck { Nominates = true }, A);
        _now += TimeSpan.FromSeconds(31);
        Assert.That(_agent.LosesConsent(_now), Is.True);
        _agent.Restart(Session(StunCheck.Parameters with { LocalUfrag = "new" }));
        Assert.That(_agent.Selected.IsNone, Is.True);
        Take(new StunCheck { Username = "new:peer", Nominates = true }, A);
        Assert.That(_agent.Selected, Is.EqualTo(A));
    }

    // RFC 5245 §10: such a peer keeps NATs open by indications, and checks no more once it has nominated.
    [Test]
    public void PeerThatKnowsNoConsent_IsBelieved_WhileItsMediaComes()
    {
        Take(new StunCheck { Nominates = true }, A);
        Assert.That(Take(new StunCheck { Class = StunClass.Indication, HasIntegrity = false }, A), Is.EqualTo(IceVerdict.Indication));
        for (var i = 0; i < 100; i++)
        {
            _now += TimeSpan.FromSeconds(1);
            _agent.OnMedia(A, _now);
            Assert.That(_agent.LosesConsent(_now), Is.False);
        }

        _now += TimeSpan.FromSeconds(31);
        Assert.That(_agent.LosesConsent(_now), Is.True);
    }

    [TestCase(false)]
    [TestCase(true, Description = "it came first")]
    public void IndicationOfWhoeverForgesAnAddress_MakesMediaNoConsent_OfAPeerThatAsksForIt(bool isFirst)
    {
        Take(new StunCheck { Nominates = true }, A);
        if (isFirst)
            Take(new StunCheck { Class = StunClass.Indication, HasIntegrity = false }, A);
        for (var i = 0; i < 4; i++)
        {
            _now += TimeSpan.FromSeconds(5);
            Take(new StunCheck(), A);
        }

        Take(new StunCheck { Class = StunClass.Indication, HasIntegrity = false }, A);
        var isLost = false;
        for (var i = 0; i < 31 && !isLost; i++)
        {
            _now += TimeSpan.FromSeconds(1);
            _agent.OnMedia(A, _now);
            isLost = _agent.LosesConsent(_now);
        }

        Assert.That(isLost, Is.True, "RFC 7675 §5.1: its checks have ended");
    }

    [Test]
    public void MediaAlone_IsNoConsent()
    {
        Take(new StunCheck { Nominates = true }, A);
        for (var i = 0; i < 31; i++)
            _agent.OnMedia(A, _now += TimeSpan.FromSeconds(1));
        Assert.That(_agent.LosesConsent(_now), Is.True);
    }

    [Test]
    public void Check_AllocatesNothing()
    {
        var check = new StunCheck { Nominates = true }.ToArray();
        var wrong = new StunCheck { Password = "wrong" }.ToArray();
        var bytes = AllocationMeter.Measure(() =>
        {
            _agent.OnDatagram(check, A, _now, _response, out _);
            _agent.OnDatagram(wrong, B, _now, _response, out _);
        });
        Assert.That(bytes, Is.Zero);
    }

    private static IceSession Session(IceParameters parameters) => new(parameters, IceCandidate.Rtp);

    private static MediaAddress At(string host, int port) => MediaAddress.From(new IPEndPoint(IPAddress.Parse(host), port));

    private static IceCandidate Candidate(MediaAddress address, uint priority) =>
        new() { Foundation = "1", Component = 1, Priority = priority, EndPoint = address.ToEndPoint() };

    private IceVerdict Take(StunCheck check, MediaAddress source) =>
        _agent.OnDatagram(check.ToArray(), source, _now, _response, out _length);
}
