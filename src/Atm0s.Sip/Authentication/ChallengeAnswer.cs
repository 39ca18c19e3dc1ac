using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Authentication;

/// <summary>
/// Answers the challenges that a request of ours meets, of the server and of each proxy on the way (RFC 3261 §22.2, §22.3): each realm has
/// an
/// answer of its own, and all of them go into the next attempt.
/// </summary>
/// <param name="credentials">User and password; null answers nothing.</param>
/// <param name="newCnonce">Source of client nonces.</param>
internal sealed class ChallengeAnswer(SipCredentials? credentials, Func<string> newCnonce)
{
    // A proxy, the server, and one nonce that was too old. Who goes on asking after that would ask for ever.
    private const int MaxRounds = 3;
    private const int MaxRealms = 4;

    private readonly List<RealmAnswer> _realms = [];
    private int _rounds;

    /// <summary>
    /// Takes the challenges of a 401 or 407. False when there is no password for them, it has been refused, or it was asked for too often.
    /// </summary>
    public bool TryTake(SipMessage response, string method, string uri)
    {
        if (credentials is null || _rounds == MaxRounds)
            return false;
        var asked = new HashSet<RealmAnswer>();
        // A server asks with WWW-Authenticate, a proxy with Proxy-Authenticate; a proxy that forks hands on what several have asked.
        Offer(response, SipHeaderId.WwwAuthenticate, SipHeaderId.Authorization, asked);
        Offer(response, SipHeaderId.ProxyAuthenticate, SipHeaderId.ProxyAuthorization, asked);
        if (asked.Count == 0 || !asked.All(realm => realm.Digest.ShouldAnswer))
            return false;
        _rounds++;
        foreach (var realm in _realms)
            realm.Value = realm.Digest.Authorize(method, uri);
        return true;
    }

    /// <summary>Writes the last answers, when there are some; into an ACK too (RFC 3261 §13.2.2.4).</summary>
    public void Write(SipWriter writer)
    {
        foreach (var realm in _realms)
            writer.Header(realm.Header, realm.Value);
    }

    /// <summary>Forgets everything: the next challenge is no refusal of the password.</summary>
    public void Reset()
    {
        _realms.Clear();
        _rounds = 0;
    }

    private void Offer(SipMessage response, SipHeaderId challengeHeader, SipHeaderId answerHeader, HashSet<RealmAnswer> asked)
    {
        foreach (var value in response.GetValues(challengeHeader))
        {
            if (DigestChallenge.Read(value) is not { } challenge || (credentials!.Realm is { } only && only != challenge.Realm))
                continue;
            var realm = _realms.Find(r => r.Header == answerHeader && r.Name == challenge.Realm);
            if (realm is null)
            {
                if (_realms.Count == MaxRealms)
                    continue;
                var digest = new DigestClient(credentials.Username, credentials.Password, challenge.Realm, newCnonce);
                _realms.Add(realm = new RealmAnswer(answerHeader, challenge.Realm, digest));
            }

            realm.Digest.Offer(value);
            asked.Add(realm);
        }
    }

    private sealed class RealmAnswer(SipHeaderId header, string name, DigestClient digest)
    {
        public SipHeaderId Header => header;

        public string Name => name;

        public DigestClient Digest => digest;

        public string Value { get; set; } = "";
    }
}
