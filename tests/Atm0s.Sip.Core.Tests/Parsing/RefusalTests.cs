using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;

namespace Atm0s.Sip.Core.Tests.Parsing;

/// <summary>Each way to be refused, by a message that is wrong in one thing.</summary>
public class RefusalTests
{
    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Case(SipRefusal.Empty, "\r\n\r\n", "drop");
        yield return Case(SipRefusal.Binary, "\u0001\u0002\u0003", "drop");
        yield return Case(SipRefusal.BadStartLine, "HELLO\r\n\r\n", "drop");
        yield return Case(SipRefusal.BadStartLine, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", "drop");
        yield return Case(SipRefusal.BadVersion, Parsed.Text().Replace("SIP/2.0\r\n", "SIP/3.0\r\n", StringComparison.Ordinal), "505");
        yield return Case(
            SipRefusal.BadRequestUri, Parsed.Text().Replace("sip:bob@example.com SIP", "bob SIP", StringComparison.Ordinal), "400");
        yield return Case(
            SipRefusal.UriTooLong, Parsed.Text().Replace("sip:bob", "sip:" + new string('b', 3000), StringComparison.Ordinal), "414");
        yield return Case(SipRefusal.BadStatusCode, "SIP/2.0 99 X\r\n\r\n", "drop");
        yield return Case(SipRefusal.BadStatusCode, "SIP/2.0 700 X\r\n\r\n", "drop");
        yield return Case(SipRefusal.BadStatusCode, "SIP/2.0 2000 X\r\n\r\n", "drop");
        yield return Case(SipRefusal.BadStatusCode, "SIP/2.1 200 X\r\n\r\n", "drop");
        yield return Case(SipRefusal.BadLineEnd, Parsed.Text(Parsed.Via, "X: a\nb"), "400");
        yield return Case(SipRefusal.BadLineEnd, Parsed.Text(Parsed.Via, "X: a\rb"), "400");
        yield return Case(SipRefusal.MissingBlankLine, Parsed.Text()[..^2], "400");
        yield return Case(SipRefusal.BadHeaderName, Parsed.Text("Bad Name: x"), "400");
        yield return Case(SipRefusal.BadHeaderName, Parsed.Text("nocolon"), "400");
        yield return Case(SipRefusal.BadHeaderName, Parsed.Text(": x"), "400");
        yield return Case(SipRefusal.ControlCharacter, Parsed.Text(Parsed.Via, "X: a\u0000b"), "400");
        yield return Case(SipRefusal.ControlCharacter, Parsed.Text(Parsed.Via, "X: \"a\u0007b\""), "400");
        yield return Case(SipRefusal.ControlCharacter, Parsed.Text(Parsed.Via, "X: \"a\\\\\u0007b\""), "400");
        yield return Case(SipRefusal.ControlCharacter, Parsed.Text(Parsed.Via, "X: a\\\u0007b"), "400");
        yield return Case(SipRefusal.HeaderTooLong, Parsed.Text("X: " + new string('x', 8192)), "400");
        yield return Case(SipRefusal.TooManyHeaders, Parsed.Text([Parsed.Via, .. Enumerable.Repeat("X: y", 300)]), "400");
        yield return Case(SipRefusal.MissingVia, Without(Parsed.Via), "drop");
        yield return Case(SipRefusal.BadVia, Parsed.Text("Via: SIP/2.0/UDP"), "drop");
        yield return Case(SipRefusal.BadVia, Parsed.Text("Via: SIP/2.0/UDP host;;"), "400");
        yield return Case(SipRefusal.MissingFrom, Without(Parsed.From), "400");
        yield return Case(SipRefusal.BadFrom, Parsed.Text("From: bob"), "400");
        yield return Case(SipRefusal.BadFrom, Parsed.Text("From: <sip:a@h>, <sip:b@h>"), "400");
        yield return Case(SipRefusal.MissingTo, Without(Parsed.To), "400");
        yield return Case(SipRefusal.BadTo, Parsed.Text("To: \"x <sip:a@h>"), "400");
        yield return Case(SipRefusal.MissingCallId, Without(Parsed.CallId), "400");
        yield return Case(SipRefusal.BadCallId, Parsed.Text("Call-ID: a b"), "400");
        yield return Case(SipRefusal.BadCallId, Parsed.Text("Call-ID:"), "400");
        yield return Case(SipRefusal.MissingCSeq, Without(Parsed.CSeq), "400");
        yield return Case(SipRefusal.BadCSeq, Parsed.Text("CSeq: 4294967296 OPTIONS"), "400");
        yield return Case(SipRefusal.BadCSeq, Parsed.Text("CSeq: OPTIONS"), "400");
        yield return Case(SipRefusal.BadCSeq, Parsed.Text("CSeq: 1 "), "400");
        yield return Case(SipRefusal.CSeqMismatch, Parsed.Text("CSeq: 1 options"), "400");
        yield return Case(SipRefusal.DuplicateHeader, Parsed.Text("To: sip:a@h", "t: sip:b@h"), "400");
        yield return Case(SipRefusal.BadContact, Parsed.Text("Contact: <sip:a@h>, b"), "400");
        yield return Case(SipRefusal.BadMaxForwards, Parsed.Text("Max-Forwards: 256"), "400");
        yield return Case(SipRefusal.BadContentLength, Parsed.Text("Content-Length: -1"), "400");
        yield return Case(SipRefusal.BadContentLength, Parsed.Text("Content-Length: 0, 0"), "400");
        yield return Case(SipRefusal.BadContentLength, Parsed.Text("Content-Length:"), "400");
        yield return Case(SipRefusal.BadContentLength, Parsed.Text("Content-Length: ,"), "400");
        yield return Case(SipRefusal.ContentLengthConflict, Parsed.Text("Content-Length: 0", "l: 1") + "x", "400");
        yield return Case(SipRefusal.BodyTruncated, Parsed.Text("Content-Length: 3") + "hi", "400");
    }

    [TestCaseSource(nameof(Cases))]
    public void Message_is_refused_by_name(string text, SipRefusal refusal, string outcome)
    {
        var actual = Outcome.Of(Views.Bytes(text), out var why);
        Assert.That((actual, why), Is.EqualTo((outcome, refusal)));
    }

    // RFC 3261 §8.2.2, §20.19, §10.2.1.1: RFC 2543 had dates there.
    [TestCase("OPTIONS", "Expires: Thu, 01 Dec 1994 16:00:00 GMT")]
    [TestCase("REGISTER", "Expires: soon")]
    [TestCase("REGISTER", "Expires:")]
    [TestCase("INVITE", "Expires: 99999999999")]
    [TestCase("INVITE", "Min-Expires: -1")]
    [TestCase("BYE", "Contact: Bob, Jr <sip:bob@10.0.0.2>")]
    [TestCase("ACK", "Contact: <sip:bob@10.0.0.2>;expires=")]
    [TestCase("CANCEL", "Contact: x")]
    [TestCase("INFO", "Contact:")]
    [TestCase("PRACK", "Contact: \"Bob\" sip:bob@10.0.0.2")]
    public void Field_that_is_not_needed_may_be_malformed(string method, string field)
    {
        var text = Parsed.Text(field).Replace("OPTIONS", method, StringComparison.Ordinal);
        Assert.That(Outcome.Of(Views.Bytes(text), out var why), Is.EqualTo("accept"), $"{why}");
    }

    [Test]
    public void Content_Length_is_required_on_a_stream()
    {
        Assert.That(Outcome.Of(Views.Bytes(Parsed.Text()), out var why, isStream: true), Is.EqualTo("400"));
        Assert.That(why, Is.EqualTo(SipRefusal.MissingContentLength));
        Assert.That(Outcome.Of(Views.Bytes(Parsed.Text("Content-Length: 0")), out _, isStream: true), Is.EqualTo("accept"));
    }

    [Test]
    public void Message_over_the_limit_is_not_even_copied()
    {
        var limits = new SipLimits { MaxMessageSize = 1024 };
        var bytes = Views.Bytes(Parsed.Text("Subject: " + new string('x', 1024)));
        Assert.That(SipParser.TryParse(bytes, limits, isStream: false, out _, out var refusal), Is.False);
        Assert.That(refusal, Is.EqualTo(SipRefusal.TooLarge));
    }

    [Test]
    public void Bad_ACK_is_never_answered() =>
        Assert.That(Outcome.Of(Views.Bytes(Parsed.Text("CSeq: x ACK").Replace("OPTIONS", "ACK", StringComparison.Ordinal)), out _),
            Is.EqualTo("drop"));

    [Test]
    public void Bad_response_is_never_answered()
    {
        var text = "SIP/2.0 200 OK" + Parsed.Text("To: bob")[Parsed.Text().IndexOf("\r\n", StringComparison.Ordinal)..];
        Assert.That(Outcome.Of(Views.Bytes(text), out var why), Is.EqualTo("drop"));
        Assert.That(why, Is.EqualTo(SipRefusal.BadTo));
    }

    [Test]
    public void Every_refusal_but_the_stream_ones_is_met_here()
    {
        var met = Cases().Select(c => (SipRefusal)c.Arguments[1]!).ToHashSet();
        SipRefusal[] elsewhere = [SipRefusal.None, SipRefusal.MissingContentLength, SipRefusal.TooLarge];
        Assert.That(Enum.GetValues<SipRefusal>().Except(met), Is.EquivalentTo(elsewhere));
    }

    [Test]
    public void Every_refusal_has_a_status_and_a_tag_of_its_own()
    {
        var all = Enum.GetValues<SipRefusal>();
        Assert.That(all.Select(r => r.ToTag()).Distinct().Count(), Is.EqualTo(all.Length));
        Assert.That(SipRefusal.BadVia.ToTag(), Is.EqualTo("bad-via"));
        Assert.That(all.Select(r => r.ToStatusCode()).Distinct(), Is.SubsetOf(new[] { 0, 400, 414, 505, 513 }));
    }

    private static string Without(string field) => Parsed.Text().Replace(field + "\r\n", "", StringComparison.Ordinal);

    private static TestCaseData Case(SipRefusal refusal, string text, string outcome) =>
        new TestCaseData(text, refusal, outcome)
            .SetName(
            $"{refusal}: {new string([.. text.Where(c => c is > ' ' and < '\x7f')])[..Math.Min(8, text.Count(c => c is > ' ' and < '\x7f'))]} {text.Length} {outcome}");
}
