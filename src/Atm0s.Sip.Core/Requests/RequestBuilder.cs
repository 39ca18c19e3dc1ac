using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Requests;

/// <summary>
/// A request outside of any dialog (RFC 3261 §8.1.1): INVITE, REGISTER, OPTIONS, MESSAGE... Kept by the application as long as the
/// request may have to be repeated with credentials: that takes a new branch and the next <see cref="CSeq"/>.
/// </summary>
internal sealed class RequestBuilder
{
    private int _maxForwards = 70;
    private uint _cseq = 1;

    /// <summary>The method; ACK and CANCEL belong to other requests and are refused when written.</summary>
    public required SipMethod Method { get; init; }

    /// <summary>Where the request goes (§8.1.1.1), as a URI without angle brackets.</summary>
    public required string RequestUri { get; set; }

    /// <summary>URI of the From field, without angle brackets.</summary>
    public required string From { get; init; }

    /// <summary>Display name of the From field, unquoted, or null.</summary>
    public string? FromDisplayName { get; init; }

    /// <summary>Tag of the From field (§8.1.1.3: required).</summary>
    public required string FromTag { get; init; }

    /// <summary>URI of the To field, without angle brackets. It has no tag: there is no dialog yet.</summary>
    public required string To { get; init; }

    /// <summary>Display name of the To field, unquoted, or null.</summary>
    public string? ToDisplayName { get; init; }

    /// <summary>Call-ID; the same for a repetition with credentials and for all REGISTERs of one client.</summary>
    public required string CallId { get; init; }

    /// <summary>Sequence number, less than 2^31 (§8.1.1.5). Default 1; add one for each new request with this Call-ID.</summary>
    /// <exception cref="ArgumentOutOfRangeException">2^31 or more.</exception>
    public uint CSeq
    {
        get => _cseq;
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, (uint)int.MaxValue);
            _cseq = value;
        }
    }

    /// <summary>
    /// URI of our Contact, without angle brackets. Required for INVITE (§8.1.1.8); null for none. More parameters: write the header.
    /// </summary>
    public string? Contact { get; set; }

    /// <summary>Max-Forwards, 0 to 255. Default 70 (§8.1.1.6).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 255.</exception>
    public int MaxForwards
    {
        get => _maxForwards;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 255);
            _maxForwards = value;
        }
    }

    /// <summary>
    /// Pre-loaded route set, URIs without angle brackets (§8.1.1.1: outbound proxy; RFC 3327: the Path of a binding; RFC 3608).
    /// A first URI without <c>lr</c> is a strict router and becomes the Request-URI (§12.2.1.1). Default empty.
    /// </summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    /// <summary>The URI that decides where the request is sent (§8.1.2): the first route, else the Request-URI.</summary>
    public string NextHop => Routes.Count > 0 ? Routes[0] : RequestUri;

    /// <summary>Writes the request line and all fields above; the caller adds further fields and then ends with Body or End.</summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="via">Via of this attempt, with a branch never used before.</param>
    /// <exception cref="ArgumentException">A URI, display name, tag, Call-ID or the Via does not follow the grammar.</exception>
    public void Begin(ref SipWriter writer, SipVia via)
    {
        if (Method is SipMethod.Ack or SipMethod.Cancel or SipMethod.Other)
            throw new ArgumentException($"A {Method} request is not built here.");
        var routes = RouteSet.FromUris(Routes);
        var target = Uri(RequestUri, nameof(RequestUri));
        writer.RequestLine(Method, routes.RequestUri(target));
        via.Write(ref writer);
        routes.Write(ref writer, target);
        writer.Header(SipHeaderId.MaxForwards, (uint)MaxForwards);
        AddressHeader.Write(ref writer, SipHeaderId.From, Name(FromDisplayName, nameof(FromDisplayName)), Uri(From, nameof(From)),
            Tag(FromTag, nameof(FromTag)));
        AddressHeader.Write(ref writer, SipHeaderId.To, Name(ToDisplayName, nameof(ToDisplayName)), Uri(To, nameof(To)), default);
        writer.Header(SipHeaderId.CallId, Id(CallId, nameof(CallId)));
        CSeqHeader.Write(ref writer, CSeq, Method);
        if (Contact is not null)
            AddressHeader.Write(ref writer, SipHeaderId.Contact, default, Uri(Contact, nameof(Contact)), default);
    }

    /// <summary>The whole request, without further fields and body.</summary>
    /// <param name="via">Via of this attempt, with a branch never used before.</param>
    /// <exception cref="ArgumentException">A URI, display name, tag, Call-ID or the Via does not follow the grammar.</exception>
    public byte[] ToArray(SipVia via)
    {
        using var buffer = PooledBufferWriter.Rent();
        var writer = new SipWriter(buffer);
        Begin(ref writer, via);
        writer.End();
        return buffer.WrittenSpan.ToArray();
    }

    // What we would refuse to read we do not write: nothing can break out of its field, and ACK and CANCEL can be made of the INVITE.
    internal static byte[] Uri(string uri, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri, name);
        var bytes = Encoding.UTF8.GetBytes(uri);
        // RFC 3261 §19.1.1, §25.1
        if (!SipUriView.TryParse(bytes, out _))
            throw new ArgumentException("Not a URI. It holds no control, space, quote or angle bracket: escape them.", name);
        return bytes;
    }

    private static byte[] Tag(string value, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        var bytes = Encoding.UTF8.GetBytes(value);
        // RFC 3261 §25.1: tag-param = "tag" EQUAL token.
        if (!SipChars.IsToken(bytes))
            throw new ArgumentException("A tag is a token: letters, digits and -.!%*_+`'~ only.", name);
        return bytes;
    }

    private static byte[] Id(string value, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        var bytes = Encoding.UTF8.GetBytes(value);
        // RFC 3261 §25.1: callid = word [ "@" word ].
        if (bytes.AsSpan().ContainsAnyExcept(SipChars.Word))
            throw new ArgumentException("A Call-ID holds no control, space, comma, semicolon or character beyond ASCII.", name);
        return bytes;
    }

    private static byte[] Name(string? value, string name)
    {
        if (string.IsNullOrEmpty(value))
            return [];
        // RFC 3261 §25.1 quoted-string: backslash before backslash and quote.
        var bytes = Encoding.UTF8.GetBytes(
            $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        // RFC 3261 §25.1: qdtext has no control character but HT.
        if (bytes.AsSpan().ContainsAny(SipChars.Control))
            throw new ArgumentException("A display name holds no control character.", name);
        return bytes;
    }
}
