using System.Net;

namespace Atm0s.Sip.Hooks;

/// <summary>An incoming call that waits for a decision.</summary>
public sealed record InviteRequest
{
    /// <summary>Our id of the call; the same in every event and command.</summary>
    public required string CallId { get; init; }

    /// <summary>The phone's own Call-ID header, for correlation with traces.</summary>
    public required string SipCallId { get; init; }

    /// <summary>
    /// Number or name in the From URI: its user part, unescaped and without the parameters of a telephone number (RFC 3966, RFC 4694);
    /// empty when it has none, <c>anonymous</c> when the caller withholds it. Who the caller is says <see cref="Identity"/>.
    /// </summary>
    public required string From { get; init; }

    /// <summary>Number or name in the To URI, as for <see cref="From"/>: what was dialled. Empty when it has none.</summary>
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

    /// <summary>Name beside the number in From, or null.</summary>
    public string? FromDisplayName { get; init; }

    /// <summary>
    /// Who calls, as far as somebody answers for it: from a trunk or a trusted address its P-Asserted-Identity (RFC 3325), else its
    /// Remote-Party-ID, else its From; of a caller with a password what he prefers to be among his numbers (P-Preferred-Identity, From),
    /// else the first of them. It is told also when he withholds his number from the called (<see cref="IsAnonymous"/>). Null when nobody
    /// has shown who he is.
    /// </summary>
    public SipAddress? Identity { get; init; }

    /// <summary>Whether the caller's number must not be shown to the called (RFC 3323).</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>
    /// Forwardings before, the last one first, from Diversion (RFC 5806) or else History-Info (RFC 7044). Only from trunks and trusted
    /// addresses: anybody else could write there what he likes. Empty by default.
    /// </summary>
    public IReadOnlyList<Diversion> Diversions { get; init; } = [];

    /// <summary>
    /// Values of Identity: signed tokens about the caller (STIR, RFC 8224), as received from anybody and not checked. Empty by default.
    /// </summary>
    public IReadOnlyList<string> IdentityTokens { get; init; } = [];

    /// <summary>Name of the trunk that the call came over, or null.</summary>
    public string? Trunk { get; init; }

    /// <summary>Address the call came from.</summary>
    public required IPEndPoint Source { get; init; }

    /// <summary>
    /// The certificate of the connection that it came over; null when that is not TLS, or none was shown that is trusted.
    /// </summary>
    public PeerCertificate? Certificate { get; init; }

    /// <summary>Names of the audio codecs the caller offers, in its order; empty when the offer comes later.</summary>
    public required IReadOnlyList<string> OfferedCodecs { get; init; }

    /// <summary>Whether the caller offers to encrypt the audio (SRTP); false when the offer comes later.</summary>
    public bool OffersEncryption { get; init; }

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
