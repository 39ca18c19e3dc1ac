using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;

namespace Atm0s.Sip.Core.Tests.Parsing;

/// <summary>The worst that fits into a datagram costs no more than its size.</summary>
public class LimitTests
{
    private const int Size = 65_000;

    private static IEnumerable<TestCaseData> Worst()
    {
        yield return Case("folds", Fill("X: a", "\r\n "));
        yield return Case("escaped controls", Fill("X: \"", "\\\u0001"));
        yield return Case("open quotes", Fill("Contact: ", "\"<"));
        yield return Case("commas", Fill("Contact: ", ","));
        yield return Case("contacts", Fill("Contact: <sip:a@h>", ",<sip:a@h>"));
        yield return Case("parameters", Fill("Via: SIP/2.0/UDP h", ";a"));
        yield return Case("parameters and spaces", Fill("Via: SIP/2.0/UDP h", " ; a"));
        yield return Case("spaces", Fill("From: ", " "));
        yield return Case("angle brackets", Fill("To: ", "<"));
        yield return Case("backslashes", Fill("To: \"", "\\"));
        yield return Case("names without value", Fill("A:", "\r\nA:"));
        yield return Case("content lengths", Fill("l: 0", "\r\nl: 0"));
        yield return Case("blank lines", new string('\n', Size));
        yield return Case("one word", new string('A', Size));
        yield return Case("slashes", Fill("Via: SIP", " / "));
    }

    [TestCaseSource(nameof(Worst))]
    [CancelAfter(30_000)]
    public void Worst_message_is_read_three_hundred_times(byte[] bytes, CancellationToken cancel)
    {
        // At most a few milliseconds each; a reader that is quadratic in 65,000 bytes takes seconds, and would be cancelled.
        var limits = new SipLimits { MaxHeaderLength = 65_535, MaxHeaders = 4096, MaxUriLength = 8192 };
        for (var i = 0; i < 300; i++)
        {
            cancel.ThrowIfCancellationRequested();
            if (SipParser.TryParse(bytes, limits, isStream: false, out var message, out _))
                message.Dispose();
        }
    }

    [Test]
    public void Count_and_length_of_fields_are_bounded_by_the_limits()
    {
        var limits = new SipLimits { MaxHeaders = 16, MaxHeaderLength = 256, MaxUriLength = 64 };
        Assert.That(Refusal(Parsed.Text([.. Enumerable.Repeat("X: y", 11)]), limits), Is.EqualTo(SipRefusal.None));
        Assert.That(Refusal(Parsed.Text([.. Enumerable.Repeat("X: y", 12)]), limits), Is.EqualTo(SipRefusal.TooManyHeaders));
        Assert.That(Refusal(Parsed.Text("X: " + new string('y', 253)), limits), Is.EqualTo(SipRefusal.None));
        Assert.That(Refusal(Parsed.Text("X: " + new string('y', 254)), limits), Is.EqualTo(SipRefusal.HeaderTooLong));
        Assert.That(
            Refusal(Parsed.Text("X: y" + string.Concat(Enumerable.Repeat("\r\n z", 64))), limits), Is.EqualTo(SipRefusal.HeaderTooLong));
        Assert.That(Refusal(Parsed.Text().Replace("sip:bob@", "sip:" + new string('b', 64) + "@", StringComparison.Ordinal), limits),
            Is.EqualTo(SipRefusal.UriTooLong));
    }

    [TestCase(1023, 256, 8192, 2048)]
    [TestCase(65_536, 256, 8192, 2048)]
    [TestCase(65_535, 15, 8192, 2048)]
    [TestCase(65_535, 4097, 8192, 2048)]
    [TestCase(65_535, 256, 255, 2048)]
    [TestCase(65_535, 256, 65_536, 2048)]
    [TestCase(65_535, 256, 8192, 63)]
    [TestCase(65_535, 256, 8192, 8193)]
    public void Limit_out_of_range_is_named(int size, int headers, int header, int uri) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            new SipLimits { MaxMessageSize = size, MaxHeaders = headers, MaxHeaderLength = header, MaxUriLength = uri }.Validate);

    [Test]
    public void Defaults_are_in_range() => Assert.DoesNotThrow(SipLimits.Default.Validate);

    private static SipRefusal Refusal(string text, SipLimits limits)
    {
        if (SipParser.TryParse(Views.Bytes(text), limits, isStream: false, out var message, out var refusal))
            message.Dispose();
        return refusal;
    }

    private static string Fill(string head, string part) =>
        Parsed.Text(head + string.Concat(Enumerable.Repeat(part, (Size - 400) / part.Length)));

    private static TestCaseData Case(string name, string text) => new TestCaseData(Views.Bytes(text)).SetArgDisplayNames(name);
}
