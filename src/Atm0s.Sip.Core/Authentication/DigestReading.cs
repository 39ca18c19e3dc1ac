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
}
