using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Tests.Parsing;

namespace Atm0s.Sip.Core.Tests.Messages.Fields;

[TestFixture]
[Property("rfc", "3515-2.1")]
internal sealed class ReferFieldTests
{
    private const string Escaped = "12345%40192.168.118.3%3Bto-tag%3D12345%3Bfrom-tag%3D5FFE-3994";

    [TestCase("sip:alice@atlanta.example.com", "sip:alice@atlanta.example.com", "INVITE")]
    [TestCase("\"Bob, the\" <sip:bob@biloxi.example;user=phone>;x=y", "sip:bob@biloxi.example;user=phone", "INVITE")]
    [TestCase("<sip:carol@cleveland.example.org;method=SUBSCRIBE>", "sip:carol@cleveland.example.org", "SUBSCRIBE")]
    [TestCase("<sip:a;b@h:5070;method=INVITE;transport=tcp;lr?Subject=x>", "sip:a;b@h:5070;transport=tcp;lr", "INVITE")]
    [TestCase("<sip:dave@denver.example.org?Replaces=" + Escaped + ">", "sip:dave@denver.example.org", "INVITE")]
    [TestCase("sip:dave@denver.example.org?Replaces=" + Escaped, "sip:dave@denver.example.org", "INVITE")]
    [TestCase("<tel:+15551234>", "tel:+15551234", "INVITE")]
    [TestCase("<http://www.ietf.org>", "http://www.ietf.org", "INVITE")]
    [TestCase("<sip:a@b>, <sip:c@d>", null, null)]
    [TestCase("<sip:a@b", null, null)]
    [TestCase("nobody", null, null)]
    [TestCase("", null, null)]
    public void ReferTo_Read(string value, string? uri, string? method)
    {
        var isRead = ReferToView.TryParse(Views.Bytes(value), out var field);

        Assert.That(isRead, Is.EqualTo(uri is not null));
        if (isRead)
            Assert.That((Views.Text(field.ToRequestUri()), Views.Text(field.Method)), Is.EqualTo((uri, method)));
    }

    [TestCase("<sip:dave@d?Replaces=" + Escaped + ">", "12345@192.168.118.3;to-tag=12345;from-tag=5FFE-3994")]
    [TestCase("<sip:dave@d?Subject=x&replaces=a%3bto-tag%3d1%3bfrom-tag%3d2%3bearly-only>", "a;to-tag=1;from-tag=2;early-only")]
    [TestCase("<sip:dave@d?Replaces=a;to-tag=1;from-tag=2>", "a;to-tag=1;from-tag=2")]
    [Property("rfc", "3891-4")]
    public void ReferTo_EmbeddedReplaces(string value, string expected)
    {
        Assert.That(ReferToView.TryParse(Views.Bytes(value), out var field), Is.True);
        Assert.That(field.ReadReplaces(out var replaces), Is.EqualTo(FieldReading.Ok));
        Assert.That(replaces!.ToString(), Is.EqualTo(expected));
    }

    [TestCase("<sip:dave@d?Subject=x>", FieldReading.Absent)]
    [TestCase("<sip:dave@d>", FieldReading.Absent)]
    [TestCase("<sip:dave@d?Replaces=a>", FieldReading.Malformed)]
    [TestCase("<sip:dave@d?Replaces=a%3bto-tag%3d1%0d%0aVia:x%3bfrom-tag%3d2>", FieldReading.Malformed)]
    public void ReferTo_WithoutUsableReplaces(string value, FieldReading expected)
    {
        Assert.That(ReferToView.TryParse(Views.Bytes(value), out var field), Is.True);
        Assert.That(field.ReadReplaces(out var replaces), Is.EqualTo(expected));
        Assert.That(replaces, Is.Null);
    }

    [TestCase("Refer-To: <sip:a@b>", FieldReading.Ok)]
    [TestCase("r: <sip:a@b>", FieldReading.Ok)]
    [TestCase("Refer-To: <sip:a@b>\r\nRefer-To: <sip:c@d>", FieldReading.Malformed)]
    [TestCase("Refer-To: <>", FieldReading.Malformed)]
    [TestCase("Subject: none", FieldReading.Absent)]
    [Property("rfc", "3515-2.4.1")]
    public void ReferTo_ExactlyOne(string headers, FieldReading expected)
    {
        using var message = Parsed.Request(headers);

        Assert.That(ReferToView.Read(message, out _), Is.EqualTo(expected));
    }

    [Test]
    public void ReferTo_WrittenAndReadAgain()
    {
        var replaces = new Replaces("a%b@[::1]", "t-1", "f~2", IsEarlyOnly: true);
        var value = ReferToView.Format("sip:carol@cleveland.example", replaces);

        Assert.That(ReferToView.TryParse(Views.Bytes(value), out var field), Is.True);
        field.ReadReplaces(out var read);
        Assert.That(read, Is.EqualTo(replaces));
        Assert.That(ReferToView.Format("sip:carol@cleveland.example"), Is.EqualTo("<sip:carol@cleveland.example>"));
    }

    [TestCase("\"A\" <sip:a@b>;cid=\"2UWQFN309shb3@referrer.example\"", "sip:a@b", "2UWQFN309shb3@referrer.example")]
    [TestCase("sip:a@b", "sip:a@b", "")]
    [TestCase("<sip:a@b>, <sip:c@d>", null, null)]
    [TestCase("a@b", null, null)]
    [Property("rfc", "3892-3")]
    public void ReferredBy_Read(string value, string? uri, string? cid)
    {
        using var message = Parsed.Request("b: " + value);
        var isRead = ReferredByView.TryRead(message, out var field);

        Assert.That(isRead, Is.EqualTo(uri is not null));
        if (isRead)
            Assert.That((Views.Text(field.Referrer.Uri), Views.Text(field.ContentId)), Is.EqualTo((uri, cid)));
    }

    [TestCase("Replaces", true)]
    [TestCase("Subject", true)]
    [TestCase("X-Ticket", true)]
    [TestCase("Call-ID", false)]
    [TestCase("i", false)]
    [TestCase("From", false)]
    [TestCase("CSeq", false)]
    [TestCase("v", false)]
    [TestCase("Record-Route", false)]
    [TestCase("Route", false)]
    [TestCase("Contact", false)]
    [TestCase("Supported", false)]
    [TestCase("User-Agent", false)]
    [TestCase("Authorization", false)]
    [TestCase("P-Asserted-Identity", false)]
    [TestCase("Content-Type", false)]
    [TestCase("body", false)]
    [TestCase("X Y", false)]
    [Property("rfc", "3261-19.1.5")]
    public void UriHeader_HonoredOnlyWhenHarmless(string name, bool expected) =>
        Assert.That(UriHeaders.MayHonor(Views.Bytes(name)), Is.EqualTo(expected));

    [Test]
    [Property("rfc", "3261-19.1.1")]
    public void UriHeaders_OneAfterTheOther()
    {
        var rest = "a=1&&=x&b&c=%zz&d="u8;
        var found = new List<string>();
        while (UriHeaders.TryNext(ref rest, out var name, out var value))
            found.Add($"{Views.Text(name)}={Views.Text(UriHeaders.Unescape(value))}");

        Assert.That(found, Is.EqualTo(new[] { "a=1", "c=%zz", "d=" }));
    }
}
