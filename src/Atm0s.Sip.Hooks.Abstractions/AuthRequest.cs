using System.Net;

namespace Atm0s.Sip.Hooks;

/// <summary>A question to <see cref="IAuthProvider"/>.</summary>
public sealed record AuthRequest
{
    /// <summary>User name the phone presented, unescaped.</summary>
    public required string Username { get; init; }

    /// <summary>Realm of the challenge; part of the hash.</summary>
    public required string Realm { get; init; }

    /// <summary>Digest algorithm the phone chose: <c>MD5</c>, <c>SHA-256</c> or <c>SHA-512-256</c> (RFC 8760 §2.1).</summary>
    public required string Algorithm { get; init; }

    /// <summary>SIP method to be authorised, for example <c>REGISTER</c> or <c>INVITE</c>.</summary>
    public required string Method { get; init; }

    /// <summary>
    /// URI that the request speaks for: To of a REGISTER, From of a call. Which of those are the user's is for the host to say
    /// (<see cref="AuthDecision.WithHa1(string, IReadOnlyList{string})"/>). Null when it is not known.
    /// </summary>
    public string? AddressOfRecord { get; init; }

    /// <summary>For REGISTER, the id that the registration gets when it is accepted; for a call, the call's id.</summary>
    public required string SessionId { get; init; }

    /// <summary>Address the request came from.</summary>
    public required IPEndPoint Source { get; init; }

    /// <summary>
    /// The certificate of the connection that it came over; null when that is not TLS, or none was shown that is trusted.
    /// </summary>
    public PeerCertificate? Certificate { get; init; }
}
