using Atm0s.Sip.Calls.Records;

namespace Atm0s.Sip.Tests.Calls.Records;

/// <summary>What a wire trace must not tell.</summary>
public sealed class WireMaskTests
{
    [TestCase("Authorization: Digest username=\"a\", response=\"5ec2e7\", nc=00000001\r\n")]
    [TestCase("Authorization: Digest username=\"a\", response = \"5ec2e7\"\r\n")]
    [TestCase("Authorization: Digest username=\"a\", Response\t=\r\n \"5ec2e7\"\r\n")]
    [TestCase("Authorization: Digest response=5ec2e7, username=\"a\"\r\n")]
    [TestCase("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:5ec2e7|2^20\r\n")]
    public void Secret_IsHidden(string text)
    {
        var masked = WireMask.Apply($"INVITE sip:a@b SIP/2.0\r\n{text}\r\n");

        Assert.That(masked, Does.Not.Contain("5ec2e7").And.Contain("***"));
    }

    [TestCase("Signal=7\r\nDuration=160\r\n")]
    [TestCase(" signal = 7\nDuration=160\n")]
    [TestCase("7")]
    [TestCase("7\r\n")]
    public void KeyOfAnInfo_IsHidden(string body)
    {
        var masked = WireMask.Apply($"INFO sip:a@b SIP/2.0\r\nCSeq: 1 INFO\r\n\r\n{body}");

        Assert.That(masked, Does.Not.Contain("7").And.Contain("***").And.Contain("CSeq: 1 INFO"));
        Assert.That(masked.Contains("160", StringComparison.Ordinal), Is.EqualTo(body.Contains("160", StringComparison.Ordinal)));
    }
}
