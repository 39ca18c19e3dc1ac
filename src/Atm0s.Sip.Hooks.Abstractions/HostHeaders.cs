using System.Buffers;
using System.Collections.Frozen;

namespace Atm0s.Sip.Hooks;

/// <summary>Which header fields a host may add to our messages.</summary>
internal static class HostHeaders
{
    private const int MaxCount = 32;
    private const int MaxLength = 1024;

    // RFC 3261 §25.1
    private static readonly SearchValues<char> Token = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~");

    // What the protocol writes itself, long and compact names (RFC 3261 §20, §7.3.3 and the extensions spoken here).
    private static readonly FrozenSet<string> Reserved = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Via", "v", "From", "f", "To", "t", "Call-ID", "i", "CSeq", "Contact", "m", "Max-Forwards", "Record-Route", "Route",
            "Content-Type", "c", "Content-Length", "l",
        "Content-Encoding", "e", "Content-Disposition", "Expires", "Min-Expires", "Authorization", "Proxy-Authorization",
            "WWW-Authenticate", "Proxy-Authenticate",
        "Authentication-Info", "Require", "Proxy-Require", "Supported", "k", "Unsupported", "Allow", "Accept", "Accept-Encoding",
            "User-Agent", "Server", "Retry-After",
        "MIME-Version", "Session-Expires", "x", "Min-SE", "RSeq", "RAck", "Refer-To", "r", "Referred-By", "b", "Replaces", "Event", "o",
            "Allow-Events", "u",
        "Subscription-State", "Path", "Service-Route", "Identity", "y");

    /// <exception cref="ArgumentException">Says which field can't be added.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Check(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (headers.Count > MaxCount)
            throw new ArgumentException($"At most {MaxCount} header fields can be added.", nameof(headers));
        foreach (var (name, value) in headers)
        {
            if (string.IsNullOrEmpty(name) || name.Length > 64 || name.AsSpan().ContainsAnyExcept(Token))
                throw new ArgumentException(
                    "The name of a header field is a word of letters, digits and hyphens, for example X-Ticket.", nameof(headers));
            if (Reserved.Contains(name))
                throw new ArgumentException($"{name} is written by the server itself and can't be added.", nameof(headers));
            if (value is null || value.Length > MaxLength || value.AsSpan().ContainsAnyInRange('\0', '\u001f')
                || value.Contains('\u007f', StringComparison.Ordinal))
                throw new ArgumentException(
                    $"The value of {name} has at most {MaxLength} characters and no control characters.", nameof(headers));
        }

        return [.. headers];
    }
}
