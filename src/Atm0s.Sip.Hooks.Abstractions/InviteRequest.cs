using System.Net;

namespace Atm0s.Sip.Hooks;

/// <summary>An incoming call that waits for a decision.</summary>
public sealed record InviteRequest
{
    /// <summary>Our id of the call; the same in every event and command.</summary>
    public required string CallId { get; init; }

    /// <summary>The phone's own Call-ID header, for correlation with traces.</summary>
    public required string SipCallId { get; init; }

    /// <summary>User part of the From URI, unescaped; empty when it has none.</summary>
    public required string From { get; init; }

    /// <summary>User part of the To URI, unescaped; empty when it has none. The number that was dialled.</summary>
    public required string To { get; init; }

    /// <summary>The From URI as received.</summary>
    public required string FromUri { get; init; }

    /// <summary>The To URI as received.</summary>
    public required string ToUri { get; init; }

    /// <summary>The Request-URI as received.</summary>
    public required string RequestUri { get; init; }

    /// <summary>Name of the authenticated user; null when the call was not authenticated by digest.</summary>
    public string? Username { get; init; }

    /// <summary>How the server knows who calls. Default: it does not.</summary>
    public CallerAuthentication Authentication { get; init; }

    /// <summary>Name of the trunk that the call came over, or null.</summary>
    public string? Trunk { get; init; }

    /// <summary>Address the call came from.</summary>
    public required IPEndPoint Source { get; init; }

    /// <summary>Names of the audio codecs the caller offers, in its order; empty when the offer comes later.</summary>
    public required IReadOnlyList<string> OfferedCodecs { get; init; }

    /// <summary>Header fields of the INVITE in order, names as received. Authorization headers are left out.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The first value of a header field, or null.</summary>
    /// <param name="name">Name of the field; case does not matter (RFC 3261 §7.3.1).</param>
    public string? GetHeader(string name)
    {
        foreach (var header in Headers)
        {
            if (string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase))
                return header.Value;
        }

        return null;
    }
}
