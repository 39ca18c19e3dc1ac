using System.Net;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Authentication;

/// <summary>
/// Digest authentication of requests (RFC 3261 §22): challenges without keeping anything, then asks the host for the user's hash.
/// </summary>
internal sealed class Authenticator(SipServerOptions options, HookRunner hooks, SipServerMetrics metrics)
{
    private readonly DigestServer _digest = new(options.Realm, options.Authentication.Algorithms, options.Authentication.NonceLifetime);

    /// <summary>Challenges for a 401, one for each algorithm.</summary>
    public IReadOnlyList<string> Challenge(TimeSpan now, bool stale) => _digest.CreateChallenges(now, stale);

    /// <summary>The credentials in a request that answer a challenge of ours, or null: then it must be challenged.</summary>
    public DigestCredentials? Read(SipMessage request)
    {
        // RFC 8760 §2.4: one Authorization for each challenge answered; ours is the one with our realm and nonce.
        foreach (var value in request.GetValues(SipHeaderId.Authorization))
        {
            if (_digest.Read(value, out var credentials) == DigestReading.Digest)
                return credentials;
        }

        return null;
    }

    /// <summary>Asks the host for the hash and judges the credentials; the verdict comes on the shard.</summary>
    /// <returns>Dispose to give up.</returns>
    public IDisposable Verify(
        SipShard shard, DigestCredentials credentials, string method, string sessionId, IPEndPoint source, Action<SipShard,
            AuthVerdict> onVerdict)
    {
        var request = new AuthRequest
        {
            Username = credentials.Username,
            Realm = credentials.Realm,
            Algorithm = credentials.Algorithm.ToToken(),
            Method = method,
            SessionId = sessionId,
            Source = source,
        };
        return hooks.Ask<IAuthProvider, AuthDecision>(
            shard,
            options.HandlerTimeout,
            sessionId,
            (provider, cancellation) => provider.AuthorizeAsync(request, cancellation),
            (owner, outcome) => onVerdict(owner, Judge(credentials, method, outcome, owner.Now)));
    }

    private AuthVerdict Judge(DigestCredentials credentials, string method, HookOutcome<AuthDecision> outcome, TimeSpan now)
    {
        if (outcome.Status != HookStatus.Answered)
        {
            metrics.Authenticated(method, outcome.Status.ToString());
            // RFC 3261 §21.5.4: what is over soon is 503, with Retry-After.
            return outcome.Status switch
            {
                HookStatus.TimedOut => new AuthVerdict(503, "the host took too long"),
                HookStatus.Unavailable => new AuthVerdict(503, "the host can't be asked"),
                _ => new AuthVerdict(500, "the host's provider failed"),
            };
        }

        // An unknown user is judged like a wrong password, with the same work and the same answer.
        var verdict = _digest.Verify(credentials, method, (outcome.Answer as AuthDecision.KnownUser)?.Ha1, now);
        metrics.Authenticated(method, verdict.ToString());
        return verdict switch
        {
            DigestVerdict.Accepted => new AuthVerdict(200, "accepted"),
            // RFC 3261 §22.1: an old or used nonce is no wrong password: the phone tries again with a new one.
            DigestVerdict.Stale or DigestVerdict.Replayed or DigestVerdict.ForeignNonce => new AuthVerdict(401, "the nonce is stale"),
            _ => new AuthVerdict(403, "wrong user or password"),
        };
    }
}
