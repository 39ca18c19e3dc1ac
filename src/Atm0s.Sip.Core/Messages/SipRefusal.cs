namespace Atm0s.Sip.Core.Messages;

/// <summary>Every way in which a received message is refused. The name, in lower case with dashes, is also the tag of the metric.</summary>
public enum SipRefusal : byte
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>Dropped: nothing but white space.</summary>
    Empty,

    /// <summary>The message is too large. Dropped as a datagram, which is not read further; answered 513 on a stream.</summary>
    TooLarge,

    /// <summary>Dropped: it does not begin like SIP.</summary>
    Binary,

    /// <summary>Answered 400: Malformed start line.</summary>
    BadStartLine,

    /// <summary>Answered 505: SIP version not supported.</summary>
    BadVersion,

    /// <summary>Answered 400: Malformed Request-URI.</summary>
    BadRequestUri,

    /// <summary>Answered 414: Request-URI too long.</summary>
    UriTooLong,

    /// <summary>Dropped: malformed status line.</summary>
    BadStatusCode,

    /// <summary>Answered 400: Line not ended by CRLF.</summary>
    BadLineEnd,

    /// <summary>Answered 400: No empty line after the header.</summary>
    MissingBlankLine,

    /// <summary>Answered 400: Malformed header field name.</summary>
    BadHeaderName,

    /// <summary>Answered 400: Control character in a header field.</summary>
    ControlCharacter,

    /// <summary>Answered 400: Header field too long.</summary>
    HeaderTooLong,

    /// <summary>Answered 400: Too many header fields.</summary>
    TooManyHeaders,

    /// <summary>Dropped: no Via.</summary>
    MissingVia,

    /// <summary>Answered 400: Malformed Via.</summary>
    BadVia,

    /// <summary>Answered 400: From missing.</summary>
    MissingFrom,

    /// <summary>Answered 400: Malformed From.</summary>
    BadFrom,

    /// <summary>Answered 400: To missing.</summary>
    MissingTo,

    /// <summary>Answered 400: Malformed To.</summary>
    BadTo,

    /// <summary>Answered 400: Call-ID missing.</summary>
    MissingCallId,

    /// <summary>Answered 400: Malformed Call-ID.</summary>
    BadCallId,

    /// <summary>Answered 400: CSeq missing.</summary>
    MissingCSeq,

    /// <summary>Answered 400: Malformed CSeq.</summary>
    BadCSeq,

    /// <summary>Answered 400: CSeq method differs.</summary>
    CSeqMismatch,

    /// <summary>Answered 400: Header field that may appear once appears again.</summary>
    DuplicateHeader,

    /// <summary>Answered 400: Malformed Contact.</summary>
    BadContact,

    /// <summary>Answered 400: Malformed Max-Forwards.</summary>
    BadMaxForwards,

    /// <summary>Answered 400: Malformed Content-Length.</summary>
    BadContentLength,

    /// <summary>Answered 400: Two Content-Lengths.</summary>
    ContentLengthConflict,

    /// <summary>Answered 400: Content-Length missing on a stream.</summary>
    MissingContentLength,

    /// <summary>Answered 400: Body shorter than Content-Length.</summary>
    BodyTruncated,
}
