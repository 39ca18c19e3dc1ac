namespace Atm0s.Sip.WebSockets;

/// <summary>
/// Which pages may connect (RFC 6455 §4.2.2, §10.2): a browser says where its page is from, and with it comes what the user's cookies and
/// network let it do. Pure.
/// </summary>
internal static class OriginRule
{
    /// <summary>Whether a request may go on.</summary>
    /// <param name="origin">Its Origin, or null when there is none: no browser.</param>
    /// <param name="scheme">http or https.</param>
    /// <param name="host">Its Host: name, and port where it is not the scheme's own.</param>
    /// <param name="allowed">Further origins that may.</param>
    public static bool Allows(string? origin, string scheme, string host, IEnumerable<string> allowed)
    {
        if (origin is null)
            return true;
        foreach (var one in allowed)
        {
            if (one == "*" || one.Equals(origin, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && Uri.TryCreate($"{scheme}://{host}", UriKind.Absolute, out var here)
            && page.Host.Length > 0
            && TextOf(page).Equals(TextOf(here), StringComparison.OrdinalIgnoreCase)
            && IsOurs(here);
    }

    // Whoever owns a name can let it lead here, and then his page has our host (DNS rebinding); without TLS nothing shows that the name is
    // ours. An address is no name.
    private static bool IsOurs(Uri here) => here.Scheme == Uri.UriSchemeHttps
        || here.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6
        || here.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || here.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>The origin of a URI as text (RFC 6454 §6.2).</summary>
    public static string TextOf(Uri uri) => uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
}
