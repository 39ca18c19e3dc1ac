using Atm0s.Sip.Core.Authentication;

namespace Atm0s.Sip;

/// <summary>Digest authentication of phones (RFC 3261 §22, RFC 8760).</summary>
public sealed class AuthenticationOptions
{
    /// <summary>
    /// Algorithms offered, in the order of the challenges; a phone takes the first it knows (RFC 8760 §2.4). Default MD5 alone: some phones
    /// (baresip 1.0 is one) give up
    /// when they see a second challenge that they do not know, and hosts that have stored MD5 hashes could not answer for another. Put
    /// SHA-256 first, or alone, where
    /// your phones and hashes allow it.
    /// </summary>
    public IList<DigestAlgorithm> Algorithms { get; } = [DigestAlgorithm.Md5];

    /// <summary>
    /// How long a nonce may be used. 5 s to 1 hour, default 60 s; then the phone is asked again with <c>stale=true</c>, without asking its
    /// user.
    /// </summary>
    public TimeSpan NonceLifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Whether calls must be authenticated. Default true: a call without credentials is challenged before any handler is asked.
    /// </summary>
    public bool RequireForCalls { get; set; } = true;

    /// <summary>Whether the user part of From must be the authenticated user. Default true: nobody calls in another's name.</summary>
    public bool FromMustMatchUser { get; set; } = true;

    /// <summary>
    /// Numbers that anybody may call without authenticating: those whose dialled user part starts with one of these. Empty by default:
    /// nobody.
    /// </summary>
    public IList<string> OpenNumberPrefixes { get; } = [];
}
