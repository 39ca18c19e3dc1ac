using System.Globalization;
using System.Text;

namespace Atm0s.Sip.Core.Authentication;

/// <summary>
/// The client side of digest authentication (RFC 3261 §22.2, RFC 7616 §3.4, RFC 8760 §2.5): answers the strongest challenge it can. One
/// user, one server, one thread at a time.
/// </summary>
/// <param name="username">User name.</param>
/// <param name="password">Password.</param>
/// <param name="realm">Answer only challenges of this realm; null answers any.</param>
/// <param name="newCnonce">Source of client nonces.</param>
public sealed class DigestClient(string username, string password, string? realm, Func<string> newCnonce)
{
    private DigestChallenge? _challenge;
    private string? _answered;
    private uint _count;

    /// <summary>Whether there is a challenge to answer.</summary>
    public bool CanAuthorize => _challenge is not null;

    /// <summary>Takes one challenge of a 401 or 407. Of several the strongest is kept.</summary>
    /// <param name="value">Value of WWW-Authenticate or Proxy-Authenticate.</param>
    public void Offer(ReadOnlySpan<byte> value)
    {
        if (DigestChallenge.Read(value) is not { } challenge || (realm is not null && challenge.Realm != realm))
            return;
        // RFC 8760 §2.4: a server may give each algorithm a nonce of its own. As long as nothing was answered all challenges are of one
        // response.
        var isNew = _challenge is null || challenge.Nonce != _challenge.Nonce;
        if (_challenge is not null && challenge.Algorithm <= _challenge.Algorithm && !(isNew && _count > 0))
            return;
        _challenge = challenge;
        if (isNew)
            _count = 0;
    }

    /// <summary>Whether answering makes sense: a server that challenges again without stale=true has refused the password.</summary>
    public bool ShouldAnswer => _challenge is { } challenge && (_answered is null || (challenge.IsStale && challenge.Nonce != _answered));

    /// <summary>Value of Authorization or Proxy-Authorization.</summary>
    /// <param name="method">Method of the request.</param>
    /// <param name="uri">Its Request-URI.</param>
    /// <exception cref="InvalidOperationException">No challenge was taken.</exception>
    public string Authorize(string method, string uri)
    {
        var challenge = _challenge ?? throw new InvalidOperationException("There is no challenge to answer.");
        _answered = challenge.Nonce;
        var count = (++_count).ToString("x8", CultureInfo.InvariantCulture);
        var cnonce = newCnonce();
        var ha1 = Ha1.Compute(challenge.Algorithm, username, challenge.Realm, password);
        Span<byte> response = stackalloc byte[DigestAlgorithms.MaxHexLength];
        var input = new DigestInput
        {
            Nonce = Encoding.UTF8.GetBytes(challenge.Nonce),
            NonceCount = Encoding.UTF8.GetBytes(count),
            Cnonce = Encoding.UTF8.GetBytes(cnonce),
            Uri = Encoding.UTF8.GetBytes(uri),
            Qop = Encoding.UTF8.GetBytes(challenge.Qop ?? ""),
            IsSession = challenge.IsSession,
        };
        var length = DigestResponse.Compute(challenge.Algorithm, ha1, input, Encoding.UTF8.GetBytes(method), response);

        var text = new StringBuilder(256);
        text.Append(
            CultureInfo.InvariantCulture,
            $"Digest username=\"{Escape(username)}\", realm=\"{Escape(challenge.Realm)}\", nonce=\"{Escape(challenge.Nonce)}\", "
            + $"uri=\"{uri}\", ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"response=\"{Encoding.ASCII.GetString(response[..length])}\", "
            + $"algorithm={challenge.Algorithm.ToToken()}{(challenge.IsSession ? "-sess" : "")}");
        if (challenge.Opaque is { } opaque)
            text.Append(CultureInfo.InvariantCulture, $", opaque=\"{Escape(opaque)}\"");
        if (challenge.Qop is { } qop)
            text.Append(CultureInfo.InvariantCulture, $", qop={qop}, nc={count}, cnonce=\"{cnonce}\"");
        else if (challenge.IsSession)
            text.Append(CultureInfo.InvariantCulture, $", cnonce=\"{cnonce}\"");
        return text.ToString();
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
