using Atm0s.Sip.Core.Authentication;

namespace Atm0s.Sip.Core.Tests.Authentication;

[TestFixture]
[Property("rfc", "3261 §22, 7616")]
public class DigestServerTests
{
    private static readonly DigestAlgorithm[] Algorithms = [DigestAlgorithm.Md5, DigestAlgorithm.Sha256];

    [TestCaseSource(nameof(Algorithms))]
    public void Verify_RightPassword_Accepts(DigestAlgorithm algorithm)
    {
        var fixture = new ServerFixture();

        Assert.That(
            fixture.Verify(fixture.Challenged(algorithm).Authorize("REGISTER", ServerFixture.Uri)), Is.EqualTo(DigestVerdict.Accepted));
    }

    [TestCaseSource(nameof(Algorithms))]
    public void Verify_WrongPassword_Rejects(DigestAlgorithm algorithm)
    {
        var fixture = new ServerFixture();

        Assert.That(fixture.Verify(fixture.Challenged(algorithm, "wrong").Authorize("REGISTER", ServerFixture.Uri)),
            Is.EqualTo(DigestVerdict.Rejected));
    }

    [Test]
    public void Verify_NoSuchUser_Rejects()
    {
        var fixture = new ServerFixture();

        Assert.That(fixture.Verify(fixture.Challenged().Authorize("REGISTER", ServerFixture.Uri), password: null),
            Is.EqualTo(DigestVerdict.Rejected));
    }

    [Test]
    public void Verify_Ha1OfTheOtherAlgorithm_Rejects()
    {
        var fixture = new ServerFixture();
        var authorization = fixture.Challenged(DigestAlgorithm.Sha256).Authorize("REGISTER", ServerFixture.Uri);
        fixture.Server.Read(System.Text.Encoding.UTF8.GetBytes(authorization), out var credentials);
        var ha1 = Ha1.Compute(DigestAlgorithm.Md5, ServerFixture.User, ServerFixture.Realm, ServerFixture.Password);

        Assert.That(fixture.Server.Verify(credentials!, "REGISTER", ha1, fixture.Now), Is.EqualTo(DigestVerdict.Rejected));
    }

    [Test]
    public void Verify_OtherMethod_Rejects()
    {
        var fixture = new ServerFixture();

        Assert.That(fixture.Verify(fixture.Challenged().Authorize("REGISTER", ServerFixture.Uri), method: "INVITE"),
            Is.EqualTo(DigestVerdict.Rejected));
    }

    [Test]
    public void Verify_EveryChangedDigitOfTheResponse_Rejects()
    {
        var fixture = new ServerFixture();
        var authorization = fixture.Challenged().Authorize("REGISTER", ServerFixture.Uri);
        var start = authorization.IndexOf("response=\"", StringComparison.Ordinal) + 10;

        for (var i = start; i < start + 32; i++)
        {
            var changed = authorization.ToCharArray();
            changed[i] = changed[i] == '0' ? '1' : '0';
            Assert.That(fixture.Verify(new string(changed)), Is.EqualTo(DigestVerdict.Rejected));
        }

        Assert.That(fixture.Verify(authorization), Is.EqualTo(DigestVerdict.Accepted), "wrong guesses must not use up the owner's count");
    }

    [Test]
    public void Verify_UpperCaseHexAndHa1_Accepts()
    {
        var fixture = new ServerFixture();
        var authorization = fixture.Challenged().Authorize("REGISTER", ServerFixture.Uri);
        var start = authorization.IndexOf("response=\"", StringComparison.Ordinal) + 10;
        authorization = authorization[..start] + authorization[start..(start + 32)].ToUpperInvariant() + authorization[(start + 32)..];
        fixture.Server.Read(System.Text.Encoding.UTF8.GetBytes(authorization), out var credentials);
        var ha1 = Ha1.Compute(DigestAlgorithm.Md5, ServerFixture.User, ServerFixture.Realm, ServerFixture.Password).ToUpperInvariant();

        Assert.That(fixture.Server.Verify(credentials!, "REGISTER", ha1, fixture.Now), Is.EqualTo(DigestVerdict.Accepted));
    }

    [Test]
    public void Verify_AtTheEndOfTheLifetime_AcceptsAndThenIsStale()
    {
        var fixture = new ServerFixture();
        var client = fixture.Challenged();

        fixture.Advance(TimeSpan.FromMinutes(5));
        Assert.That(fixture.Verify(client.Authorize("REGISTER", ServerFixture.Uri)), Is.EqualTo(DigestVerdict.Accepted));
        fixture.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(fixture.Verify(client.Authorize("REGISTER", ServerFixture.Uri)), Is.EqualTo(DigestVerdict.Stale));
    }

    [Test]
    public void Verify_StaleNonceAndWrongPassword_Rejects()
    {
        // RFC 7616 §3.3: stale=true only when the digest was right.
        var fixture = new ServerFixture();
        var client = fixture.Challenged(password: "wrong");
        fixture.Advance(TimeSpan.FromHours(1));

        Assert.That(fixture.Verify(client.Authorize("REGISTER", ServerFixture.Uri)), Is.EqualTo(DigestVerdict.Rejected));
    }

    [Test]
    public void Verify_SessionVariant_Accepts()
    {
        var fixture = new ServerFixture();
        var client = ServerFixture.Client();
        var challenge = ServerFixture.Challenges(fixture.Server, fixture.Now)[1]
            .Replace("algorithm=MD5", "algorithm=MD5-sess", StringComparison.Ordinal);
        client.Offer(System.Text.Encoding.UTF8.GetBytes(challenge));

        Assert.That(fixture.Verify(client.Authorize("REGISTER", ServerFixture.Uri)), Is.EqualTo(DigestVerdict.Accepted));
    }

    [Test]
    [Property("rfc", "2617 §3.2.2.1")]
    public void Verify_WithoutQop_AcceptsOnce()
    {
        var fixture = new ServerFixture();
        var client = ServerFixture.Client();
        var challenge = ServerFixture.Challenges(fixture.Server, fixture.Now)[1]
            .Replace(", qop=\"auth\"", "", StringComparison.Ordinal);
        client.Offer(System.Text.Encoding.UTF8.GetBytes(challenge));
        var authorization = client.Authorize("REGISTER", ServerFixture.Uri);

        Assert.That(authorization, Does.Not.Contain("qop"));
        Assert.That(fixture.Verify(authorization), Is.EqualTo(DigestVerdict.Accepted));
        Assert.That(
            fixture.Verify(authorization), Is.EqualTo(DigestVerdict.Replayed), "there is no count that would tell a repetition");
        fixture.Advance(TimeSpan.FromMinutes(6));
        Assert.That(fixture.Verify(authorization), Is.EqualTo(DigestVerdict.Stale));
    }

    [Test]
    public void Verify_UserAndRealmBeyondAscii_Accepts()
    {
        var fixture = new ServerFixture();

        Assert.That(
            fixture.Verify(fixture.Challenged(DigestAlgorithm.Sha256, user: "Jäsøn \"Doe\" \\").Authorize("REGISTER", ServerFixture.Uri)),
            Is.EqualTo(DigestVerdict.Accepted));
    }

    [Test]
    public void Verify_LongUri_Accepts()
    {
        var fixture = new ServerFixture();

        Assert.That(
            fixture.Verify(fixture.Challenged().Authorize("REGISTER", "sip:" + new string('x', 4000))), Is.EqualTo(DigestVerdict.Accepted));
    }

    [Test]
    public void ToString_DoesNotShowTheResponse()
    {
        var fixture = new ServerFixture();
        fixture.Server.Read(
            System.Text.Encoding.UTF8.GetBytes(fixture.Challenged().Authorize("REGISTER", ServerFixture.Uri)), out var credentials);

        Assert.That(credentials!.ToString(), Is.EqualTo("1001@pbx.example.org (MD5)"));
    }
}
