using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Atm0s.Sip.Core.Authentication;

/// <summary>
/// The server side of digest authentication (RFC 3261 §22, RFC 7616, RFC 8760). Keeps nothing for a challenge. Any thread.
/// </summary>
public sealed class DigestServer
{
    // A user that does not exist is checked against this, so that the answer takes as long as for one that does.
    private static readonly string NobodyHa1 = new('0', DigestAlgorithms.MaxHexLength);

    private readonly NonceSource _nonces;
    private readonly NonceCounts _counts;
    private readonly DigestAlgorithm[] _algorithms;
    private readonly TimeSpan _lifetime;

    /// <summary>Makes the server side.</summary>
    /// <param name="realm">Realm.</param>
    /// <param name="algorithms">Algorithms to offer, best first.</param>
    /// <param name="nonceLifetime">How long a nonce may be used.</param>
    /// <param name="key">Secret of this process, at least 16 bytes; null makes one. Nodes that share it accept each other's nonces.</param>
    /// <param name="capacity">Nonces in use that are remembered. Default 100,000.</param>
    public DigestServer(
        string realm, IEnumerable<DigestAlgorithm> algorithms, TimeSpan nonceLifetime, byte[]? key = null, int capacity = 100_000)
    {
        Realm = realm;
        _algorithms = [.. algorithms];
        _lifetime = nonceLifetime;
        _nonces = new NonceSource(realm, key ?? RandomNumberGenerator.GetBytes(32));
        _counts = new NonceCounts(capacity);
    }

    /// <summary>Realm.</summary>
    public string Realm { get; }

    /// <summary>Values of WWW-Authenticate, one for each algorithm, best first (RFC 8760 §2.4).</summary>
    /// <param name="now">The present time.</param>
    /// <param name="stale">True when the credentials were right but for the age of their nonce.</param>
    /// <param name="source">Address that alone may use the nonce; null lets every address.</param>
    public IReadOnlyList<string> CreateChallenges(TimeSpan now, bool stale, IPAddress? source = null)
    {
        var nonce = _nonces.Create(now, source);
        return [.. _algorithms.Select(a =>
            $"Digest realm=\"{Realm}\", nonce=\"{nonce}\", algorithm={a.ToToken()}, qop=\"auth\"{(stale ? ", stale=true" : "")}")];
    }

    /// <summary>Reads an Authorization value without judging it.</summary>
    /// <param name="value">The value.</param>
    /// <param name="credentials">The credentials, when they are for our realm, an algorithm of ours and a nonce of ours.</param>
    /// <param name="source">Address that the request came from; null when nonces are for every address.</param>
    public DigestReading Read(ReadOnlySpan<byte> value, out DigestCredentials? credentials, IPAddress? source = null)
    {
        var reading = DigestCredentials.Read(value, out credentials);
        if (reading != DigestReading.Digest)
            return reading;
        if (IsForUs(credentials!) && _nonces.TryRead(credentials!.Nonce, source, out _))
            return DigestReading.Digest;
        credentials = null;
        return DigestReading.Unsupported;
    }

    /// <summary>
    /// Whether an Authorization value answers a challenge of our realm with a nonce that is not ours, or not any more: it was made before a
    /// restart, by another node or for another address. Then a new challenge says <c>stale=true</c>, and the phone does not ask its user
    /// for the password (RFC 7616 §3.3).
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="source">Address that the request came from; null when nonces are for every address.</param>
    public bool HasLostNonce(ReadOnlySpan<byte> value, IPAddress? source = null) =>
        DigestCredentials.Read(value, out var credentials) == DigestReading.Digest
        && IsForUs(credentials!)
        && !_nonces.TryRead(credentials!.Nonce, source, out _);

    /// <summary>Judges credentials.</summary>
    /// <param name="credentials">From <see cref="Read"/>.</param>
    /// <param name="method">Method of the request.</param>
    /// <param name="ha1">The stored hash in hex, or null when there is no such user.</param>
    /// <param name="now">The present time.</param>
    /// <param name="source">Address that the request came from; null when nonces are for every address.</param>
    public DigestVerdict Verify(DigestCredentials credentials, string method, string? ha1, TimeSpan now, IPAddress? source = null)
    {
        var length = credentials.Algorithm.HexLength();
        var known = ha1 is not null && ha1.Length == length;
        Span<byte> expected = stackalloc byte[DigestAlgorithms.MaxHexLength];
        DigestResponse.Compute(
            credentials.Algorithm, credentials.IsSession, known ? ha1 : NobodyHa1.AsSpan(0, length), credentials.Nonce, credentials.Qop,
            credentials.NonceCountText, credentials.Cnonce, method, credentials.Uri, expected);
        Span<byte> given = stackalloc byte[DigestAlgorithms.MaxHexLength];
        given.Clear();
        if (credentials.Response.Length == length)
            Ascii.ToLower(credentials.Response, given, out _);
        var right = CryptographicOperations.FixedTimeEquals(expected[..length], given[..length]) & known;

        if (!_nonces.TryRead(credentials.Nonce, source, out var made))
            return DigestVerdict.ForeignNonce;
        if (!right)
            return DigestVerdict.Rejected;
        if (now - made > _lifetime)
            return DigestVerdict.Stale;
        // Recorded only now: a stranger's wrong guess must not use up the owner's count. Without qop there is no count (RFC 2617 §3.2.2),
        // so such a nonce serves once: else who has listened could use the credentials again.
        var count = credentials.Qop is null ? 1 : credentials.NonceCount;
        return _counts.TryUse(credentials.Nonce, count, made, now, _lifetime) ? DigestVerdict.Accepted : DigestVerdict.Replayed;
    }

    private bool IsForUs(DigestCredentials credentials) => credentials.Realm == Realm && _algorithms.Contains(credentials.Algorithm);
}
