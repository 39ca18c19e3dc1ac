using System.Buffers;

namespace Atm0s.Sip.Hooks;

/// <summary>A party of a call: a URI and the name shown beside it (RFC 3261 §20.10).</summary>
public sealed record SipAddress
{
    private const int MaxLength = 512;

    private static readonly SearchValues<char> NotInUri = SearchValues.Create("<>\" \\");

    /// <summary>Makes an address.</summary>
    /// <param name="uri">A <c>sip:</c>, <c>sips:</c> or <c>tel:</c> URI of at most 512 characters, without angle brackets.</param>
    /// <param name="displayName">Name beside it, at most 256 characters and no control characters; null for none.</param>
    /// <exception cref="ArgumentException">It can't be written into a message.</exception>
    public SipAddress(string uri, string? displayName = null)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var colon = uri.IndexOf(':', StringComparison.Ordinal);
        if (uri.Length > MaxLength
            || colon < 0
            || colon == uri.Length - 1
            || !IsScheme(uri.AsSpan(0, colon))
            || uri.AsSpan().ContainsAny(NotInUri)
            || uri.Any(char.IsControl))
            throw new ArgumentException($"\"{uri}\" is no address; write for example sip:1001@example.com or tel:+4930123.", nameof(uri));
        if (displayName is not null && (displayName.Length > 256 || displayName.Any(char.IsControl)))
            throw new ArgumentException("A display name has at most 256 characters and no control characters.", nameof(displayName));
        Uri = uri;
        DisplayName = displayName;
        Number = NumberOf(uri[(colon + 1)..]);
    }

    /// <summary>The URI.</summary>
    public string Uri { get; }

    /// <summary>Name beside it, or null.</summary>
    public string? DisplayName { get; }

    /// <summary>The number or name in the URI, without parameters (RFC 3966, RFC 4694); empty when there is none.</summary>
    public string Number { get; init; }

    /// <summary>For example <c>"Alice" &lt;sip:1001@example.com&gt;</c>.</summary>
    public override string ToString() => DisplayName is null ? $"<{Uri}>" : $"\"{DisplayName}\" <{Uri}>";

    private static bool IsScheme(ReadOnlySpan<char> scheme) =>
        scheme.Equals("sip", StringComparison.OrdinalIgnoreCase)
        || scheme.Equals("sips", StringComparison.OrdinalIgnoreCase)
        || scheme.Equals("tel", StringComparison.OrdinalIgnoreCase);

    private static string NumberOf(string rest)
    {
        var at = rest.IndexOf('@', StringComparison.Ordinal);
        var user = at < 0 ? rest : rest[..at];
        var end = user.AsSpan().IndexOfAny(';', ':');
        return System.Uri.UnescapeDataString(end < 0 ? user : user[..end]);
    }
}
