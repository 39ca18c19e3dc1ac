using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Tests.Parsing;
using Atm0s.Sip.Core.Tests.Transactions;

namespace Atm0s.Sip.Core.Tests.Messages.Fields;

[TestFixture]
[Property("rfc", "3891-6.1")]
internal sealed class ReplacesFieldTests
{
    [TestCase("98732@sip.example.com ;from-tag=r33th4x0r ;to-tag=ff87ff", "98732@sip.example.com;to-tag=ff87ff;from-tag=r33th4x0r")]
    [TestCase("12adf2f34456gs5;to-tag=12345;from-tag=54321;early-only", "12adf2f34456gs5;to-tag=12345;from-tag=54321;early-only")]
    [TestCase("a;To-Tag=1;FROM-TAG=0;x=y", "a;to-tag=1;from-tag=0")]
    [TestCase("a;to-tag=1", null)]
    [TestCase("a;from-tag=1", null)]
    [TestCase("a;to-tag=1;to-tag=2;from-tag=3", null)]
    [TestCase("a;to-tag=1;from-tag=2;from-tag=2", null)]
    [TestCase("a;to-tag=;from-tag=2", null)]
    [TestCase(";to-tag=1;from-tag=2", null)]
    [TestCase("a b;to-tag=1;from-tag=2", null)]
    public void Value_OneOfEachTag(string value, string? expected) =>
        Assert.That(Replaces.TryParse(Views.Bytes(value), out var field) ? field!.ToString() : null, Is.EqualTo(expected));

    [TestCase("INVITE", "Replaces: a;to-tag=1;from-tag=2", FieldReading.Ok)]
    [TestCase("INVITE", "Subject: none", FieldReading.Absent)]
    [TestCase("INVITE", "Replaces: a;to-tag=1", FieldReading.Malformed)]
    [TestCase("INVITE", "Replaces: a;to-tag=1;from-tag=2\nReplaces: b;to-tag=1;from-tag=2", FieldReading.Malformed)]
    [TestCase("INVITE", "Replaces: a;to-tag=1;from-tag=2, b;to-tag=1;from-tag=2", FieldReading.Malformed)]
    [TestCase("OPTIONS", "Replaces: a;to-tag=1;from-tag=2", FieldReading.Malformed)]
    [Property("rfc", "3891-3")]
    public void Request_OneInAnInvite(string method, string headers, FieldReading expected)
    {
        using var request = Msg.Request(method, extra: headers);

        Assert.That(Replaces.Read(request, out var field), Is.EqualTo(expected));
        Assert.That(field is not null, Is.EqualTo(expected == FieldReading.Ok));
    }

    [TestCase("a@b;local-tag=1;remote-tag=2", "a@b;local-tag=1;remote-tag=2")]
    [TestCase("a@b;remote-tag=2;local-tag=1;x", "a@b;local-tag=1;remote-tag=2")]
    [TestCase("a@b;remote-tag=2", null)]
    [TestCase("a@b;local-tag=1", null)]
    [TestCase("", null)]
    [Property("rfc", "4538-7")]
    public void TargetDialog_ReadAndWritten(string value, string? expected)
    {
        using var request = Parsed.Request("Target-Dialog: " + value);

        Assert.That(TargetDialog.Read(request)?.ToString(), Is.EqualTo(expected));
    }
}
