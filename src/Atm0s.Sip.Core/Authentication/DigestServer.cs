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

    // Each shard reads the clock for itself, so a nonce may seem to come out of the near future.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromSeconds(5);

    private readonly NonceCounts _counts;
    private readonly DigestAlgorithm[] _algorithms;
    private readonly TimeSpan _lifetime;
    private readonly byte[] _realm;

    /// <summary>
    /// Makes the server side.
    /// </summary>
    /// <param name="realm">Realm.</param>
    /// <param name="algorithms">Algorithms to offer, best first.</param>
    /// <param name="nonceLifetime">How long a nonce may be used.</param>
    /// <param name="key"> Secret, at least 16 bytes; null makes one for this process. Nodes that share it accept each other's nonces, if
    /// the times that they pass are of one clock: then pass UTC since a fixed date. A nonce of another clock is stale at once, or when its
    /// time has come.
    /// </param>
    /// <param name="capacity">Nonces in use that are remembered, about 100 bytes each. Default 100,000.</param>
    public DigestServer(
        string realm, IEnumerable<DigestAlgorithm> algorithms, TimeSpan nonceLifetime, byte[]? key = null, int capacity = 100_000)
    {
        Realm = realm;
        _realm = Encoding.UTF8.GetBytes(realm);
        _algorithms = [.. algorithms];
        _lifetime = nonceLifetime;
        Nonces = new NonceSource(realm, key ?? RandomNumberGenerator.GetBytes(32));
        Templates = [.. _algorithms.Select(algorithm => new ChallengeTemplate(realm, algorithm))];
        _counts = new NonceCounts(capacity);
    }

    /// <summary>Realm.</summary>
    public string Realm { get; }

    internal NonceSource Nonces { get; }

    internal ChallengeTemplate[] Templates { get; }

    /// <summary>Challenges with a fresh nonce.</summary>
    /// <param name="now">The present time, as in <see cref="Verify"/>.</param>
    /// <param name="stale">True when the credentials were right but for the age of their nonce.</param>
    /// <param name="source">Address that alone may use the nonce; null lets every address.</param>
    public DigestChallenges Challenge(TimeSpan now, bool stale, IPAddress? source = null) => new(this, now, stale, source);

    /// <summary>Reads an Authorization value without judging it.</summary>
    /// <param name="value">The value.</param>
    /// <param name="credentials">The credentials, when they are for our realm, an algorithm of ours and a nonce of ours.</param>
    /// <param name="source">Address that the request came from; null when nonces are for every address.</param>
    public DigestReading Read(ReadOnlySpan<byte> value, out DigestCredentials? credentials, IPAddress? source = null)
    {
        credentials = null;
        var reading = DigestFields.Read(value, out var fields);
        if (reading != DigestReading.Digest)
            return reading;
        if (!fields.Realm.SequenceEqual(_realm) || !_algorithms.Contains(fields.Algorithm))
            return DigestReading.Unsupported;
        if (!Nonces.TryRead(fields.Nonce, source, out var stamp))
            return DigestReading.ForeignNonce;
        credentials = new DigestCredentials(this, fields, stamp);
        return DigestReading.Digest;
    }

    /// <summary>Judges credentials.</summary>
    /// <param name="credentials">From <see cref="Read"/>.</param>
    /// <param name="method">Method of the request.</param>
    /// <param name="ha1">The stored hash in hex, or null when there is no such user.</param>
    /// <param name="now">
    /// The present time: monotonic since the start of the process, or, where nodes share a key, what their clocks have in common.
    /// </param>
    public DigestVerdict Verify(DigestCredentials credentials, string method, string? ha1, TimeSpan now)
    {
        var length = credentials.Algorithm.HexLength();
        var known = ha1 is not null && ha1.Length == length;
        Span<byte> expected = stackalloc byte[DigestAlgorithms.MaxHexLength];
        Span<byte> methodBytes = stackalloc byte[64];
        if (!Encoding.UTF8.TryGetBytes(method, methodBytes, out var methodLength))
        {
            methodBytes = Encoding.UTF8.GetBytes(method);
            methodLength = methodBytes.Length;
        }

        DigestResponse.Compute(
            credentials.Algorithm,
            known ? ha1 : NobodyHa1.AsSpan(0, length),
            credentials.Input,
            methodBytes[..methodLength],
            expected);
        Span<byte> given = stackalloc byte[DigestAlgorithms.MaxHexLength];
        given.Clear();
        if (credentials.Response.Length == length)
            Ascii.ToLower(credentials.Response, given, out _);
        var right = CryptographicOperations.FixedTimeEquals(expected[..length], given[..length]) & known;

        if (credentials.Reader != this)
            return DigestVerdict.ForeignNonce;
        if (!right)
            return DigestVerdict.Rejected;
        var age = now - credentials.Stamp.Made;
        if (age > _lifetime || age < -ClockDifference)
            return DigestVerdict.Stale;
        // Recorded only now: a stranger's wrong guess must not use up the owner's count. Without qop there is no count (RFC 2617 §3.2.2),
        // so such a nonce serves once: else who has listened could use the credentials again.
        var count = credentials.HasQop ? credentials.NonceCount : 1;
        return _counts.TryUse(credentials.Stamp, count, now, _lifetime) ? DigestVerdict.Accepted : DigestVerdict.Replayed;
    }
}
