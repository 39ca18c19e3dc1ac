using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Tests.Parsing;

namespace Atm0s.Sip.Core.Tests.Messages.Fields;

[TestFixture]
[Property("rfc", "4028-4")]
internal sealed class TimerFieldTests
{
    [TestCase("1800", "1800")]
    [TestCase("1800;refresher=uac", "1800;refresher=uac")]
    [TestCase(" 90 ; foo=bar ; Refresher = UAS ", "90;refresher=uas")]
    [TestCase("1800;refresher=proxy", "1800")]
    [TestCase("4294967295", "4294967295")]
    [TestCase("4294967296", null)]
    [TestCase("-1", null)]
    [TestCase("", null)]
    [TestCase(";refresher=uac", null)]
    [TestCase("1800 refresher=uac", null)]
    [TestCase("1800;refresher=\"uac", null)]
    public void SessionExpires_ReadAndWritten(string value, string? expected)
    {
        var isRead = SessionExpires.TryParse(Views.Bytes(value), out var field);

        Assert.That(isRead ? field.ToString() : null, Is.EqualTo(expected));
    }

    [TestCase("600", 600u)]
    [TestCase("1", 90u)]
    [TestCase("600;x=y", 600u)]
    [TestCase("abc", null)]
    [Property("rfc", "4028-5")]
    public void MinSe_NeverBelow90(string value, uint? expected)
    {
        using var message = Parsed.Request("Min-SE: " + value);

        Assert.That(MinSe.Read(message), Is.EqualTo(expected));
    }

    [Test]
    public void Absent_NotRead()
    {
        using var message = Parsed.Request();

        Assert.That(MinSe.Read(message), Is.Null);
        Assert.That(SessionExpires.TryRead(message, out _), Is.False);
    }

    [TestCase("120", "120/")]
    [TestCase("18000;duration=3600", "18000/3600")]
    [TestCase("120 (I'm in a meeting)", "120/")]
    [TestCase("120 (a (nested\\) ) one) ;duration=60", "120/60")]
    [TestCase("120 (open", null)]
    [TestCase("soon", null)]
    [TestCase("99999999999", null)]
    [Property("rfc", "3261-20.33")]
    public void RetryAfter_ReadWithItsComment(string value, string? expected) =>
        Assert.That(
            RetryAfter.TryParse(Views.Bytes(value), out var field) ? $"{field.Seconds}/{field.Duration}" : null, Is.EqualTo(expected));
}
