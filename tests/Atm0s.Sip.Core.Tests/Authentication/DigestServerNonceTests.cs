using Atm0s.Sip.Core.Authentication;

namespace Atm0s.Sip.Core.Tests.Authentication;

[TestFixture]
[Property("rfc", "7616 §3.3, §5.4")]
public class DigestServerNonceTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private static string NonceOf(string challenge) => challenge.Split("nonce=\"")[1].Split('"')[0];

    [Test]
    public void CreateChallenges_OneForEachAlgorithm_BestFirst()
    {
        var challenges = ServerFixture.Challenges(new ServerFixture().Server, TimeSpan.Zero, stale: false);

        Assert.That(challenges, Has.Count.EqualTo(2));
        Assert.That(
            challenges[0], Does.Match("^Digest realm=\"pbx.example.org\", nonce=\"[A-Za-z0-9_-]{32}\", algorithm=SHA-256, qop=\"auth\"$"));
        Assert.That(challenges[1], Does.EndWith(", algorithm=MD5, qop=\"auth\""));
    }

    [Test]
    public void CreateChallenges_Stale_SaysSo() =>
        Assert.That(ServerFixture.Challenges(new ServerFixture().Server, TimeSpan.Zero, stale: true), Is.All.EndsWith(", stale=true"));

    [Test]
    public void CreateChallenges_NeverTheSameNonce()
    {
        var server = new ServerFixture().Server;

        Assert.That(
            Enumerable.Range(0, 1000).Select(_ => NonceOf(ServerFixture.Challenges(server, TimeSpan.Zero, stale: false)[0])), Is.Unique);
    }

    [Test]
    public void Read_NonceOfAnotherServer_IsForeign()
    {
        var fixture = new ServerFixture();

        Assert.That(
            new ServerFixture().Read(fixture.Challenged().Authorize("REGISTER", ServerFixture.Uri)),
            Is.EqualTo(DigestReading.ForeignNonce));
    }

    [Test]
    public void Verify_CredentialsReadByAnotherServer_AreForeign()
    {
        var fixture = new ServerFixture();
        fixture.Server.Read(
            System.Text.Encoding.UTF8.GetBytes(fixture.Challenged().Authorize("REGISTER", ServerFixture.Uri)), out var credentials);
        var ha1 = Ha1.Compute(DigestAlgorithm.Md5, ServerFixture.User, ServerFixture.Realm, ServerFixture.Password);

        Assert.That(
            new ServerFixture().Server.Verify(credentials!, "REGISTER", ha1, TimeSpan.Zero), Is.EqualTo(DigestVerdict.ForeignNonce));
    }

    [Test]
    public void Verify_NonceOfANodeWithTheSameKey_Accepts()
    {
        var fixture = new ServerFixture(key: Key);

        Assert.That(new ServerFixture(key: Key).Verify(fixture.Challenged().Authorize("REGISTER", ServerFixture.Uri)),
            Is.EqualTo(DigestVerdict.Accepted));
    }

    [Test]
    public void Read_SameKeyOtherRealm_IsForeign()
    {
        var other = new DigestServer("other.example.org", [DigestAlgorithm.Md5], TimeSpan.FromMinutes(5), Key);
        var nonce = NonceOf(ServerFixture.Challenges(other, TimeSpan.Zero, stale: false)[0]);

        Assert.That(new ServerFixture(key: Key).Read(Authorization(nonce)), Is.EqualTo(DigestReading.ForeignNonce));
    }

    [Test]
    public void Read_EveryChangedCharacterOfTheNonce_IsForeign()
    {
        var fixture = new ServerFixture();
        var nonce = NonceOf(ServerFixture.Challenges(fixture.Server, TimeSpan.Zero, stale: false)[0]);
        Assert.That(fixture.Read(Authorization(nonce)), Is.EqualTo(DigestReading.Digest));

        for (var i = 0; i < nonce.Length; i++)
        {
            var changed = nonce.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'E' : 'A';
            Assert.That(fixture.Read(Authorization(new string(changed))), Is.EqualTo(DigestReading.ForeignNonce), $"character {i}");
        }
    }

    // A nonce comes from anybody: no text may throw, least of all one of the right length that is no base64.
    [TestCase("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+")]
    [TestCase("äöüäöüäöüäöüäöüä")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("                               A")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("dcd98b7102dd2f0e8b11d0f600bfb0c093")]
    [TestCase("x")]
    public void Read_ForgedNonce_IsForeignAndDoesNotThrow(string nonce) =>
        Assert.That(new ServerFixture().Read(Authorization(nonce)), Is.EqualTo(DigestReading.ForeignNonce));

    [Test]
    public void Verify_NonceOfANodeThatCountsItsTimeFromElsewhere_IsStale([Values] bool ofTheOlder)
    {
        // Both count from their own start, and one has been up for ten days: its nonces must not live for ten days on the other.
        var (older, younger) = (new ServerFixture(key: Key), new ServerFixture(key: Key));
        older.Advance(TimeSpan.FromDays(10));
        younger.Advance(TimeSpan.FromHours(1));
        var (maker, reader) = ofTheOlder ? (older, younger) : (younger, older);

        Assert.That(reader.Verify(maker.Challenged().Authorize("REGISTER", ServerFixture.Uri)), Is.EqualTo(DigestVerdict.Stale));
    }

    [Test]
    public void Verify_NonceThatAnotherShardMadeALittleLater_IsAccepted()
    {
        var (ahead, behind) = (new ServerFixture(key: Key), new ServerFixture(key: Key));
        ahead.Advance(TimeSpan.FromMilliseconds(1100));
        behind.Advance(TimeSpan.FromSeconds(1));

        Assert.That(behind.Verify(ahead.Challenged().Authorize("REGISTER", ServerFixture.Uri)), Is.EqualTo(DigestVerdict.Accepted));
    }

    private static string Authorization(string nonce) =>
        $"Digest username=\"1001\", realm=\"{ServerFixture.Realm}\", nonce=\"{nonce}\", uri=\"sip:a\", "
            + $"response=\"{new string('0', 32)}\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"c\"";
}
