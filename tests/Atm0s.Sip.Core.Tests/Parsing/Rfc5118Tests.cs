using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;

namespace Atm0s.Sip.Core.Tests.Parsing;

/// <summary>IPv6 in SIP messages.</summary>
public class Rfc5118Tests
{
    // Of the three colons (§4.10) the RFC leaves to the implementor what to do: they are let through, as nothing is done with them but send
    // them on.
    [TestCase("ipv6-good", "accept")]
    [TestCase("ipv6-bad", "400")]
    [TestCase("port-ambiguous", "accept")]
    [TestCase("port-unambiguous", "accept")]
    [TestCase("via-received-param-with-delim", "accept")]
    [TestCase("via-received-param-no-delim", "accept")]
    [TestCase("ipv6-in-sdp", "accept")]
    [TestCase("mult-ip-in-header", "accept")]
    [TestCase("mult-ip-in-sdp", "accept")]
    [TestCase("ipv4-mapped-ipv6", "accept")]
    [TestCase("ipv6-bug-abnf-3-colons", "accept")]
    [TestCase("ipv6-correct-abnf-2-colons", "accept")]
    public void Datagram_ends_as_the_rfc_says(string file, string outcome) =>
        Assert.That(Outcome.Of(Wire(file), out _), Is.EqualTo(outcome));

    // The archive has bare LF, lacks some blank lines, and counts its bodies otherwise than they are.
    private static byte[] Wire(string file)
    {
        var text = Encoding.ASCII.GetString(TestData.Read("rfc5118", file)).ReplaceLineEndings("\r\n");
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return Encoding.ASCII.GetBytes(text + "\r\n");
        var header = System.Text.RegularExpressions.Regex.Replace(
            text[..end], "Content-Length: [0-9]+", $"Content-Length: {text.Length - end - 4}");
        return Encoding.ASCII.GetBytes(header + text[end..]);
    }

    [TestCase("port-ambiguous", "2001:db8::10:5070", 0)]
    [TestCase("port-unambiguous", "2001:db8::10", 5070)]
    public void Port_stands_behind_the_bracket(string file, string host, int port)
    {
        using var message = Parsed.Ok(Wire(file));
        Assert.That(SipUriView.TryParse(message.RequestUri, out var uri), Is.True);
        Assert.That((Encoding.ASCII.GetString(uri.Host), uri.Port), Is.EqualTo((host, port)));
    }

    [TestCase("via-received-param-with-delim", "[2001:db8::9:255]")]
    [TestCase("via-received-param-no-delim", "2001:db8::9:255")]
    public void Received_is_read_with_and_without_brackets(string file, string received)
    {
        using var message = Parsed.Ok(Wire(file));
        Assert.That(Encoding.ASCII.GetString(message.TopVia.Received), Is.EqualTo(received));
    }
}
