using System.Buffers;

namespace Atm0s.Sip.Core.Messages;

/// <summary>
/// A view of <c>"Display" &lt;sip:uri&gt;;parameters</c> or <c>sip:uri;parameters</c> (RFC 3261 §20.10, §25.1) over the bytes of a message.
/// </summary>
public readonly ref struct NameAddressView
{
    private static readonly SearchValues<byte> NotInDisplay = SearchValues.Create("\"<>;"u8);

    /// <summary>Display name, without its quotes but with its escapes; empty when there is none.</summary>
    public ReadOnlySpan<byte> DisplayName { get; private init; }

    /// <summary>The URI, without angle brackets.</summary>
    public ReadOnlySpan<byte> Uri { get; private init; }

    /// <summary>The header parameters, from their first semicolon on.</summary>
    public ReadOnlySpan<byte> Parameters { get; private init; }

    /// <summary>The <c>tag</c> parameter, or empty.</summary>
    public ReadOnlySpan<byte> Tag => TryGetParameter("tag"u8, out var tag) ? tag : default;

    /// <summary>Finds a header parameter by name, without regard to case.</summary>
    public bool TryGetParameter(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value) => SipParameters.TryGet(Parameters, name, out value);

    /// <summary>Reads one value of From, To, Contact, Route and their like. False when it does not follow the grammar.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out NameAddressView view)
    {
        view = default;
        value = SipChars.Trim(value);
        if (value.IsEmpty)
            return false;
        ReadOnlySpan<byte> display = default;
        int open;
        if (value[0] == '"')
        {
            var end = SipChars.EndOfQuoted(value, 0);
            if (end < 0)
                return false;
            display = value[1..(end - 1)];
            open = end;
            while (open < value.Length && SipChars.IsWhite(value[open]))
                open++;
            if (open == value.Length || value[open] != '<')
                return false;
        }
        else
        {
            // A bracket behind a quote stands in the quoted value of a parameter: then there are no brackets around the URI (§25.1).
            open = value.IndexOfAny((byte)'<', (byte)'"');
            if (open < 0 || value[open] == '"')
                return TryParseBare(value, out view);
            display = SipChars.Trim(value[..open]);
            if (!IsDisplay(display))
                return false;
        }

        var close = value[open..].IndexOf((byte)'>');
        if (close < 0)
            return false;
        var uri = value.Slice(open + 1, close - 1);
        var parameters = value[(open + close + 1)..];
        if (!IsAbsoluteUri(uri) || !SipParameters.AreValid(parameters))
            return false;
        view = new NameAddressView { DisplayName = display, Uri = uri, Parameters = SipChars.Trim(parameters) };
        return true;
    }

    /// <summary>
    /// The URI of a value, also where what stands around it does not follow the grammar: of an answer that must be acted on all the same.
    /// </summary>
    internal static bool TryReadUri(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> uri)
    {
        uri = default;
        if (TryParse(value, out var view))
        {
            uri = view.Uri;
            return true;
        }

        // A display name without brackets behind it.
        value = SipChars.Trim(value);
        if (!value.IsEmpty && value[0] == '"' && SipChars.EndOfQuoted(value, 0) is > 0 and var end && TryParseBare(value[end..], out view))
        {
            uri = view.Uri;
            return true;
        }

        var close = value.LastIndexOf((byte)'>');
        var open = close < 0 ? -1 : value[..close].LastIndexOf((byte)'<');
        if (open < 0 || !IsAbsoluteUri(value[(open + 1)..close]))
            return false;
        uri = value[(open + 1)..close];
        return true;
    }

    // RFC 3261 §20: a URI that holds a comma, question mark or semicolon must stand in angle brackets; so here a semicolon begins header
    // parameters.
    private static bool TryParseBare(ReadOnlySpan<byte> value, out NameAddressView view)
    {
        view = default;
        var semicolon = value.IndexOf((byte)';');
        var uri = SipChars.Trim(semicolon < 0 ? value : value[..semicolon]);
        var parameters = semicolon < 0 ? default : value[semicolon..];
        if (!IsAbsoluteUri(uri) || uri.ContainsAny((byte)',', (byte)'?') || !SipParameters.AreValid(parameters))
            return false;
        view = new NameAddressView { Uri = uri, Parameters = parameters };
        return true;
    }

    // RFC 4475 §3.1.2.15: quotes that are missing may be inferred. Phones write commas, slashes, brackets and UTF-8 without them; what ends
    // a display name or begins parameters does not get through.
    private static bool IsDisplay(ReadOnlySpan<byte> display) => !display.ContainsAny(NotInDisplay);

    private static bool IsAbsoluteUri(ReadOnlySpan<byte> uri)
    {
        var colon = uri.IndexOf((byte)':');
        return colon > 0 && colon < uri.Length - 1 && SipUriView.IsScheme(uri[..colon]) && !uri.ContainsAny(SipChars.NotUri);
    }
}
