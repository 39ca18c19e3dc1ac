using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.TestKit.Certificates;

namespace Atm0s.Sip.Core.Tests.Transport.Tls;

/// <summary>RFC 5922 §7.1, §7.2: which SIP domains a certificate has.</summary>
public sealed class CertificateNamesTests
{
    [TestCase("pbx.example.com", "pbx.example.com", true)]
    [TestCase("pbx.example.com", "PBX.Example.COM", true)]
    [TestCase("pbx.example.com", "pbx.example.com.", true)]
    [TestCase("pbx.example.com", "example.com", false, Description = "no suffix")]
    [TestCase("example.com", "pbx.example.com", false)]
    [TestCase("*.example.com", "pbx.example.com", false, Description = "no wildcard")]
    [TestCase("cn.example.com,sip:example.com", "example.com", true)]
    [TestCase("cn.example.com,sip:example.com", "cn.example.com", false, Description = "a DNS name only without a sip URI")]
    [TestCase("cn.example.com,sip:alice@example.com", "example.com", false, Description = "a user is no domain")]
    [TestCase("cn.example.com,sip:alice@example.com", "cn.example.com", true)]
    [TestCase("cn.example.com,http://example.com/", "example.com", false)]
    [TestCase("cn.example.com,sips:example.com", "example.com", false)]
    [TestCase("CN=pbx.example.com", "pbx.example.com", true, Description = "without subjectAltName the CN")]
    [TestCase("CN=Some body", "Some body", false)]
    [TestCase("cn.example.com,192.0.2.1", "192.0.2.1", true)]
    [TestCase("cn.example.com,2001:db8::1", "[2001:db8::1]", true)]
    [TestCase("cn.example.com,192.0.2.1", "192.0.2.2", false)]
    public void Certificate_CoversAHost_AsTheSectionsSay(string names, string host, bool covers)
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue(names.Split(','));
        Assert.That(CertificateNames.Of(certificate).Covers(host, allowWildcards: false), Is.EqualTo(covers));
    }

    [TestCase("*.example.com", "pbx.example.com", true)]
    [TestCase("*.example.com", "a.pbx.example.com", false)]
    [TestCase("*.example.com", "example.com", false)]
    [TestCase("*.example.com", ".example.com", false)]
    public void Wildcard_StandsForOneLabel_WhereItIsAllowed(string name, string host, bool covers)
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue(name);
        Assert.That(CertificateNames.Of(certificate).Covers(host, allowWildcards: true), Is.EqualTo(covers));
    }
}
