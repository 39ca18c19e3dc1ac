using System.Text;
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
    [TestCase("Authorization: Bearer 5ec2e7\r\n")]
    [TestCase("proxy-authorization :  Basic 5ec2e7\r\n")]
    [TestCase("Contact: <sip:alice:5ec2e7@192.0.2.1>\r\n")]
    [TestCase("Contact: <sip:alice;x=1:5ec2e7@192.0.2.1>\r\n")]
    [TestCase("Authentication-Info: rspauth=\"5ec2e7\", qop=auth\r\n")]
    [TestCase("Refer-To: <SIPS:alice:5ec2e7@[2001:db8::1]:5061>\r\n")]
    public void Secret_IsHidden(string text)
    {
        var message = $"INVITE sip:a@b SIP/2.0\r\n{text}\r\n";
        var masked = Masked(message);

        Assert.That(masked, Is.EqualTo(message.Replace("5ec2e7", "******", StringComparison.Ordinal)));
    }

    [TestCase("Authorization: Digest username=\"a\", response=\"5ec2")]
    [TestCase("Contact: <sip:alice:5ec2")]
    [TestCase("MESSAGE sip:a@b SIP/2.0\r\n\r\n5ec2")]
    public void SecretThatWasCutOff_IsHidden(string message) => Assert.That(Masked(message), Does.EndWith("****"));

    [TestCase("Contact: <sip:alice@192.0.2.1:5060;transport=tcp>\r\n")]
    [TestCase("Contact: <sip:192.0.2.1:5060>, <sip:b@192.0.2.2>\r\n")]
    [TestCase("Warning: 399 a \"no response from b\"\r\n")]
    public void WhatIsNoSecret_Stays(string text) => Assert.That(Masked(text), Is.EqualTo(text));

    // What is masked must fit its Content-Length: programs that read a capture cut a stream by it.
    [Test]
    public void BytesThatAreNoText_StayAsTheyAre()
    {
        byte[] message = [.. "INFO sip:a@b SIP/2.0\r\n\r\nSignal=7\r\nX="u8, 0xFF, 0xC3, 0x80];
        WireMask.Apply(message);

        Assert.That(message, Is.EqualTo((byte[])[.. "INFO sip:a@b SIP/2.0\r\n\r\nSignal=*\r\nX="u8, 0xFF, 0xC3, 0x80]));
    }

    [TestCase("Signal=7\r\nDuration=160\r\n")]
    [TestCase(" signal = 7\nDuration=160\n")]
    [TestCase("Signal=7\rDuration=160\r")]
    [TestCase("7")]
    [TestCase("7\r\n")]
    public void KeyOfAnInfo_IsHidden(string body)
    {
        var masked = Masked($"INFO sip:a@b SIP/2.0\r\nCSeq: 1 INFO\r\n\r\n{body}");

        Assert.That(masked, Does.Not.Contain("7").And.Contain("*").And.Contain("CSeq: 1 INFO"));
        Assert.That(masked.Contains("160", StringComparison.Ordinal), Is.EqualTo(body.Contains("160", StringComparison.Ordinal)));
    }

    private static string Masked(string message)
    {
        var bytes = Encoding.UTF8.GetBytes(message);
        WireMask.Apply(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
