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

    [TestCase("192.0.2.1", DigestReading.Digest)]
    [TestCase("::ffff:192.0.2.1", DigestReading.Digest)]
    [TestCase("192.0.2.2", DigestReading.ForeignNonce)]
    [TestCase("2001:db8::1", DigestReading.ForeignNonce)]
    [TestCase("::192.0.2.1", DigestReading.ForeignNonce)]
    [TestCase("c000:201::", DigestReading.ForeignNonce)]
    [TestCase(null, DigestReading.ForeignNonce)]
    public void Read_FromAnAddress(string? address, DigestReading reading)
    {
        var authorization = Answered(out var server);
        var source = address is null ? null : IPAddress.Parse(address);
        Assert.That(server.Read(authorization, out var credentials, source), Is.EqualTo(reading));
        Assert.That(credentials is not null, Is.EqualTo(reading == DigestReading.Digest));
    }

    [Test]
    public void Read_NonceForEveryAddress_IsNotThatOfAnAddressOfZeros()
    {
        var server = new DigestServer("r", [DigestAlgorithm.Md5], TimeSpan.FromMinutes(1));
        var client = new DigestClient("u", "p", null, () => "c");
        client.Offer(Encoding.UTF8.GetBytes(ServerFixture.Challenges(server, TimeSpan.Zero)[0]));
        var authorization = Encoding.UTF8.GetBytes(client.Authorize("INVITE", "sip:x@r"));

        Assert.That(server.Read(authorization, out _), Is.EqualTo(DigestReading.Digest));
        Assert.That(server.Read(authorization, out _, IPAddress.IPv6Any), Is.EqualTo(DigestReading.ForeignNonce));
    }

    [TestCase("Digest username=\"u\", realm=\"other\", nonce=\"n\", uri=\"sip:x\", response=\"0\"", DigestReading.Unsupported)]
    [TestCase("Basic dTpw", DigestReading.OtherScheme)]
    [TestCase("Digest username=\"u\"", DigestReading.Malformed)]
    public void WhatIsNoAnswerToUs_IsNoForeignNonce(string value, DigestReading reading)
    {
        _ = Answered(out var server);
        Assert.That(server.Read(Encoding.UTF8.GetBytes(value), out _, Owner), Is.EqualTo(reading));
    }

    private static byte[] Answered(out DigestServer server)
    {
        server = new DigestServer("r", [DigestAlgorithm.Md5], TimeSpan.FromMinutes(1));
        var client = new DigestClient("u", "p", null, () => "c");
        client.Offer(Encoding.UTF8.GetBytes(ServerFixture.Challenges(server, TimeSpan.Zero, source: Owner)[0]));
        return Encoding.UTF8.GetBytes(client.Authorize("INVITE", "sip:x"));
    }
}
