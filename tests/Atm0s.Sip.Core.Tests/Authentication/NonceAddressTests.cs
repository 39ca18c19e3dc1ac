using System.Net;
using System.Text;
using Atm0s.Sip.Core.Authentication;

namespace Atm0s.Sip.Core.Tests.Authentication;

/// <summary>A nonce is good for the address that it was sent to.</summary>
[TestFixture]
[Property("rfc", "7616 §5.4")]
public class NonceAddressTests
{
    private static readonly IPAddress Owner = IPAddress.Parse("192.0.2.1");

    [TestCase("192.0.2.1", DigestReading.Digest, false)]
    [TestCase("::ffff:192.0.2.1", DigestReading.Digest, false)]
    [TestCase("192.0.2.2", DigestReading.Unsupported, true)]
    [TestCase("2001:db8::1", DigestReading.Unsupported, true)]
    public void Read_FromAnAddress(string address, DigestReading reading, bool isLost)
    {
        var authorization = Answered(out var server);
        var source = IPAddress.Parse(address);
        Assert.That(server.Read(authorization, out var credentials, source), Is.EqualTo(reading));
        Assert.That(credentials is not null, Is.EqualTo(reading == DigestReading.Digest));
        Assert.That(server.HasLostNonce(authorization, source), Is.EqualTo(isLost));
    }

    [Test]
    public void Verify_FromAnotherAddress_IsForeign()
    {
        var authorization = Answered(out var server);
        server.Read(authorization, out var credentials, Owner);
        var ha1 = Ha1.Compute(DigestAlgorithm.Md5, "u", "r", "p");
        var elsewhere = IPAddress.Parse("192.0.2.2");
        Assert.That(
            server.Verify(credentials!, "INVITE", ha1, TimeSpan.Zero, elsewhere), Is.EqualTo(DigestVerdict.ForeignNonce));
        Assert.That(server.Verify(credentials!, "INVITE", ha1, TimeSpan.Zero, Owner), Is.EqualTo(DigestVerdict.Accepted));
    }

    [TestCase("Digest username=\"u\", realm=\"other\", nonce=\"n\", uri=\"sip:x\", response=\"0\"")]
    [TestCase("Basic dTpw")]
    [TestCase("Digest username=\"u\"")]
    public void WhatIsNoAnswerToUs_HasLostNothing(string value)
    {
        _ = Answered(out var server);
        Assert.That(server.HasLostNonce(Encoding.UTF8.GetBytes(value), Owner), Is.False);
    }

    private static byte[] Answered(out DigestServer server)
    {
        server = new DigestServer("r", [DigestAlgorithm.Md5], TimeSpan.FromMinutes(1));
        var client = new DigestClient("u", "p", null, () => "c");
        client.Offer(Encoding.UTF8.GetBytes(server.CreateChallenges(TimeSpan.Zero, stale: false, Owner)[0]));
        return Encoding.UTF8.GetBytes(client.Authorize("INVITE", "sip:x"));
    }
}
