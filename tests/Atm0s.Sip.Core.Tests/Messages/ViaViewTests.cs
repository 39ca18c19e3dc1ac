using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Tests.Parsing;

namespace Atm0s.Sip.Core.Tests.Messages;

/// <summary>Via values.</summary>
public class ViaViewTests
{
    [TestCase("SIP/2.0/UDP host", "UDP", "host", 0)]
    [TestCase("SIP/2.0/UDP host:5062;branch=x", "UDP", "host", 5062)]
    [TestCase("SIP  / 2.0  / TCP     host : 5070  ;branch = x", "TCP", "host", 5070)]
    [TestCase("sip/2.0/tls [2001:db8::1]:5061", "tls", "2001:db8::1", 5061)]
    [TestCase("SIP/2.0/WS x.invalid;rport", "WS", "x.invalid", 0)]
    public void Transport_and_sent_by_are_read(string text, string transport, string host, int port)
    {
        var via = Views.Via(Views.Bytes(text));
        Assert.That((Views.Text(via.Transport), Views.Text(via.Host), via.Port), Is.EqualTo((transport, host, port)));
    }

    [TestCase("")]
    [TestCase("SIP/2.0/UDP")]
    [TestCase("SIP/2.0/UDP ")]
    [TestCase("SIP/2.0 host")]
    [TestCase("HTTP/2.0/UDP host")]
    [TestCase("SIP/2.0/UDP host:port")]
    [TestCase("SIP/2.0/UDP host:65536")]
    [TestCase("SIP/2.0/UDP ho st")]
    [TestCase("SIP/2.0/UDP [2001:db8::1")]
    [TestCase("SIP/2.0/UDP [host]")]
    [TestCase("SIP/2.0/UDP host;;branch=x")]
    [TestCase("SIP/2.0/UDP host;branch=")]
    [TestCase("SIP/2.0/UDP host;branch=\"x")]
    [TestCase("SIP/2.0/UDP ;branch=x")]
    public void What_is_no_Via_is_refused(string text) =>
        Assert.That(ViaView.TryParse(Views.Bytes(text), out _), Is.False);

    [TestCase("", false, 0)]
    [TestCase(";rport", true, 0)]
    [TestCase(";RPORT=5071", true, 5071)]
    [TestCase(";rport=99999", true, 0)]
    [TestCase(";xrport=5071", false, 0)]
    public void Rport_is_a_flag_or_a_port(string parameters, bool has, int port)
    {
        var via = Views.Via(Views.Bytes("SIP/2.0/UDP host;branch=x" + parameters));
        Assert.That((via.HasRport, via.Rport), Is.EqualTo((has, port)));
    }

    [Test]
    public void Parameters_are_found_without_regard_to_case()
    {
        var via = Views.Via("SIP/2.0/UDP host;Received=192.0.2.9; BRANCH = z9hG4bKx ;ttl=1"u8);
        Assert.That((Views.Text(via.Branch), Views.Text(via.Received)), Is.EqualTo(("z9hG4bKx", "192.0.2.9")));
    }

    [Test]
    public void Top_Via_is_the_first_value_of_the_first_field()
    {
        using var message = Parsed.Request("Via: SIP/2.0/UDP one;branch=1, SIP/2.0/TCP two;branch=2", "v: SIP/2.0/TCP three;branch=3");
        Assert.That((Views.Text(message.TopVia.Host), Views.Text(message.TopViaBranch)), Is.EqualTo(("one", "1")));
    }
}
