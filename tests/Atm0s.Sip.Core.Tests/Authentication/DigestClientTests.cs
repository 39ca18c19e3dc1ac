using System.Text;
using Atm0s.Sip.Core.Authentication;

namespace Atm0s.Sip.Core.Tests.Authentication;

[TestFixture]
[Property("rfc", "3261 §22.2, 8760 §2.5")]
public class DigestClientTests
{
    private const string Md5 = "Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"";
    private const string Sha256 = "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\"";

    private static DigestClient Offered(params string[] challenges)
    {
        var client = ServerFixture.Client();
        foreach (var challenge in challenges)
            client.Offer(Encoding.UTF8.GetBytes(challenge));
        return client;
    }

    [Test]
    public void Authorize_WithoutChallenge_Throws()
    {
        Assert.That(() => Offered().Authorize("INVITE", "sip:a"), Throws.InvalidOperationException);
        Assert.That(Offered().ShouldAnswer, Is.False);
    }

    [TestCase(Md5, Sha256)]
    [TestCase(Sha256, Md5)]
    [TestCase("Digest realm=\"r\", nonce=\"other\", algorithm=MD5, qop=\"auth\"", Sha256)]
    [TestCase(Sha256, "Digest realm=\"r\", nonce=\"other\", algorithm=MD5, qop=\"auth\"")]
    [TestCase(Sha256, "Digest realm=\"r\", nonce=\"other\", algorithm=SHA-512-256, qop=\"auth\"")]
    public void Offer_Several_TheStrongestIsAnswered(string first, string second) =>
        Assert.That(Offered(first, second).Authorize("INVITE", "sip:a"),
            Does.Contain("algorithm=SHA-256").And.Contain("nonce=\"n\"").And.Contain("nc=00000001"));

    [Test]
    public void Offer_AfterAnAnswer_ANewNonceIsTakenAlsoWithAWeakerAlgorithm()
    {
        var client = Offered(Sha256);
        client.Authorize("INVITE", "sip:a");
        client.Offer(Encoding.UTF8.GetBytes("Digest realm=\"r\", nonce=\"n2\", algorithm=MD5, qop=\"auth\", stale=TRUE"));

        Assert.That(client.ShouldAnswer, Is.True);
        Assert.That(
            client.Authorize("INVITE", "sip:a"), Does.Contain("nonce=\"n2\"").And.Contain("algorithm=MD5").And.Contain("nc=00000001"));
    }

    [Test]
    public void Authorize_Again_CountsOn()
    {
        var client = Offered(Md5);

        Assert.That(client.Authorize("INVITE", "sip:a"), Does.Contain("nc=00000001, cnonce=\"cnonce1\""));
        Assert.That(client.Authorize("INVITE", "sip:a"), Does.Contain("nc=00000002, cnonce=\"cnonce2\""));
    }

    [Test]
    public void Offer_TheSameNonceAgain_DoesNotBeginToCountAnew()
    {
        var client = Offered(Md5);
        client.Authorize("INVITE", "sip:a");
        client.Offer(Encoding.UTF8.GetBytes(Md5));

        Assert.That(client.Authorize("INVITE", "sip:a"), Does.Contain("nc=00000002"));
    }

    [Test]
    public void ShouldAnswer_ASecondRefusalWithoutStale_IsTheEnd()
    {
        var client = Offered(Md5);
        Assert.That(client.ShouldAnswer, Is.True);
        client.Authorize("INVITE", "sip:a");
        client.Offer(Encoding.UTF8.GetBytes(Md5.Replace("\"n\"", "\"n2\"", StringComparison.Ordinal)));

        Assert.That(client.ShouldAnswer, Is.False);
    }

    [TestCase("Basic realm=\"r\"")]
    [TestCase("Digest realm=\"r\", algorithm=MD5")]
    [TestCase("Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"")]
    [TestCase("Digest realm=\"r\", nonce=\"n\", algorithm=SHA-512-256")]
    [TestCase("Digest realm=\"r\", nonce=\"n")]
    [TestCase("Digest realm=\"r\", nonce=\"n\", nonce=\"m\"")]
    [TestCase("")]
    public void Offer_WhatCannotBeAnswered_IsLeft(string challenge) => Assert.That(Offered(challenge).CanAuthorize, Is.False);

    [Test]
    public void Offer_OtherRealm_IsLeft()
    {
        var client = ServerFixture.Client(realm: "home");
        client.Offer(Encoding.UTF8.GetBytes(Md5));
        Assert.That(client.CanAuthorize, Is.False, "threats I5: no digest for strangers");

        client.Offer(Encoding.UTF8.GetBytes(Md5.Replace("\"r\"", "\"home\"", StringComparison.Ordinal)));
        Assert.That(client.CanAuthorize, Is.True);
    }

    [Test]
    public void Authorize_EchoesOpaqueAndEscapes()
    {
        var text = Offered("Digest realm=\"a \\\"b\\\" \\\\\", nonce=\"n\", opaque=\"o\\\"p\", qop=\"auth-int, auth\"")
            .Authorize("INVITE", "sip:a");

        Assert.That(text, Does.Contain("realm=\"a \\\"b\\\" \\\\\"").And.Contain("opaque=\"o\\\"p\"").And.Contain("qop=auth,")
            .And.Contain("algorithm=MD5"));
    }

    [Test]
    public void Authorize_WithoutQop_SendsNoCount() =>
        Assert.That(Offered("Digest realm=\"r\", nonce=\"n\"").Authorize("INVITE", "sip:a"),
            Does.Not.Contain("qop").And.Not.Contain("nc=").And.Not.Contain("cnonce"));

    [Test]
    public void Offer_50000Mutations_NeverThrow()
    {
        var random = new Random(20260802);
        var seed = Encoding.UTF8.GetBytes(
            "Digest realm=\"a \\\"b\\\"\", nonce=\"n\", opaque=\"o\", algorithm=SHA-256-sess, qop=\"auth-int, auth\", stale=FALSE");
        var answered = 0;

        for (var i = 0; i < 50_000; i++)
        {
            var client = ServerFixture.Client();
            client.Offer(Mutation.Of(seed, random));
            if (client.CanAuthorize && client.Authorize("INVITE", "sip:a").Length > 0)
                answered++;
        }

        Assert.That(answered, Is.InRange(1000, 49_000));
    }
}
