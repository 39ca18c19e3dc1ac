using System.Text;

namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>Refer-To (RFC 3515 §2.1): where a REFER sends its receiver. A view over a message.</summary>
internal readonly ref struct ReferToView
{
    /// <summary>The URI with all it holds, without angle brackets.</summary>
    public ReadOnlySpan<byte> Uri { get; private init; }

    /// <summary>Display name, without its quotes; may be empty.</summary>
    public ReadOnlySpan<byte> DisplayName { get; private init; }

    /// <summary>Scheme of the URI.</summary>
    public SipUriScheme Scheme { get; private init; }

    /// <summary>Method of the request to send; INVITE when the URI does not say (RFC 3261 §19.1.1).</summary>
    public ReadOnlySpan<byte> Method { get; private init; }

    /// <summary>Embedded header fields, escaped; see <see cref="UriHeaders"/>.</summary>
    public ReadOnlySpan<byte> Headers { get; private init; }

    /// <summary>Reads the field of a REFER. RFC 3515 §2.4.2: none, more than one or one that cannot be read is a 400.</summary>
    public static FieldReading Read(SipMessage refer, out ReferToView field)
    {
        field = default;
        var next = 0;
        if (!refer.TryFindNext(SipHeaderId.ReferTo, ref next, out var value))
            return FieldReading.Absent;
        // A comma cannot part two values here, for it may stand in a bare URI; a second field can.
        if (!TryParse(value, out var read) || refer.TryFindNext(SipHeaderId.ReferTo, ref next, out _))
            return FieldReading.Malformed;
        field = read;
        return FieldReading.Ok;
    }

    /// <summary>Reads a value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out ReferToView field)
    {
        field = default;
        value = SipChars.Trim(value);
        ReadOnlySpan<byte> uri, name = default;
        if (NameAddressView.TryParse(value, out var address))
        {
            // Two addresses in one field are one too many.
            if (SipHeaderValues.EndOfValue(value) != value.Length)
                return false;
            uri = address.Uri;
            name = address.DisplayName;
        }
        else if (!value.Contains((byte)'<'))
        {
            // RFC 3261 §20: a URI with a question mark must stand in angle brackets; phones leave them out before ?Replaces.
            uri = value;
        }
        else
        {
            return false;
        }

        if (!SipUriView.TryParse(uri, out var view))
            return false;
        field = new ReferToView
        {
            Uri = uri,
            DisplayName = name,
            Scheme = view.Scheme,
            Method = view.TryGetParameter("method"u8, out var method) && !method.IsEmpty ? method : "INVITE"u8,
            Headers = view.Headers,
        };
        return true;
    }

    /// <summary>The dialog that the new INVITE shall replace (RFC 3891 §4), out of the embedded header fields.</summary>
    public FieldReading ReadReplaces(out Replaces? replaces)
    {
        replaces = null;
        if (UriHeaders.Find(Headers, "Replaces"u8) is { } value)
            return Fields.Replaces.TryParse(value, out replaces) ? FieldReading.Ok : FieldReading.Malformed;
        var rest = Headers;
        while (UriHeaders.TryNext(ref rest, out var name, out _))
        {
            if (SipChars.EqualsIgnoreCase(UriHeaders.Unescape(name), "Replaces"u8))
                return FieldReading.Malformed;
        }

        return FieldReading.Absent;
    }

    /// <summary>The Request-URI of the request to send: without method parameter and headers (RFC 3261 §19.1.5).</summary>
    public byte[] ToRequestUri() => RequestUris.From(Uri);

    /// <summary>The value of a REFER of ours.</summary>
    /// <param name="uri">Target, without angle brackets and headers.</param>
    /// <param name="replaces">The dialog that the target shall replace, or null.</param>
    public static string Format(string uri, Replaces? replaces = null) =>
        replaces is null ? $"<{uri}>" : $"<{uri}?Replaces={UriHeaders.Escape(Encoding.ASCII.GetBytes(replaces.ToString()))}>";
}
