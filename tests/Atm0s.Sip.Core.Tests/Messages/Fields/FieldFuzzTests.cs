using Atm0s.Sip.Core.Messages.Fields;

namespace Atm0s.Sip.Core.Tests.Messages.Fields;

/// <summary>No bytes make a reader throw or loop: each sample is cut, doubled and overwritten in every place.</summary>
[TestFixture]
internal sealed class FieldFuzzTests
{
    [TestCase("1800;refresher=uac")]
    [TestCase("776656 1 INVITE")]
    [TestCase("\"Bob\" <sip:a:b@h;method=X;lr?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2&x=%>;cid=\"a\"")]
    [TestCase("a@b;to-tag=1;from-tag=2;early-only;local-tag=1;remote-tag=2")]
    [TestCase("SIP ;cause=200 ;text=\"a \\\" b\"")]
    [TestCase("120 (a (b) \\) c) ;duration=60")]
    [TestCase("terminated;reason=x;retry-after=1;expires=2")]
    [TestCase("SIP/2.0 200 OK\r\n")]
    public void AnyBytes_NeverThrow(string sample) => Assert.That(() => Break(sample), Throws.Nothing);

    private static void Break(string sample)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(sample);
        for (var at = 0; at <= bytes.Length; at++)
        {
            ReadAll(bytes.AsSpan(0, at));
            ReadAll(bytes.AsSpan(at));
            foreach (var with in "\0 \t\r\n\";,<>=?&%:@\\()\u0080\u00ff09aZ"u8)
            {
                var changed = bytes.ToArray();
                if (at < changed.Length)
                    changed[at] = with;
                ReadAll(changed);
                ReadAll([.. bytes[..at], with, with, .. bytes[at..]]);
            }
        }
    }

    private static int ReadAll(ReadOnlySpan<byte> value)
    {
        var read = new[]
        {
            SessionExpires.TryParse(value, out _), MinSe.TryParse(value, out _), RSeq.TryParse(value, out _),
            RAckView.TryParse(value, out _), Replaces.TryParse(value, out _), TargetDialog.TryParse(value, out _),
            ReferredByView.TryParse(value, out _), EventView.TryParse(value, out _), SubscriptionStateView.TryParse(value, out _),
            ReasonView.TryParse(value, out _), RetryAfter.TryParse(value, out _), RedirectTargets.TryReadQuality(value, out _),
            SipFragment.TryReadStatus(value, out _, out _), SipFragment.IsFragment(value),
            ReferToView.TryParse(value, out var refer) && refer.ReadReplaces(out _) == FieldReading.Ok && refer.ToRequestUri().Length > 0,
        };
        return read.Count(r => r) + RequestUris.From(value).Length + UriHeaders.Count(value)
            + (UriHeaders.Find(value, "x"u8)?.Length ?? 0);
    }
}
