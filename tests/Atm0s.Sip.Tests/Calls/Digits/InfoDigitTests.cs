using System.Text;
using Atm0s.Sip.Calls.Digits;

namespace Atm0s.Sip.Tests.Calls.Digits;

/// <summary>Keys in the bodies that phones send.</summary>
public sealed class InfoDigitTests
{
    [TestCase("Signal=5\r\nDuration=160\r\n", '5', 160)]
    [TestCase("Signal=5\r\nDuration=160", '5', 160)]
    [TestCase("Signal= 5\nDuration= 250\n", '5', 250)]
    [TestCase("Duration=80\r\nSignal=#\r\n", '#', 80)]
    [TestCase("signal=*\r\nDURATION=100", '*', 100)]
    [TestCase("Signal=d\r\n", 'D', 100)]
    [TestCase("Signal=10\r\nDuration=160", '*', 160)]
    [TestCase("Signal=11\r\nDuration=160", '#', 160)]
    [TestCase("Signal=15\r\nDuration=160", 'D', 160)]
    [TestCase("Signal=16\r\nDuration=160", '\0', 160)]
    [TestCase("Signal=!\r\n", '\0', 100)]
    [TestCase("Signal=0\r\nDuration=0\r\nx=y", '0', 100)]
    [TestCase("Signal=0\r\nDuration=-5", '0', 100)]
    [TestCase("Signal=0\r\nDuration=99999999", '0', 30_000)]
    [TestCase("Signal=0\r\nDuration=999999999999", '0', 100)]
    [TestCase("7", '7', 100)]
    [TestCase(" 9 \r\n", '9', 100)]
    [TestCase("11", '#', 100)]
    [TestCase("Signal=1\r\nSignal=2", '1', 100)]
    public void Read(string body, char digit, int milliseconds) =>
        Assert.That(
            InfoDigit.Read(Encoding.ASCII.GetBytes(body)), Is.EqualTo(new InfoDigit(digit, TimeSpan.FromMilliseconds(milliseconds))));

    [TestCase("")]
    [TestCase("\r\n\r\n")]
    [TestCase("Signal=")]
    [TestCase("Signal=55x")]
    [TestCase("Signal=17")]
    [TestCase("Signal=E")]
    [TestCase("Signal=300")]
    [TestCase("Duration=100")]
    [TestCase("é")]
    public void Read_NoKey_IsNull(string body) => Assert.That(InfoDigit.Read(Encoding.UTF8.GetBytes(body)), Is.Null);

    [Test]
    public void Read_TooLong_IsNull() =>
        Assert.That(InfoDigit.Read(Encoding.ASCII.GetBytes("Signal=5\r\n" + new string('x', 300))), Is.Null);

    [Test]
    public void Read_Anything_NeverThrows()
    {
        var random = new Random(7);
        var body = new byte[64];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(body);
            for (var j = 0; j < body.Length; j += 3)
                body[j] = (byte)"Signal=Duration\r\n0123*#"[random.Next(23)];
            InfoDigit.Read(body.AsSpan(0, random.Next(64)));
        }
    }

    [TestCase("application/dtmf-relay", true)]
    [TestCase("APPLICATION/DTMF-Relay;charset=x", true)]
    [TestCase("application/dtmf", true)]
    [TestCase("application/sdp", false)]
    [TestCase("application/dtmf-relays", false)]
    [TestCase("", false)]
    public void IsKnown(string type, bool expected) => Assert.That(InfoDigit.IsKnown(Encoding.ASCII.GetBytes(type)), Is.EqualTo(expected));

    [Test]
    public void ToBody_IsReadBack([Values('0', '9', '*', '#', 'A', 'd')] char digit) =>
        Assert.That(
            InfoDigit.Read(InfoDigit.ToBody(digit, TimeSpan.FromMilliseconds(120))),
            Is.EqualTo(new InfoDigit(char.ToUpperInvariant(digit), TimeSpan.FromMilliseconds(120))));
}
