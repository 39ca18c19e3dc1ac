namespace Atm0s.Sip.Core.Messages;

/// <summary>What to do with a refused message.</summary>
public static class SipRefusals
{
    private static readonly (int Status, string? Reason)[] Table =
    [
        (0, null),
        (0, null), // Empty
        (513, "the message is too large"), // TooLarge
        (0, null), // Binary
        (400, "Malformed start line"), // BadStartLine
        (505, null), // BadVersion
        (400, "Malformed Request-URI"), // BadRequestUri
        (414, null), // UriTooLong
        (0, null), // BadStatusCode
        (400, "Line not ended by CRLF"), // BadLineEnd
        (400, "No empty line after the header"), // MissingBlankLine
        (400, "Malformed header field name"), // BadHeaderName
        (400, "Control character in a header field"), // ControlCharacter
        (400, "Header field too long"), // HeaderTooLong
        (400, "Too many header fields"), // TooManyHeaders
        (0, null), // MissingVia
        (400, "Malformed Via"), // BadVia
        (400, "From missing"), // MissingFrom
        (400, "Malformed From"), // BadFrom
        (400, "To missing"), // MissingTo
        (400, "Malformed To"), // BadTo
        (400, "Call-ID missing"), // MissingCallId
        (400, "Malformed Call-ID"), // BadCallId
        (400, "CSeq missing"), // MissingCSeq
        (400, "Malformed CSeq"), // BadCSeq
        (400, "CSeq method differs"), // CSeqMismatch
        (400, "Header field that may appear once appears again"), // DuplicateHeader
        (400, "Malformed Contact"), // BadContact
        (400, "Malformed Max-Forwards"), // BadMaxForwards
        (400, "Malformed Content-Length"), // BadContentLength
        (400, "Two Content-Lengths"), // ContentLengthConflict
        (400, "Content-Length missing on a stream"), // MissingContentLength
        (400, "Body shorter than Content-Length"), // BodyTruncated
    ];

    private static readonly string[] Tags =
        [.. Enum.GetNames<SipRefusal>()
            .Select(
            name => string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString())))];

    /// <summary>Status code to answer a request with, or 0 to drop it in silence (RFC 3261 §8.1.3.3, §16.3, §18.3, §21.4.1).</summary>
    public static int ToStatusCode(this SipRefusal refusal) => Table[(int)refusal].Status;

    /// <summary>Reason phrase that says what is wrong, or null for the standard one.</summary>
    public static string? ToReason(this SipRefusal refusal) => Table[(int)refusal].Reason;

    /// <summary>Tag of the metric, for example <c>bad-via</c>.</summary>
    public static string ToTag(this SipRefusal refusal) => Tags[(int)refusal];
}
