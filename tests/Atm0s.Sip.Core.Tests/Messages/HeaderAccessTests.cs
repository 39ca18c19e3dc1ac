using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Tests.Parsing;

namespace Atm0s.Sip.Core.Tests.Messages;

/// <summary>Header fields of a received message.</summary>
public class HeaderAccessTests
{
    [TestCase("v", SipHeaderId.Via)]
    [TestCase("F", SipHeaderId.From)]
    [TestCase("t", SipHeaderId.To)]
    [TestCase("i", SipHeaderId.CallId)]
    [TestCase("m", SipHeaderId.Contact)]
    [TestCase("c", SipHeaderId.ContentType)]
    [TestCase("l", SipHeaderId.ContentLength)]
    [TestCase("e", SipHeaderId.ContentEncoding)]
    [TestCase("k", SipHeaderId.Supported)]
    [TestCase("s", SipHeaderId.Subject)]
    [TestCase("x", SipHeaderId.SessionExpires)]
    [TestCase("r", SipHeaderId.ReferTo)]
    [TestCase("b", SipHeaderId.ReferredBy)]
    [TestCase("o", SipHeaderId.Event)]
    [TestCase("u", SipHeaderId.AllowEvents)]
    [TestCase("y", SipHeaderId.Identity)]
    [TestCase("z", SipHeaderId.Other)]
    [TestCase("", SipHeaderId.Other)]
    [TestCase("CALL-id", SipHeaderId.CallId)]
    [TestCase("wWw-aUTHENTICATE", SipHeaderId.WwwAuthenticate)]
    [TestCase("Call-IDx", SipHeaderId.Other)]
    [TestCase("Call_ID", SipHeaderId.Other)]
    public void Name_or_compact_form_finds_its_id(string name, SipHeaderId id) =>
        Assert.That(SipHeaderNames.Find(Views.Bytes(name)), Is.EqualTo(id));

    [Test]
    public void Every_id_is_found_by_its_own_name()
    {
        foreach (var id in Enum.GetValues<SipHeaderId>().Where(id => id != SipHeaderId.Other))
            Assert.That(SipHeaderNames.Find(SipHeaderNames.GetName(id)), Is.EqualTo(id));
    }

    [Test]
    public void Message_of_compact_forms_is_read_like_one_of_full_names()
    {
        using var message = Parsed.Ok(Views.Bytes(
            "OPTIONS sip:b@h SIP/2.0\r\nv: SIP/2.0/UDP h;branch=z9hG4bK1\r\nf: sip:a@h;tag=1\r\nt: sip:b@h;tag=2\r\ni: x\r\nCSeq: 1 "
                + "OPTIONS\r\nl: 2\r\n\r\nhi"));
        Assert.Multiple(() =>
        {
            Assert.That(Views.Text(message.TopViaBranch), Is.EqualTo("z9hG4bK1"));
            Assert.That(Views.Text(message.FromTag), Is.EqualTo("1"));
            Assert.That(Views.Text(message.ToTag), Is.EqualTo("2"));
            Assert.That(Views.Text(message.CallId), Is.EqualTo("x"));
            Assert.That(Views.Text(message.Body), Is.EqualTo("hi"));
        });
    }

    [Test]
    public void Values_come_in_order_over_fields_and_commas()
    {
        using var message = Parsed.Request("Route: <sip:a,b@h;lr>,\"x, \\\" y\" <sip:c@h>", "X: y", "ROUTE:<sip:d@h> , ,<sip:e@h>");
        Assert.That(Values(message, SipHeaderId.Route),
            Is.EqualTo(new[] { "<sip:a,b@h;lr>", "\"x, \\\" y\" <sip:c@h>", "<sip:d@h>", "<sip:e@h>" }));
    }

    [Test]
    public void Missing_field_has_no_values()
    {
        using var message = Parsed.Request();
        Assert.That(Values(message, SipHeaderId.Route), Is.Empty);
        Assert.That(message.TryGetHeader(SipHeaderId.Route, out _), Is.False);
        Assert.That(message.TryGetHeader("X-None"u8, out _), Is.False);
    }

    [TestCase("100REL", true)]
    [TestCase("timer", true)]
    [TestCase("100", false)]
    public void Token_is_found_without_regard_to_case(string token, bool found)
    {
        using var message = Parsed.Request("Supported: 100rel", "k: replaces ,Timer");
        Assert.That(message.HasToken(SipHeaderId.Supported, Views.Bytes(token)), Is.EqualTo(found));
    }

    [Test]
    public void Field_without_id_is_found_by_name_without_regard_to_case()
    {
        using var message = Parsed.Request("X-Tenant: one", "x-tenant: two");
        Assert.That(message.TryGetHeader("X-TENANT"u8, out var value), Is.True);
        Assert.That(Views.Text(value), Is.EqualTo("one"));
    }

    [TestCase("Subject: one\r\n two", "one   two")]
    [TestCase("Subject:\r\n\tone", "one")]
    [TestCase("Subject: one\r\n \t \r\n two", "one   \t    two")]
    [TestCase("Subject \t:  one  ", "one")]
    [TestCase("Subject:", "")]
    [TestCase("Subject: a:b", "a:b")]
    [TestCase("Subject: \u0433\u0430", "\u0433\u0430")]
    public void Folding_and_white_space_leave_the_value(string field, string value)
    {
        using var message = Parsed.Request(field);
        Assert.That(message.TryGetHeader(SipHeaderId.Subject, out var subject), Is.True);
        Assert.That(Views.Text(subject), Is.EqualTo(value));
    }

    [Test]
    public void Index_outside_is_an_error()
    {
        using var message = Parsed.Request();
        Assert.That(message.HeaderCount, Is.EqualTo(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => message.GetHeader(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => message.GetHeader(-1));
    }

    private static List<string> Values(SipMessage message, SipHeaderId id)
    {
        var values = new List<string>();
        foreach (var value in message.GetValues(id))
            values.Add(Views.Text(value));
        return values;
    }
}
