namespace Atm0s.Sip.Core.Authentication;

/// <summary>What an Authorization value turned out to be.</summary>
public enum DigestReading : byte
{
    /// <summary>Digest credentials that can be checked.</summary>
    Digest,

    /// <summary>Another scheme.</summary>
    OtherScheme,

    /// <summary>Digest, but malformed.</summary>
    Malformed,

    /// <summary>Digest with an algorithm or qop that was not offered.</summary>
    Unsupported,

    /// <summary>
    /// Digest for our realm, but with a nonce that is not ours, or not any more: it was made before a restart, by another node or for
    /// another address. A new challenge says <c>stale=true</c>, and the phone does not ask its user for the password (RFC 7616 §3.3).
    /// </summary>
    ForeignNonce,
}
