using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Parsing;

/// <summary>
/// The header fields up to the blank line (RFC 3261 §7.3). Goes on after a bad one, so that the answer to it can be addressed, and reports
/// the first.
/// </summary>
internal static class HeaderSectionParser
{
    public static SipRefusal Parse(SipMessage message, ref int cursor, SipLimits limits)
    {
        var first = SipRefusal.None;
        while (true)
        {
            var refusal = LineReader.TryNext(message, ref cursor, unfold: true, out var line);
            if (refusal != SipRefusal.None)
                return first == SipRefusal.None ? refusal : first;
            if (line.Length == 0)
                return first;
            if (message.HeaderCount == limits.MaxHeaders)
                return SipRefusal.TooManyHeaders;
            refusal = line.Length > limits.MaxHeaderLength ? SipRefusal.HeaderTooLong : Add(message, line);
            if (first == SipRefusal.None)
                first = refusal;
        }
    }

    private static SipRefusal Add(SipMessage message, ByteRange line)
    {
        var text = message.Slice(line);
        var colon = text.IndexOf((byte)':');
        if (colon < 0)
            return SipRefusal.BadHeaderName;
        // White space may stand before the colon, and only there: a name is one token (RFC 3261 §7.3.1), so nothing can hide behind a
        // space.
        var nameLength = colon;
        while (nameLength > 0 && SipChars.IsWhite(text[nameLength - 1]))
            nameLength--;
        var name = text[..nameLength];
        if (!SipChars.IsToken(name))
            return SipRefusal.BadHeaderName;

        var start = colon + 1;
        while (start < text.Length && SipChars.IsWhite(text[start]))
            start++;
        var end = text.Length;
        while (end > start && SipChars.IsWhite(text[end - 1]))
            end--;
        message.AddHeader(
            new HeaderSlot(
            SipHeaderNames.Find(name), new ByteRange(line.Start, nameLength), new ByteRange(line.Start + start, end - start)));
        return SipRefusal.None;
    }
}
