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

    /// <summary>
    /// Whether a nonce is only good for the address that it was sent to. Default true: credentials that somebody has listened to are of no
    /// use elsewhere. Set it to false where one phone's requests reach us from several addresses, as through a cluster of proxies.
    /// </summary>
    public bool BindNonceToSource { get; set; } = true;

    /// <summary>
    /// Whether credentials must have the <c>qop</c> that our challenges offer (RFC 7616 §3.4, RFC 3261 §22.4). Default true: without it
    /// there is no count, and whoever has listened may be faster than the phone. Phones of before 2002 know none: false takes theirs, each
    /// nonce for one request.
    /// </summary>
    public bool RequireQop { get; set; } = true;

    /// <summary>
    /// Wrong passwords that one source may send in a row, 0 to 10,000; default 20. What comes beyond is answered 503 with Retry-After
    /// without asking <c>IAuthProvider</c>, and one more is allowed after each <see cref="WrongPasswordRecovery"/>. A source is an IPv4
    /// address or an IPv6 /64. 0 means no limit. Each wrong password is logged with its source (event 2033).
    /// </summary>
    public int MaxWrongPasswordsPerSource { get; set; } = 20;

    /// <summary>Time after which a source may send one more wrong password. 100 ms to 1 hour, default 6 s.</summary>
    public TimeSpan WrongPasswordRecovery { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Wrong passwords for one user within <see cref="WrongPasswordWindow"/>, from whatever addresses, 0 to 10,000; default 10. What comes
    /// beyond is answered 503 with Retry-After without asking <c>IAuthProvider</c>; not where the user has shown the right one before: a
    /// phone that is known goes on. As long as they all come from one source, only that source waits. Names that nobody has are treated
    /// alike. 0 means no limit.
    /// </summary>
    public int MaxWrongPasswordsPerUser { get; set; } = 10;

    /// <summary>Time in which wrong passwords for one user are counted. 1 s to 1 day, default 10 minutes.</summary>
    public TimeSpan WrongPasswordWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Whether the user part of From must be a number of the authenticated user, and its host one of our domains. Default true: nobody
    /// calls in another's name. Who withholds his number (RFC 3323) may call: he is known by his password.
    /// </summary>
    public bool FromMustMatchUser { get; set; } = true;

    /// <summary>
    /// Numbers that anybody may call without authenticating: those whose dialled user part starts with one of these. Empty by default:
    /// nobody.
    /// </summary>
    public IList<string> OpenNumberPrefixes { get; } = [];
}
