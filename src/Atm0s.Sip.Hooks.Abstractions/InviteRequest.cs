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

    /// <summary>Name of the authenticated user, or null for a call to an open number.</summary>
    public string? Username { get; init; }

    /// <summary>Address the call came from.</summary>
    public required IPEndPoint Source { get; init; }

    /// <summary>Names of the audio codecs the caller offers, in its order; empty when the offer comes later.</summary>
    public required IReadOnlyList<string> OfferedCodecs { get; init; }

    /// <summary>Header fields of the INVITE in order, names as received. Authorization headers are left out.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }
}
