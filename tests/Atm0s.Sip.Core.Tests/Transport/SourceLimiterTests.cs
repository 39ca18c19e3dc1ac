using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Tests.Transport;

[TestFixture]
[Property("threat", "S5")]
public class SourceLimiterTests
{
    [TestCase("192.0.2.1", "192.0.2.1", true)]
    [TestCase("192.0.2.1", "192.0.2.2", false)]
    [TestCase("192.0.2.1", "::ffff:192.0.2.1", true)]
    [TestCase("2001:db8::1", "2001:db8::ffff:1:2:3", true)]
    [TestCase("2001:db8::1", "2001:db8:0:1::1", false)]
    public void TryEnter_SecondOfASource(string first, string second, bool same)
    {
        var limiter = new SourceLimiter(10, 1);
        Assert.That(limiter.TryEnter(IPAddress.Parse(first)), Is.True);

        Assert.That(limiter.TryEnter(IPAddress.Parse(second)), Is.EqualTo(!same));
        limiter.Leave(IPAddress.Parse(first));
        Assert.That(limiter.TryEnter(IPAddress.Parse(first)), Is.True);
    }

    [Test]
    public void TryEnter_InAll()
    {
        var limiter = new SourceLimiter(2, 2);
        Assert.That(limiter.TryEnter(IPAddress.Parse("192.0.2.1")), Is.True);
        Assert.That(limiter.TryEnter(IPAddress.Parse("192.0.2.2")), Is.True);

        Assert.That(limiter.TryEnter(IPAddress.Parse("192.0.2.3")), Is.False);
        Assert.That(limiter.Count, Is.EqualTo(2));
        limiter.Leave(IPAddress.Parse("192.0.2.1"));
        Assert.That(limiter.TryEnter(IPAddress.Parse("192.0.2.3")), Is.True);
    }
}
