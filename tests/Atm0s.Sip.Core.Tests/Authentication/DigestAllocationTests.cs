using System.Net;
using System.Text;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Tests.Authentication;

/// <summary>What strangers make us do in masses leaves nothing to collect.</summary>
[TestFixture]
public class DigestAllocationTests
{
    private static readonly IPAddress Source = IPAddress.Parse("192.0.2.1");

    private readonly ServerFixture _fixture = new();

    [Test]
    public void Challenge_AllocatesNothing([Values] bool ofIpv6)
    {
        var source = ofIpv6 ? IPAddress.Parse("2001:db8::1") : Source;
        using var buffer = new PooledBufferWriter();
        Assert.That(
            AllocationMeter.Measure(() =>
            {
                buffer.Reset();
                _fixture.Server.Challenge(TimeSpan.FromHours(1), stale: true, source).WriteTo(new SipWriter(buffer));
            }),
            Is.Zero);
        Assert.That(Encoding.ASCII.GetString(buffer.WrittenSpan), Does.Contain("nonce=").And.Contain("stale=true"));
    }

    [Test]
    public void Read_OfANonceThatIsNotOurs_AllocatesNothing()
    {
        var value = Encoding.UTF8.GetBytes(new ServerFixture().Challenged().Authorize("REGISTER", ServerFixture.Uri));
        Assert.That(_fixture.Server.Read(value, out _, Source), Is.EqualTo(DigestReading.ForeignNonce));
        Assert.That(AllocationMeter.Measure(() => _fixture.Server.Read(value, out _, Source)), Is.Zero);
    }

    [TestCase(DigestAlgorithm.Md5)]
    [TestCase(DigestAlgorithm.Sha256)]
    public void ReadAndVerify_AllocateTheCredentialsAlone(DigestAlgorithm algorithm)
    {
        var ha1 = Ha1.Compute(algorithm, ServerFixture.User, ServerFixture.Realm, ServerFixture.Password);
        var value = Encoding.UTF8.GetBytes(_fixture.Challenged(algorithm).Authorize("REGISTER", ServerFixture.Uri));
        var verdicts = new HashSet<DigestVerdict>(4);
        var allocated = AllocationMeter.Measure(() =>
        {
            _fixture.Server.Read(value, out var credentials);
            verdicts.Add(_fixture.Server.Verify(credentials!, "REGISTER", ha1, TimeSpan.Zero));
        });

        Assert.That(verdicts, Is.EquivalentTo(new[] { DigestVerdict.Accepted, DigestVerdict.Replayed }));
        // One object, one array, the user's name.
        Assert.That(allocated, Is.LessThanOrEqualTo(360));
    }
}
