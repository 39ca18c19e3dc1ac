using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Tests.Transport;

[TestFixture]
public class SipListenerOptionsTests
{
    [TestCase("udp://0.0.0.0:5060", "udp://0.0.0.0:5060")]
    [TestCase("TCP://192.0.2.1:5070", "tcp://192.0.2.1:5070")]
    [TestCase("udp://192.0.2.1", "udp://192.0.2.1:5060")]
    [TestCase("tcp://[::1]:0", "tcp://[::1]:0")]
    [TestCase("tcp://[::1]", "tcp://[::1]:5060")]
    [TestCase("udp://::1", "udp://[::1]:5060")]
    public void Parse(string uri, string expected) => Assert.That(SipListenerOptions.Parse(uri).ToString(), Is.EqualTo(expected));

    [TestCase("")]
    [TestCase("0.0.0.0:5060")]
    [TestCase("sctp://0.0.0.0:5061")]
    [TestCase("udp://example.org")]
    [TestCase("udp://0.0.0.0:65536")]
    [TestCase("udp://")]
    public void Parse_Nonsense_SaysWhatIsWrong(string uri) =>
        Assert.That(() => SipListenerOptions.Parse(uri), Throws.TypeOf<FormatException>());
}
