using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Tests.Parsing;

namespace Atm0s.Sip.Core.Tests.Messages.Fields;

[TestFixture]
[Property("rfc", "3326-2")]
internal sealed class ReasonFieldTests
{
    [TestCase("SIP ;cause=200 ;text=\"Call completed elsewhere\"", "SIP", "200/Call completed elsewhere")]
    [TestCase("Q.850;cause=16;text=\"a, b; c\", SIP;cause=600", "SIP", "600/")]
    [TestCase("Q.850;cause=16;text=\"a, b; c\", SIP;cause=600", "q.850", "16/a, b; c")]
    [TestCase("sip", "SIP", "/")]
    [TestCase(";cause=1, SIP;cause=580", "SIP", "580/")]
    [TestCase("SIP;cause=x", "SIP", "/")]
    [TestCase("Q.850;cause=16", "SIP", null)]
    public void Value_FoundByItsProtocol(string value, string protocol, string? expected)
    {
        using var message = Parsed.Request("Reason: " + value);

        Assert.That(
            ReasonView.TryFind(message, Views.Bytes(protocol), out var field) ? $"{field.Cause}/{Views.Text(field.Text)}" : null,
            Is.EqualTo(expected));
    }

    [TestCase(200, "Call completed elsewhere", "SIP;cause=200;text=\"Call completed elsewhere\"")]
    [TestCase(600, null, "SIP;cause=600")]
    [TestCase(600, "\"a\" \\", "SIP;cause=600;text=\"\\\"a\\\" \\\\\"")]
    public void Value_Written(int cause, string? text, string expected) =>
        Assert.That(ReasonView.Format("SIP", cause, text), Is.EqualTo(expected));

    [Test]
    public void Text_WithLineBreak_Throws() => Assert.That(() => ReasonView.Format("SIP", 200, "a\r\nVia: x"), Throws.ArgumentException);
}
