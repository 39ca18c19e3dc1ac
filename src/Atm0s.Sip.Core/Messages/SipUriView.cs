namespace Atm0s.Sip.Core.Messages;

/// <summary>
/// A view of a URI over the bytes of a message (RFC 3261 §19.1). Of a scheme other than sip and sips only the scheme and the rest are told
/// apart.
/// </summary>
public readonly ref struct SipUriView
{
    /// <summary>Scheme.</summary>
    public SipUriScheme Scheme { get; private init; }

    /// <summary>Scheme as received; it tells apart what <see cref="Scheme"/> calls <see cref="SipUriScheme.Other"/>.</summary>
    public ReadOnlySpan<byte> SchemeToken { get; private init; }

    /// <summary>
    /// User part as received, escapes and all; empty when there is none. For <c>tel</c> and others: everything behind the scheme.
    /// </summary>
    public ReadOnlySpan<byte> User { get; private init; }

    /// <summary>Password, or empty.</summary>
    public ReadOnlySpan<byte> Password { get; private init; }

    /// <summary>Host; an IPv6 address without brackets.</summary>
    public ReadOnlySpan<byte> Host { get; private init; }

    /// <summary>Port, or 0 when there is none.</summary>
    public int Port { get; private init; }

    /// <summary>URI parameters, from their first semicolon on.</summary>
    public ReadOnlySpan<byte> Parameters { get; private init; }

    /// <summary>Headers, behind the question mark.</summary>
    public ReadOnlySpan<byte> Headers { get; private init; }

    /// <summary>Finds a URI parameter by name, without regard to case.</summary>
    public bool TryGetParameter(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var rest = Parameters;
        while (SipUriComparison.TryNextParameter(ref rest, out var found, out value))
        {
            if (SipChars.EqualsIgnoreCase(found, name))
                return true;
        }

        value = default;
        return false;
    }

    /// <summary>Reads a URI that fills the whole span. False when it does not follow the grammar.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out SipUriView view)
    {
        view = default;
        var colon = value.IndexOf((byte)':');
        if (colon <= 0 || !IsScheme(value[..colon]) || value.ContainsAny(SipChars.NotUri))
            return false;
        var scheme = ToScheme(value[..colon]);
        var rest = value[(colon + 1)..];
        if (scheme is SipUriScheme.Sip or SipUriScheme.Sips)
            return TryParseSip(value[..colon], scheme, rest, out view);
        view = new SipUriView { Scheme = scheme, SchemeToken = value[..colon], User = rest };
        return !rest.IsEmpty;
    }

    /// <summary>Whether two URIs mean the same (RFC 3261 §19.1.4).</summary>
    public static bool AreEquivalent(SipUriView left, SipUriView right) => SipUriComparison.AreEquivalent(left, right);

    internal static bool IsScheme(ReadOnlySpan<byte> scheme)
    {
        if (scheme.IsEmpty || !char.IsAsciiLetter((char)scheme[0]))
            return false;
        foreach (var c in scheme)
        {
            if (!char.IsAsciiLetterOrDigit((char)c) && c is not ((byte)'+' or (byte)'-' or (byte)'.'))
                return false;
        }

        return true;
    }

    private static bool TryParseSip(ReadOnlySpan<byte> token, SipUriScheme scheme, ReadOnlySpan<byte> rest, out SipUriView view)
    {
        view = default;
        // The user part may hold ";" and "?", a host may not hold "@": the last "@" before any of them in the host part is the one.
        var at = rest.IndexOf((byte)'@');
        ReadOnlySpan<byte> user = default, password = default;
        if (at >= 0)
        {
            user = rest[..at];
            rest = rest[(at + 1)..];
            var colon = user.IndexOf((byte)':');
            if (colon >= 0)
            {
                password = user[(colon + 1)..];
                user = user[..colon];
            }

            if (user.IsEmpty)
                return false;
        }

        ReadOnlySpan<byte> headers = default, parameters = default;
        var question = rest.IndexOf((byte)'?');
        if (question >= 0)
        {
            headers = rest[(question + 1)..];
            rest = rest[..question];
        }

        var semicolon = rest.IndexOf((byte)';');
        if (semicolon >= 0)
        {
            parameters = rest[semicolon..];
            rest = rest[..semicolon];
        }

        if (!HostPort.TryParse(rest, allowWhite: false, out var host, out var port))
            return false;
        view = new SipUriView
        {
            Scheme = scheme,
            SchemeToken = token,
            User = user,
            Password = password,
            Host = host,
            Port = port,
            Parameters = parameters,
            Headers = headers,
        };
        return true;
    }

    private static SipUriScheme ToScheme(ReadOnlySpan<byte> scheme)
    {
        if (SipChars.EqualsIgnoreCase(scheme, "sip"u8))
            return SipUriScheme.Sip;
        if (SipChars.EqualsIgnoreCase(scheme, "sips"u8))
            return SipUriScheme.Sips;
        return SipChars.EqualsIgnoreCase(scheme, "tel"u8) ? SipUriScheme.Tel : SipUriScheme.Other;
    }
}
