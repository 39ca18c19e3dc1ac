using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.Doctor.Checks;
using Atm0s.Sip.TestKit.Certificates;
using Microsoft.Extensions.Time.Testing;
using static Atm0s.Sip.Doctor.DoctorVerdict;

namespace Atm0s.Sip.Doctor.Tests;

/// <summary>What the doctor finds about certificates.</summary>
public sealed class CertificateTests
{
    private TestAuthority _authority = null!;
    private SipServerOptions _server = null!;
    private FakeTimeProvider _time = null!;

    [SetUp]
    public void SetUp()
    {
        (_authority, _time) = (new TestAuthority(), new FakeTimeProvider(DateTimeOffset.UtcNow));
        _server = new SipServerOptions().Listen("tls://0.0.0.0:5061");
    }

    [TearDown]
    public void TearDown() => _authority.Dispose();

    [Test]
    public async Task WithoutTls_ThereIsNothingToFind()
    {
        _server.Listeners.Clear();
        _server.ListenUdp();
        _server.Tls.Certificates.Add(new TlsCertificateFile { Certificate = "/nowhere.pem" });
        await ExpectAsync();
    }

    [Test]
    public async Task NoCertificate_Fails_AndASelfSignedOneIsAWarning()
    {
        await ExpectAsync((Failed, "of tls://0.0.0.0:5061: there is none"));
        _server.Tls.SelfSigned = true;
        await ExpectAsync((Warning, "one is made at the start"));
        _server.Tls.CertificateSelector = static _ => null;
        await ExpectAsync((Ok, "the program chooses them"));
    }

    // An authority of one's own is known to no system: right where the phones have its root.
    [Test]
    public async Task CertificateInDate_IsFound_AndItsAuthorityIsToldOf()
    {
        Add("sip.example.com");
        await ExpectAsync((Warning, "comes from nobody whom this system trusts"));
    }

    [TestCase(-2, Failed, "holds from ")]
    [TestCase(355, Warning, "for 9 days more")]
    [TestCase(366, Failed, "has been out of date since ")]
    public async Task Dates_AreLookedAt(int days, DoctorVerdict verdict, string text)
    {
        Add("sip.example.com");
        _time = new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(days).AddHours(1));
        await ExpectAsync((verdict, text));
    }

    [Test]
    public async Task FileThatIsNotThere_IsNoCertificate_OrHasAnothersKey_Fails()
    {
        var (one, _) = _authority.WritePem(_authority.Issue("a.example.com"));
        var (_, otherKey) = _authority.WritePem(_authority.Issue("b.example.com"));
        _server.Tls.Certificates.Add(new TlsCertificateFile { Certificate = "/nowhere/at/all.pem" });
        _server.Tls.Certificates.Add(new TlsCertificateFile { Certificate = one, Key = otherKey });
        _server.Tls.Certificates.Add(new TlsCertificateFile { Certificate = one });
        _server.Tls.TrustedRoots = "/nowhere/roots.pem";
        await ExpectAsync(
            (Failed, "/nowhere/at/all.pem"), (Failed, $"{one} with the key {otherKey} can't be used"), (Failed, $"{one} can't be used"),
            (Failed, "The trusted certificates of /nowhere/roots.pem can't be read"));
    }

    [Test]
    public async Task NameThatPhonesLookFor_IsInOneOfThem()
    {
        Add("sip.example.com");
        (_server.Domain, _server.Listeners[0].AdvertisedHost) = ("example.com", "sip.example.com");
        await ExpectAsync((Warning, "comes from nobody"), (Warning, "none is for example.com, they are for sip.example.com"));
        Add("example.com");
        _server.Listeners[0].AdvertisedHost = "203.0.113.7";
        await ExpectAsync((Warning, "comes from nobody"), (Warning, "comes from nobody"));
    }

    [Test]
    public async Task ListenerWithCertificatesOfItsOwn_IsLookedAtByItself()
    {
        Add("sip.example.com");
        _server.Listen("tls://127.0.0.1:5071");
        _server.Listeners[1].Tls = new SipTlsOptions { SelfSigned = true };
        await ExpectAsync((Warning, "of tls://0.0.0.0:5061: "), (Warning, "of tls://127.0.0.1:5071: one is made"));
    }

    [Test]
    public async Task FilesOfATrunk_AreRead()
    {
        Add("sip.example.com");
        var (certificate, key) = _authority.WritePem(_authority.Issue("me.example.com"));
        _server.Trunks.Add(new TrunkOptions
        {
            Name = "carrier",
            Server = "sip:192.0.2.1;transport=tls",
            Tls = new TlsClientOptions
            {
                Certificate = new TlsCertificateFile { Certificate = certificate, Key = key },
                TrustedRoots = _authority.RootFile,
            },
        });
        await ExpectAsync(
            (Warning, "comes from nobody"), (Ok, $"of carrier: {certificate} holds until "), (Ok, "has 1 trusted certificates"));
        _time = new FakeTimeProvider(DateTimeOffset.UtcNow.AddYears(3));
        await ExpectAsync(
            (Failed, "out of date"), (Failed, "of carrier: "), (Failed, $"all trusted certificates in {_authority.RootFile} are out of date"));
    }

    private void Add(params string[] names)
    {
        var (certificate, key) = _authority.WritePem(_authority.Issue(names));
        _server.Tls.Certificates.Add(new TlsCertificateFile { Certificate = certificate, Key = key });
    }

    private async Task ExpectAsync(params (DoctorVerdict Verdict, string Text)[] expected)
    {
        var check = new CertificatesCheck(_time);
        var findings = await check.ExamineAsync(
            new DoctorContext(_server, new DoctorOptions(), new FakeFacts(), new FakePing()), CancellationToken.None);
        Assert.That(findings, Has.Count.EqualTo(expected.Length), string.Join('\n', findings));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.That((findings[i].Check, findings[i].Verdict), Is.EqualTo(("certificates", expected[i].Verdict)), findings[i].Text);
            Assert.That(findings[i].Text, Does.Contain(expected[i].Text));
            Assert.That(findings[i].Advice is null, Is.EqualTo(expected[i].Verdict == Ok), "who has a problem is told what to do");
        }
    }
}
