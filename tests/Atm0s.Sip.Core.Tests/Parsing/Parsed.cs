using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;

namespace Atm0s.Sip.Core.Tests.Parsing;

/// <summary>Messages for tests: an OPTIONS request whose fields a test replaces or adds to.</summary>
internal static class Parsed
{
    public const string Via = "Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKtest";
    public const string From = "From: <sip:alice@example.com>;tag=a";
    public const string To = "To: <sip:bob@example.com>";
    public const string CallId = "Call-ID: 1@192.0.2.1";
    public const string CSeq = "CSeq: 7 OPTIONS";

    /// <summary>
    /// The text of a request; <paramref name="fields"/> stand before the five every request has, and replace those of the same name.
    /// </summary>
    public static string Text(params string[] fields)
    {
        var names = fields.Select(NameOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var rest = new[] { Via, From, To, CallId, CSeq }.Where(f => !names.Contains(NameOf(f)));
        return "OPTIONS sip:bob@example.com SIP/2.0\r\n"
            + string.Concat(fields.Concat(rest).Where(f => f.Length > 0).Select(f => f + "\r\n")) + "\r\n";
    }

    public static SipMessage Request(params string[] fields) => Ok(Encoding.UTF8.GetBytes(Text(fields)));

    public static SipMessage Ok(ReadOnlySpan<byte> bytes)
    {
        var found = SipParser.TryParse(bytes, SipLimits.Default, isStream: false, out var message, out var refusal);
        Assert.That((found, refusal), Is.EqualTo((true, SipRefusal.None)));
        return message!;
    }

    public static SipRefusal Refusal(string text)
    {
        Outcome.Of(Encoding.UTF8.GetBytes(text), out var refusal);
        return refusal;
    }

    private static string NameOf(string field) => field.Split(':')[0].Trim();
}
