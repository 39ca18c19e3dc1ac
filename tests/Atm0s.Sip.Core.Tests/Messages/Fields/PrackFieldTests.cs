using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Tests.Parsing;
using Atm0s.Sip.Core.Tests.Transactions;

namespace Atm0s.Sip.Core.Tests.Messages.Fields;

[TestFixture]
[Property("rfc", "3262-7")]
internal sealed class PrackFieldTests
{
    [TestCase("988789", 988789u)]
    [TestCase("4294967295", uint.MaxValue)]
    [TestCase("4294967296", 0u)]
    [TestCase("0", 0u)]
    [TestCase("1 2", 0u)]
    [TestCase("", 0u)]
    [Property("rfc", "3262-7.1")]
    public void RSeq_1To2Pow32Minus1(string value, uint expected) =>
        Assert.That(RSeq.TryParse(Views.Bytes(value), out var number) ? number : 0, Is.EqualTo(expected));

    [TestCase("776656 1 INVITE", "776656/1/INVITE")]
    [TestCase("  1\t2   INVITE ", "1/2/INVITE")]
    [TestCase("1 0 invite", "1/0/invite")]
    [TestCase("0 1 INVITE", null)]
    [TestCase("1 1", null)]
    [TestCase("1 1 IN VITE", null)]
    [TestCase("1 x INVITE", null)]
    [TestCase("", null)]
    [Property("rfc", "3262-7.2")]
    public void RAck_Read(string value, string? expected) =>
        Assert.That(
            RAckView.TryParse(Views.Bytes(value), out var field) ? $"{field.RSeq}/{field.CSeq}/{Views.Text(field.Method)}" : null,
            Is.EqualTo(expected));

    [Test]
    [Property("rfc", "3262-7.2")]
    public void RAck_CopiesTheCSeqOfTheResponse()
    {
        using var response = Msg.Response(183, cseq: 42);

        Assert.That(RAckView.Format(7, response), Is.EqualTo("7 42 INVITE"));
    }

    [TestCase("INVITE, ACK, PRACK", true)]
    [TestCase("INVITE, prack", false)]
    [TestCase("", false)]
    [Property("rfc", "3261-20.5")]
    public void Allow_ComparedWithCase(string value, bool expected)
    {
        using var message = Parsed.Request("Allow: " + value);

        Assert.That(message.Allows(Core.Messages.SipMethod.Prack), Is.EqualTo(expected));
    }

    [Test]
    [Property("rfc", "3261-20.5")]
    public void Allow_Absent_SaysNothing()
    {
        using var message = Parsed.Request();

        Assert.That(message.Allows(Core.Messages.SipMethod.Prack), Is.Null);
    }

    [TestCase("Supported: timer", true, false)]
    [TestCase("Require: TIMER", true, true)]
    [TestCase("k: 100rel", false, false)]
    public void OptionTag_OfSupportedAndRequire(string header, bool isSupported, bool isRequired)
    {
        using var message = Parsed.Request(header);

        Assert.That(
            (message.Supports(OptionTags.Timer), message.Requires(OptionTags.Timer)), Is.EqualTo((isSupported, isRequired)));
    }
}
