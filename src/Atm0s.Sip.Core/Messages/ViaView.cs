namespace Atm0s.Sip.Core.Messages;

/// <summary>A view of one Via value, <c>SIP/2.0/UDP host:port;parameters</c> (RFC 3261 §20.42), over the bytes of a message.</summary>
public readonly ref struct ViaView
{
    internal ViaView(SipMessage message, ViaRanges ranges)
    {
        Transport = message.Slice(ranges.Transport);
        Host = message.Slice(ranges.Host);
        SentBy = message.Slice(ranges.SentBy);
        Parameters = message.Slice(ranges.Parameters);
        Port = ranges.Port;
    }

    /// <summary>Transport token, for example <c>UDP</c>.</summary>
    public ReadOnlySpan<byte> Transport { get; private init; }

    /// <summary>Host of sent-by; an IPv6 address without brackets.</summary>
    public ReadOnlySpan<byte> Host { get; private init; }

    /// <summary>Port of sent-by, or 0 when there is none (then 5060 is meant).</summary>
    public int Port { get; private init; }

    /// <summary>Everything from transport to the end of sent-by, as received: what a transaction key compares (RFC 3261 §17.2.3).</summary>
    public ReadOnlySpan<byte> SentBy { get; private init; }

    /// <summary>The parameters, from their first semicolon on.</summary>
    public ReadOnlySpan<byte> Parameters { get; private init; }

    /// <summary>The <c>branch</c> parameter, or empty.</summary>
    public ReadOnlySpan<byte> Branch => TryGetParameter("branch"u8, out var branch) ? branch : default;

    /// <summary>The <c>received</c> parameter, or empty.</summary>
    public ReadOnlySpan<byte> Received => TryGetParameter("received"u8, out var received) ? received : default;

    /// <summary>Whether there is an <c>rport</c> parameter, with or without a value (RFC 3581).</summary>
    public bool HasRport => TryGetParameter("rport"u8, out _);

    /// <summary>Value of <c>rport</c>, or 0.</summary>
    public int Rport => TryGetParameter("rport"u8, out var port) && SipChars.TryReadNumber(port, 65535, out var number) ? (int)number : 0;

    /// <summary>Finds a parameter by name, without regard to case.</summary>
    public bool TryGetParameter(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value) => SipParameters.TryGet(Parameters, name, out value);

    /// <summary>Reads one Via value. False when it does not follow the grammar.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out ViaView view)
    {
        view = default;
        value = SipChars.Trim(value);
        // sent-protocol = protocol-name SLASH protocol-version SLASH transport, with white space around the slashes. The version is any
        // token
        // (RFC 3261 §25.1): a request of a version to come is answered 505 along its Vias (RFC 4475 §3.1.2.16).
        if (!TryToken(ref value, out var name) || !SipChars.EqualsIgnoreCase(name, "SIP"u8) || !TrySlash(ref value)
            || !TryToken(ref value, out _) || !TrySlash(ref value)
            || !TryToken(ref value, out var transport) || value.IsEmpty || !SipChars.IsWhite(value[0]))
            return false;

        value = SipChars.Trim(value);
        var semicolon = value.IndexOf((byte)';');
        var sentBy = SipChars.Trim(semicolon < 0 ? value : value[..semicolon]);
        var parameters = semicolon < 0 ? default : value[semicolon..];
        if (!HostPort.TryParse(sentBy, allowWhite: true, out var host, out var port) || !SipParameters.AreValid(parameters))
            return false;
        view = new ViaView { Transport = transport, Host = host, Port = port, SentBy = sentBy, Parameters = parameters };
        return true;
    }

    private static bool TryToken(scoped ref ReadOnlySpan<byte> value, out ReadOnlySpan<byte> token)
    {
        var end = value.IndexOfAnyExcept(SipChars.Token);
        token = end < 0 ? value : value[..end];
        value = value[token.Length..];
        return !token.IsEmpty;
    }

    private static bool TrySlash(scoped ref ReadOnlySpan<byte> value)
    {
        value = SipChars.Trim(value);
        if (value.IsEmpty || value[0] != '/')
            return false;
        value = SipChars.Trim(value[1..]);
        return true;
    }
}
