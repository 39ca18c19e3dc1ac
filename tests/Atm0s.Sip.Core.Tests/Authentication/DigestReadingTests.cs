using System.Text;
using Atm0s.Sip.Core.Authentication;

namespace Atm0s.Sip.Core.Tests.Authentication;

[TestFixture]
[Property("rfc", "7616 §3.4, 3261 §25.1")]
public class DigestReadingTests
{
    private readonly ServerFixture _fixture = new();
    private string _good = "";

    [OneTimeSetUp]
    public void Authorize() => _good = _fixture.Challenged().Authorize("REGISTER", ServerFixture.Uri);

    [Test]
    public void Read_Good_IsDigest()
    {
        Assert.That(_fixture.Server.Read(Encoding.UTF8.GetBytes(_good), out var credentials), Is.EqualTo(DigestReading.Digest));
        Assert.That(credentials!.Username, Is.EqualTo("1001"));
        Assert.That(credentials.Realm, Is.EqualTo(ServerFixture.Realm));
        Assert.That(credentials.Algorithm, Is.EqualTo(DigestAlgorithm.Md5));
    }

    [TestCase("")]
    [TestCase("Digest")]
    [TestCase("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")]
    [TestCase("DigestX username=\"a\"")]
    [TestCase("Digest,username=\"a\"")]
    public void Read_OtherScheme(string value) => Assert.That(_fixture.Read(value), Is.EqualTo(DigestReading.OtherScheme));

    [TestCase("username=\"1001\", ", "")]
    [TestCase("uri=\"sip:pbx.example.org\", ", "")]
    [TestCase("username=\"1001\"", "username=\"\"")]
    [TestCase("username=\"1001\"", "username=\"1001")]
    [TestCase("username=\"1001\"", "username=\"1001\" junk")]
    [TestCase("username=\"1001\"", "username")]
    [TestCase("username=\"1001\"", "=\"1001\"")]
    [TestCase("username=\"1001\"", "user name=\"1001\"")]
    [TestCase("nc=00000001", "nc=1")]
    [TestCase("nc=00000001", "nc=0000000g")]
    [TestCase("nc=00000001", "nc=00000000")]
    [TestCase("nc=00000001", "nc=-0000001")]
    [TestCase("nc=00000001, ", "")]
    [TestCase(", cnonce=\"cnonce1\"", "")]
    public void Read_BrokenParameter_IsMalformed(string part, string with)
    {
        Assert.That(_good, Does.Contain(part));

        Assert.That(_fixture.Read(_good.Replace(part, with, StringComparison.Ordinal)), Is.EqualTo(DigestReading.Malformed));
    }

    [TestCase("username=\"1002\"")]
    [TestCase("realm=\"pbx.example.org\"")]
    [TestCase("NONCE=\"x\"")]
    [TestCase("uri=\"sip:other\"")]
    [TestCase("response=\"00000000000000000000000000000000\"")]
    [TestCase("qop=auth")]
    [TestCase("nc=00000002")]
    [TestCase("cnonce=\"x\"")]
    [TestCase("algorithm=SHA-256")]
    public void Read_ParameterTwice_IsMalformed(string again)
    {
        // RFC 7235 §2.1: each parameter name once. Two readers that take different ones would disagree on who it is.
        Assert.That(_fixture.Read($"{_good}, {again}"), Is.EqualTo(DigestReading.Malformed));
    }

    [TestCase("algorithm=MD5", "algorithm=SHA-512-256")]
    [TestCase("algorithm=MD5", "algorithm=")]
    [TestCase("algorithm=MD5", "algorithm=-sess")]
    [TestCase("algorithm=MD5", "algorithm=AKAv1-MD5")]
    [TestCase("qop=auth", "qop=auth-int")]
    [TestCase("realm=\"pbx.example.org\"", "realm=\"other\"")]
    [TestCase("realm=\"pbx.example.org\"", "realm=\"PBX.example.org\"")]
    [TestCase("realm=\"pbx.example.org\", ", "")]
    public void Read_NotOffered_IsUnsupported(string part, string with)
    {
        Assert.That(_good, Does.Contain(part));

        Assert.That(_fixture.Read(_good.Replace(part, with, StringComparison.Ordinal)), Is.EqualTo(DigestReading.Unsupported));
    }

    [Test]
    public void Read_AlgorithmThatThisServerDoesNotOffer_IsUnsupported()
    {
        var key = new byte[32];
        var both = new ServerFixture(key: key);
        var strict = new ServerFixture(100, key, DigestAlgorithm.Sha256);

        Assert.That(strict.Read(both.Challenged().Authorize("REGISTER", ServerFixture.Uri)), Is.EqualTo(DigestReading.Unsupported));
        Assert.That(strict.Read(both.Challenged(DigestAlgorithm.Sha256).Authorize("REGISTER", ServerFixture.Uri)),
            Is.EqualTo(DigestReading.Digest));
    }

    [TestCase("Digest ", "DIGEST\t  ")]
    [TestCase("Digest ", "digest ,, , ")]
    [TestCase("username=\"1001\"", "USERNAME = \"1001\" ")]
    [TestCase("username=\"1001\"", "username=1001")]
    [TestCase("username=\"1001\"", "username=\"\\1\\0\\0\\1\"")]
    [TestCase("algorithm=MD5", "algorithm=\"md5\"")]
    [TestCase("algorithm=MD5, ", "")]
    [TestCase("qop=auth", "qop=\"AUTH\"")]
    [TestCase("nc=00000001", "nc=\"00000001\"")]
    [TestCase(", ", " \t,\t ")]
    [TestCase(", ", ",")]
    [TestCase(", uri=", ", opaque=\"a,b=\\\"c\\\\\", x-other=\"\", y=z, uri=")]
    public void Verify_TheSameWrittenOtherwise_IsAccepted(string part, string with)
    {
        var fixture = new ServerFixture();
        var good = fixture.Challenged().Authorize("REGISTER", ServerFixture.Uri);
        Assert.That(good, Does.Contain(part));

        Assert.That(fixture.Verify(good.Replace(part, with, StringComparison.Ordinal)), Is.EqualTo(DigestVerdict.Accepted));
    }

    [Test]
    public void Read_MoreThan32Parameters_IsMalformed()
    {
        var more = string.Concat(Enumerable.Range(0, 33).Select(i => $", x{i}=y"));

        Assert.That(_fixture.Read(_good + more), Is.EqualTo(DigestReading.Malformed));
    }

    [Test]
    public void Read_AndVerify_50000Mutations_NeverThrowAndNeverAccept()
    {
        var random = new Random(20260801);
        var bytes = Encoding.UTF8.GetBytes(_good);
        var ha1 = Ha1.Compute(DigestAlgorithm.Md5, ServerFixture.User, ServerFixture.Realm, "a password that nobody has");
        var read = 0;

        for (var i = 0; i < 50_000; i++)
        {
            var changed = Mutation.Of(bytes, random);
            if (_fixture.Server.Read(changed, out var credentials) != DigestReading.Digest)
                continue;
            read++;
            Assert.That(_fixture.Server.Verify(credentials!, "REGISTER", ha1, TimeSpan.Zero), Is.EqualTo(DigestVerdict.Rejected));
        }

        Assert.That(read, Is.InRange(1000, 49_000), "some mutations must leave it readable, or the test tests little");
    }
}
