using System.Buffers;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;

namespace Atm0s.Sip.Core.Framing;

/// <summary>
/// Cuts one stream into messages (RFC 3261 §18.3, §7.5): a whole thing, or nothing. It allocates nothing by a number that the peer wrote.
/// </summary>
/// <param name="limits">Size limits.</param>
public sealed class SipStreamFramer(SipLimits limits)
{
    // The last thing was a CRLF: another one makes a ping of both.
    private bool _isHalfPing;

    /// <summary>Looks at the head of the stream. The caller consumes what was found before it asks again.</summary>
    public FrameResult Read(in ReadOnlySequence<byte> stream)
    {
        // A sequence may begin with segments that are empty.
        if (!new SequenceReader<byte>(stream).TryPeek(out var first))
            return default;
        if (first is (byte)'\r' or (byte)'\n')
            return ReadBlank(stream);

        _isHalfPing = false;
        var header = HeaderEnd(stream);
        if (header < 0)
            return stream.Length > limits.MaxMessageSize ? Refused(stream.Length, SipRefusal.TooLarge) : default;
        if (header > limits.MaxMessageSize)
            return Refused(header, SipRefusal.TooLarge);
        var refusal = FindLength(stream.Slice(0, header), out var body);
        if (refusal != SipRefusal.None)
            return Refused(header, refusal);
        // Checked before anything waits for it: a lie about the length costs the peer its connection and us nothing.
        if (header + body > limits.MaxMessageSize)
            return Refused(header, SipRefusal.TooLarge);
        return stream.Length < header + body ? default : new FrameResult(FrameKind.Message, header + body, SipRefusal.None);
    }

    private static FrameResult Refused(long length, SipRefusal refusal) => new(FrameKind.Refused, length, refusal);

    // RFC 5626 §4.4.1: CRLFCRLF is a ping, CRLF a pong. A lone CR waits for its LF. A ping may come in two pieces: its first half is not
    // waited with, since a
    // pong looks the same and nothing need follow it.
    private FrameResult ReadBlank(in ReadOnlySequence<byte> stream)
    {
        var head = stream.Slice(0, Math.Min(4, stream.Length));
        Span<byte> bytes = stackalloc byte[4];
        head.CopyTo(bytes);
        bytes = bytes[..(int)head.Length];
        var wasHalf = _isHalfPing;
        _isHalfPing = false;
        if (wasHalf && bytes.StartsWith("\r\n"u8))
            return new FrameResult(FrameKind.Ping, 2, SipRefusal.None);
        if (bytes.SequenceEqual("\r\n\r\n"u8))
            return new FrameResult(FrameKind.Ping, 4, SipRefusal.None);
        // One byte: the second decides. Three bytes of a ping: the fourth does.
        if ("\r\n\r\n"u8.StartsWith(bytes) && bytes.Length is 1 or 3)
        {
            _isHalfPing = wasHalf;
            return default;
        }

        if (bytes.StartsWith("\r\n"u8))
        {
            _isHalfPing = true;
            return new FrameResult(FrameKind.Blank, 2, SipRefusal.None);
        }

        return bytes[0] == '\n' ? new FrameResult(FrameKind.Blank, 1, SipRefusal.None) : Refused(1, SipRefusal.BadLineEnd);
    }

    private static long HeaderEnd(in ReadOnlySequence<byte> stream)
    {
        if (stream.IsSingleSegment)
        {
            var at = stream.FirstSpan.IndexOf("\r\n\r\n"u8);
            return at < 0 ? -1 : at + 4;
        }

        var reader = new SequenceReader<byte>(stream);
        return reader.TryReadTo(out ReadOnlySequence<byte> _, "\r\n\r\n"u8, advancePastDelimiter: true) ? reader.Consumed : -1;
    }

    private static SipRefusal FindLength(in ReadOnlySequence<byte> header, out long length)
    {
        if (header.IsSingleSegment)
            return FindLength(header.FirstSpan, out length);
        var rented = ArrayPool<byte>.Shared.Rent((int)header.Length);
        try
        {
            header.CopyTo(rented);
            return FindLength(rented.AsSpan(0, (int)header.Length), out length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static SipRefusal FindLength(ReadOnlySpan<byte> header, out long length)
    {
        length = -1;
        while (!header.IsEmpty)
        {
            var end = header.IndexOf("\r\n"u8);
            var line = end < 0 ? header : header[..end];
            header = end < 0 ? default : header[(end + 2)..];
            // RFC 3261 §7.3.1: a line that begins with white space belongs to the field before it, whatever it looks like.
            var colon = line.IsEmpty || SipChars.IsWhite(line[0]) ? -1 : line.IndexOf((byte)':');
            if (colon < 0 || SipHeaderNames.Find(SipChars.Trim(line[..colon])) != SipHeaderId.ContentLength)
                continue;
            // A folded length would be read one way here and another way there: refuse it.
            if (!SipChars.TryReadNumber(SipChars.Trim(line[(colon + 1)..]), int.MaxValue, out var number)
                || (!header.IsEmpty && SipChars.IsWhite(header[0])))
                return IsHuge(line[(colon + 1)..]) ? SipRefusal.TooLarge : SipRefusal.BadContentLength;
            if (length >= 0 && length != number)
                return SipRefusal.ContentLengthConflict;
            length = number;
        }

        // RFC 3261 §18.3: required over a stream.
        return length < 0 ? SipRefusal.MissingContentLength : SipRefusal.None;
    }

    private static bool IsHuge(ReadOnlySpan<byte> value)
    {
        var digits = SipChars.Trim(value);
        return digits.Length > 9 && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
