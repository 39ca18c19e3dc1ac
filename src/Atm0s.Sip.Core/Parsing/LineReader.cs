using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Parsing;

/// <summary>Cuts the header section into lines that end with CRLF, joining folded ones in place (RFC 3261 §7.3.1).</summary>
internal static class LineReader
{
    /// <summary>Reads the line at <paramref name="cursor"/>; an empty range is the blank line that ends the header.</summary>
    public static SipRefusal TryNext(SipMessage message, ref int cursor, bool unfold, out ByteRange line)
    {
        line = default;
        var bytes = message.WritableBytes;
        var start = cursor;
        var search = start;
        var quotes = new QuotedPairs(start);
        while (true)
        {
            // One vectorised search finds the end of the line and every control character that has no place in it.
            var at = bytes[search..].IndexOfAny(SipChars.Control);
            if (at < 0)
                return SipRefusal.MissingBlankLine;
            at += search;
            // RFC 3261 §25.1: quoted-pair carries every control character but CR and LF (RFC 4475 §3.1.1.2).
            if (unfold && bytes[at] is not ((byte)'\r' or (byte)'\n') && quotes.Holds(bytes, at))
            {
                search = at + 1;
                continue;
            }

            if (bytes[at] != '\r' || at + 1 >= bytes.Length || bytes[at + 1] != '\n')
                return bytes[at] is (byte)'\r' or (byte)'\n' ? SipRefusal.BadLineEnd : SipRefusal.ControlCharacter;
            var next = at + 2;
            if (unfold && at > start && next < bytes.Length && SipChars.IsWhite(bytes[next]))
            {
                bytes[at] = bytes[at + 1] = (byte)' ';
                search = next;
                continue;
            }

            line = new ByteRange(start, at - start);
            cursor = next;
            return SipRefusal.None;
        }
    }
}
