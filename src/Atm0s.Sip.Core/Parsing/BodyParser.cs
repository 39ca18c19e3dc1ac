using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Parsing;

/// <summary>Content-Length and body (RFC 3261 §18.3, §20.14).</summary>
internal static class BodyParser
{
    public static SipRefusal Read(SipMessage message, int start, bool isStream)
    {
        var available = message.Length - start;
        if (available < 0)
            return SipRefusal.MissingBlankLine;
        uint? length = null;
        var next = 0;
        // Content-Length = 1*DIGIT (RFC 3261 §25.1): no list, and not empty.
        while (message.TryFindNext(SipHeaderId.ContentLength, ref next, out var value))
        {
            if (!SipChars.TryReadNumber(value, int.MaxValue, out var number))
                return SipRefusal.BadContentLength;
            if (length is { } other && other != number)
                return SipRefusal.ContentLengthConflict;
            length = number;
        }

        if (length is null && isStream)
            return SipRefusal.MissingContentLength;
        if (length > available)
            return SipRefusal.BodyTruncated;
        // In a datagram what stands behind Content-Length bytes is ignored, and without Content-Length the rest is the body.
        var size = (int)(length ?? (uint)available);
        message.BodyRange = size == 0 ? default : new ByteRange(start, size);
        return SipRefusal.None;
    }
}
