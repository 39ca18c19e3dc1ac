using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Tests.Parsing;

namespace Atm0s.Sip.Core.Tests.Messages;

/// <summary>The examples of RFC 3261 §19.1.4, and its rules one by one.</summary>
public class SipUriComparisonTests
{
    [TestCase("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp")]
    [TestCase("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5")]
    [TestCase("sip:carol@chicago.com", "sip:carol@chicago.com;security=on")]
    [TestCase("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
        "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com")]
    [TestCase("sip:alice@atlanta.com?subject=project%20x&priority=urgent", "sip:alice@atlanta.com?priority=urgent&subject=project%20x")]
    [TestCase("sip:a%3bb@h", "sip:a%3Bb@h")]
    [TestCase("SIP:a@h", "sip:a@h")]
    public void Equivalent(string left, string right)
    {
        var (a, b) = (SipUri.Parse(left), SipUri.Parse(right));
        Assert.That(a.Equals(b), Is.True);
        Assert.That(b.Equals(a), Is.True);
        Assert.That(a.GetHashCode(), Is.EqualTo(b.GetHashCode()));
    }

    [TestCase("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP")]
    [TestCase("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060")]
    [TestCase("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp")]
    [TestCase("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp")]
    [TestCase("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting")]
    [TestCase("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4")]
    [TestCase("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off")]
    [TestCase("sip:a@h", "sips:a@h")]
    [TestCase("sip:a@h", "sip:h")]
    [TestCase("sip:a@h", "sip:a:p@h")]
    [TestCase("sip:a@h", "sip:a@h;maddr=192.0.2.1")]
    [TestCase("sip:a@h", "sip:a@h;ttl=1")]
    [TestCase("sip:a@h", "sip:a@h;user=ip")]
    [TestCase("sip:a@h", "sip:a@h;method=INVITE")]
    [TestCase("sip:a;b@h", "sip:a%3Bb@h")]
    [TestCase("sip:h?a=1&b=2", "sip:h?a=1&b=3")]
    [TestCase("sip:h?a=1", "sip:h?a=1&a=1")]
    [TestCase("sip:h?a=1%26b=2", "sip:h?a=1&b=2")]
    public void Different(string left, string right)
    {
        Assert.That(SipUri.Parse(left), Is.Not.EqualTo(SipUri.Parse(right)));
        Assert.That(SipUri.Parse(right), Is.Not.EqualTo(SipUri.Parse(left)));
    }

    [TestCase("tel:+1201", "tel:+1201", true)]
    [TestCase("TEL:+1201", "tel:+1201", true)]
    [TestCase("tel:+1201", "tel:+1202", false)]
    [TestCase("im:a@h", "pres:a@h", false)]
    [TestCase("im:a@h", "IM:a@h", true)]
    public void Other_schemes_are_compared_with_their_name(string left, string right, bool same) =>
        Assert.That(SipUriView.AreEquivalent(Views.Uri(Views.Bytes(left)), Views.Uri(Views.Bytes(right))), Is.EqualTo(same));

    [Test]
    public void Comparison_of_many_parameters_is_bounded()
    {
        var many = "sip:h" + string.Concat(Enumerable.Range(0, 2000).Select(i => $";p{i}"));
        Assert.That(SipUri.Parse(many), Is.EqualTo(SipUri.Parse(many.Replace("sip:h", "sip:H", StringComparison.Ordinal))));
        Assert.That(SipUri.Parse(many), Is.Not.EqualTo(SipUri.Parse(many + ";x")));
    }
}
