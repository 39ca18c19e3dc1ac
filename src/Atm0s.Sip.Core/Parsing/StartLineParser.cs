using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Parsing;

/// <summary>Request line and status line (RFC 3261 §7.1, §7.2).</summary>
internal static class StartLineParser
{
    public static SipRefusal Parse(SipMessage message, ByteRange line, SipLimits limits)
    {
        var text = message.Slice(line);
        return StartsWithIgnoreCase(text, "SIP/"u8) ? ParseStatus(message, line, text) : ParseRequest(message, line, text, limits);
    }

    // Status-Line = SIP-Version SP Status-Code SP Reason-Phrase CRLF
    private static SipRefusal ParseStatus(SipMessage message, ByteRange line, ReadOnlySpan<byte> text)
    {
        if (!StartsWithIgnoreCase(text, "SIP/2.0 "u8) || text.Length < 11)
            return SipRefusal.BadStatusCode;
        if (!SipChars.TryReadNumber(text.Slice(8, 3), 699, out var status) || status < 100 || (text.Length > 11 && text[11] != ' '))
            return SipRefusal.BadStatusCode;
        message.StatusCode = (int)status;
        message.ReasonRange = text.Length > 12 ? new ByteRange(line.Start + 12, line.Length - 12) : default;
        return SipRefusal.None;
    }

    // Request-Line = Method SP Request-URI SP SIP-Version CRLF
    private static SipRefusal ParseRequest(SipMessage message, ByteRange line, ReadOnlySpan<byte> text, SipLimits limits)
    {
        var space = text.IndexOf((byte)' ');
        if (space <= 0 || !SipChars.IsToken(text[..space]))
            return SipRefusal.BadStartLine;
        var last = text.LastIndexOf((byte)' ');
        var version = text[(last + 1)..];
        // Only what ends like a SIP request line is treated as one, and answered.
        if (last == space || !LooksLikeVersion(SipChars.Trim(text)))
            return SipRefusal.BadStartLine;
        message.IsRequest = true;
        message.MethodRange = new ByteRange(line.Start, space);
        message.Method = SipMethods.Parse(text[..space]);
        var uri = text[(space + 1)..last];
        if (!SipChars.EqualsIgnoreCase(version, "SIP/2.0"u8))
            return StartsWithIgnoreCase(version, "SIP/"u8) ? SipRefusal.BadVersion : SipRefusal.BadStartLine;
        if (uri.Length > limits.MaxUriLength)
            return SipRefusal.UriTooLong;
        message.RequestUriRange = new ByteRange(line.Start + space + 1, uri.Length);
        // RFC 3261 §19.1.1 table 1: a Request-URI has no headers. Spaces and angle brackets fail in the grammar of the URI.
        return SipUriView.TryParse(uri, out var view) && view.Headers.IsEmpty ? SipRefusal.None : SipRefusal.BadRequestUri;
    }

    private static bool LooksLikeVersion(ReadOnlySpan<byte> text) =>
        StartsWithIgnoreCase(text[(text.LastIndexOf((byte)' ') + 1)..], "SIP/"u8);

    // RFC 3261 §7.1: the version is case-insensitive, in both start lines.
    private static bool StartsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
        text.Length >= start.Length && SipChars.EqualsIgnoreCase(text[..start.Length], start);
}
