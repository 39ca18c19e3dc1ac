using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Atm0s.Sip.Core.Messages;

/// <summary>A SIP URI as an object, for hosts and for what is kept (RFC 3261 §19.1). Immutable.</summary>
public sealed class SipUri : IEquatable<SipUri>
{
    private readonly string _text;

    private SipUri(string text, SipUriView view)
    {
        _text = text;
        Scheme = view.Scheme;
        User = view.User.IsEmpty ? null : SipEscapes.Unescape(view.User);
        Host = Encoding.UTF8.GetString(view.Host);
        Port = view.Port;
        Transport = view.TryGetParameter("transport"u8, out var transport) ? Encoding.UTF8.GetString(transport).ToLowerInvariant() : null;
    }

    /// <summary>sip or sips.</summary>
    public SipUriScheme Scheme { get; }

    /// <summary>User part, unescaped, or null.</summary>
    public string? User { get; }

    /// <summary>Host; an IPv6 address without brackets.</summary>
    public string Host { get; }

    /// <summary>Port, or 0 when there is none.</summary>
    public int Port { get; }

    /// <summary>The <c>transport</c> parameter in lower case, or null.</summary>
    public string? Transport { get; }

    /// <summary>Makes a URI of a user, host and port.</summary>
    /// <param name="user">Any text; escaped as needed. Null or empty for none.</param>
    /// <param name="host">Host name, IPv4 or IPv6 address.</param>
    /// <param name="port">1 to 65535, or 0 for none.</param>
    /// <exception cref="ArgumentException">Not a host.</exception>
    public static SipUri Create(string? user, string host, int port = 0)
    {
        var text = new StringBuilder("sip:");
        if (!string.IsNullOrEmpty(user))
            text.Append(SipEscapes.EscapeUser(user)).Append('@');
        text.Append(host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('[') ? $"[{host}]" : host);
        if (port != 0)
            text.Append(CultureInfo.InvariantCulture, $":{port}");
        // A host that brings a user, port, parameters or headers along would not be all of the host that comes out.
        return TryParse(text.ToString(), out var uri) && uri.Port == port && uri.Host == host.Trim('[', ']') ? uri
            : throw new ArgumentException($"\"{host}\" is no host.", nameof(host));
    }

    /// <summary>Reads a sip or sips URI.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SipUri? uri)
    {
        uri = null;
        if (!SipUriView.TryParse(Encoding.UTF8.GetBytes(text), out var view) || view.Scheme is not (SipUriScheme.Sip or SipUriScheme.Sips))
            return false;
        uri = new SipUri(text, view);
        return true;
    }

    /// <summary>Reads a sip or sips URI.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static SipUri Parse(string text) =>
        TryParse(text, out var uri) ? uri
            : throw new FormatException($"\"{text}\" is no SIP URI; write for example sip:alice@192.0.2.1:5060.");

    /// <inheritdoc/>
    public bool Equals(SipUri? other) =>
        other is not null
        && SipUriView.TryParse(Encoding.UTF8.GetBytes(_text), out var left)
            && SipUriView.TryParse(Encoding.UTF8.GetBytes(other._text), out var right)
        && SipUriView.AreEquivalent(left, right);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SipUri);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Scheme, User, Host.ToUpperInvariant(), Port);

    /// <summary>The URI as text, as it was given.</summary>
    public override string ToString() => _text;
}
