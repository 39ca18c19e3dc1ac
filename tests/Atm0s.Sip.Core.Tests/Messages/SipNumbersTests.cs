using System.Text;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Tests.Messages;

[TestFixture]
[Property("rfc", "3261 §19.1.6, 3966, 4694")]
public class SipNumbersTests
{
    [TestCase("sip:alice@h", "alice")]
    [TestCase("sip:h", "")]
    [TestCase("sip:+49-30-1@h", "+49-30-1")]
    [TestCase("sip:+49-30-1@h;user=phone", "+49301")]
    [TestCase("sip:+49-30-1@h;user=PHONE", "+49301")]
    [TestCase("sip:+49-30-1;npdi;rn=+1@h", "+49301")]
    [TestCase("sip:conf1;npdi;rn=+1@h;user=phone", "conf1")]
    [TestCase("sip:conf1;x@h", "conf1;x")]
    [TestCase("sip:1%3B2@h", "1;2")]
    [TestCase("sip:%2B49@h", "+49")]
    [TestCase("sip:;x@h", ";x")]
    [TestCase("tel:+1(201)555.0123;ext=5", "+12015550123")]
    [TestCase("tel:*21#", "*21#")]
    [TestCase("tel:%2B1", "+1")]
    [TestCase("tel:1-800-FLOWERS", "1-800-FLOWERS")]
    [TestCase("nonsense", "")]
    [TestCase("", "")]
    public void Of_IsTheNumberWithoutItsParameters(string uri, string number) =>
        Assert.That(SipNumbers.Of(Encoding.UTF8.GetBytes(uri)), Is.EqualTo(number));
}
