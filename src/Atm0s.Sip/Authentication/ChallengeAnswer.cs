using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Authentication;

/// <summary>Answers the challenges that a request of ours meets (RFC 3261 §22.2, §22.3).</summary>
/// <param name="credentials">User and password; null answers nothing.</param>
/// <param name="newCnonce">Source of client nonces.</param>
internal sealed class ChallengeAnswer(SipCredentials? credentials, Func<string> newCnonce)
{
    private DigestClient? _digest = NewClient(credentials, newCnonce);
    private SipHeaderId _header;
    private string? _value;

    /// <summary>Takes the challenge of a 401 or 407. False when there is no password for it, or it has been refused.</summary>
    public bool TryTake(SipMessage response, string method, string uri)
    {
        if (_digest is null)
            return false;
        // A server asks with WWW-Authenticate, a proxy with Proxy-Authenticate.
        var isProxy = response.StatusCode == 407;
        foreach (var value in response.GetValues(isProxy ? SipHeaderId.ProxyAuthenticate : SipHeaderId.WwwAuthenticate))
            _digest.Offer(value);
        if (!_digest.ShouldAnswer)
            return false;
        _header = isProxy ? SipHeaderId.ProxyAuthorization : SipHeaderId.Authorization;
        _value = _digest.Authorize(method, uri);
        return true;
    }

    /// <summary>Writes the last answer, when there is one; into an ACK too (RFC 3261 §13.2.2.4).</summary>
    public void Write(SipWriter writer)
    {
        if (_value is not null)
            writer.Header(_header, _value);
    }

    /// <summary>Forgets everything: the next challenge is no refusal of the password.</summary>
    public void Reset()
    {
        _digest = NewClient(credentials, newCnonce);
        _value = null;
    }

    private static DigestClient? NewClient(SipCredentials? credentials, Func<string> newCnonce) =>
        credentials is null ? null : new DigestClient(credentials.Username, credentials.Password, credentials.Realm, newCnonce);
}
