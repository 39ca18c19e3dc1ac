using System.Net;
using System.Text;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Defence;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Ways;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Authentication;

/// <summary>
/// Digest authentication of requests (RFC 3261 §22): challenges without keeping anything, then asks the host for the user's hash.
/// </summary>
internal sealed class Authenticator(
    SipServerOptions options, HookRunner hooks, Offenders offenders, SipServerMetrics metrics, TimeProvider time, ILogger logger)
{
    // A phone answers one challenge, or one for each algorithm and proxy; what comes after so many is not looked at.
    private const int MaxCredentials = 8;

    private readonly DigestServer _digest = new(options.Realm, options.Authentication.Algorithms, options.Authentication.NonceLifetime);
    private readonly PasswordGuard _guard = new(options.Authentication);
    private volatile UserBuckets _users = new(options.Defence.MaxRequestsPerSecondPerUser, options.Defence.MaxBurstPerUser);

    /// <summary>The domains whose users we know.</summary>
    public OwnDomains Domains { get; } = new(options, time);

    /// <summary>The limits have changed.</summary>
    /// <param name="passwords">Whether those for wrong passwords have.</param>
    public void Renew(bool passwords)
    {
        if (passwords)
            _guard.Renew();
        var (perSecond, burst) = (options.Defence.MaxRequestsPerSecondPerUser, options.Defence.MaxBurstPerUser);
        if (_users.PerSecond != perSecond || _users.Burst != burst)
            _users = new UserBuckets(perSecond, burst);
    }

    /// <summary>Challenges for a 401, one for each algorithm.</summary>
    public DigestChallenges Challenge(TimeSpan now, IPAddress source, bool stale) =>
        _digest.Challenge(now, stale, NonceAddress(source));

    /// <summary>The credentials in a request that answer a challenge of ours.</summary>
    public AuthReading Read(SipMessage request, SipFlow flow)
    {
        var isStale = false;
        var left = MaxCredentials;
        // RFC 8760 §2.4: one Authorization for each challenge answered; ours is the one with our realm and nonce.
        foreach (var value in request.GetValues(SipHeaderId.Authorization))
        {
            if (left-- == 0)
                break;
            var reading = _digest.Read(value, out var credentials, NonceAddress(flow.RemoteEndPoint.Address));
            if (reading == DigestReading.Digest)
                return new AuthReading(credentials, Objection: ObjectionTo(credentials!, request, flow));
            isStale |= reading == DigestReading.ForeignNonce;
        }

        return new AuthReading(null, isStale);
    }

    /// <summary>Whether a request holds a nonce of ours that was given to this address: then it comes from there. Any thread.</summary>
    public bool HoldsNonce(SipMessage request, IPAddress address)
    {
        var left = MaxCredentials;
        foreach (var value in request.GetValues(SipHeaderId.Authorization))
        {
            if (left-- == 0)
                break;
            if (_digest.Read(value, out _, address) == DigestReading.Digest)
                return options.Authentication.BindNonceToSource;
        }

        return false;
    }

    /// <summary>Asks the host for the hash and judges the credentials; the verdict comes on the shard.</summary>
    /// <param name="shard">Shard of the request.</param>
    /// <param name="credentials">What the client says it is.</param>
    /// <param name="method">Method of the request.</param>
    /// <param name="addressOfRecord">Whom it speaks for.</param>
    /// <param name="sessionId">Id that it gets.</param>
    /// <param name="flow">The way it came.</param>
    /// <param name="onVerdict">Gets the verdict.</param>
    /// <param name="origin">The call that it is about; null for none.</param>
    /// <returns>Dispose to give up. Null when its source has guessed too often, or its user has asked too much, and has to wait: then there
    /// is no verdict.</returns>
    public IDisposable? Verify(
        SipShard shard,
        DigestCredentials credentials,
        string method,
        string addressOfRecord,
        string sessionId,
        SipFlow flow,
        Action<SipShard, AuthVerdict> onVerdict,
        IHookOrigin? origin = null)
    {
        var source = flow.RemoteEndPoint;
        if (_users.IsEmpty(credentials.Username, shard.Now))
        {
            metrics.LimitMet("user");
            return null;
        }

        var admission = _guard.TryEnter(credentials.Username, source, shard.Now);
        if (admission is PasswordAdmission.SourceSlowed or PasswordAdmission.UserLocked)
        {
            metrics.LimitMet(admission == PasswordAdmission.SourceSlowed ? "guesses-source" : "guesses-user");
            return null;
        }

        var check = new PasswordCheck(_guard, admission, credentials.Username, source, () => shard.Now);
        var request = new AuthRequest
        {
            Username = credentials.Username,
            Realm = credentials.Realm,
            Algorithm = credentials.Algorithm.ToToken(),
            Method = method,
            AddressOfRecord = addressOfRecord,
            SessionId = sessionId,
            Source = source,
            Certificate = FlowIdentity.Of(flow),
        };
        try
        {
            check.Question = hooks.Ask<IAuthProvider, AuthDecision>(
                shard,
                options.HandlerTimeout,
                sessionId,
                (provider, cancellation) => provider.AuthorizeAsync(request, cancellation),
                (owner, outcome) => onVerdict(owner, Judge(check, credentials, method, source, outcome, owner.Now)),
                origin: origin);
        }
        catch
        {
            // A listener of traces, say: what is not asked counts no more.
            check.End(isRight: null);
            throw;
        }

        return check;
    }

    private IPAddress? NonceAddress(IPAddress source) => options.Authentication.BindNonceToSource ? source : null;

    // RFC 7616 §3.4.6, and RFC 3261 §22.4 point 8: who is offered qop has to use it. Both can be seen without asking anybody, so they tell
    // nothing of who exists.
    private string? ObjectionTo(DigestCredentials credentials, SipMessage request, SipFlow flow) =>
        options.Authentication.RequireQop && !credentials.HasQop
            ? "its credentials have no qop (Authentication.RequireQop = false takes phones that know none)"
        : !IsFor(credentials, request, flow) ? "its credentials are for another number or server"
        : null;

    // A REGISTER names no user in its Request-URI (RFC 3261 §10.2); phones that put theirs into the digest mean the same. The host is that
    // of the Request-URI, or where a proxy has changed it that of To, or we by another name.
    private bool IsFor(DigestCredentials credentials, SipMessage request, SipFlow flow) =>
        credentials.AreFor(request.Method == SipMethod.Register ? request.To.Uri : request.RequestUri, out var host)
        && (IsHostOf(request.RequestUri, host) || IsHostOf(request.To.Uri, host) || Domains.IsNamed(host, flow));

    private static bool IsHostOf(ReadOnlySpan<byte> uri, ReadOnlySpan<byte> host) =>
        SipUriView.TryParse(uri, out var view) && Ascii.EqualsIgnoreCase(view.Host, host);

    private AuthVerdict Judge(
        PasswordCheck check,
        DigestCredentials credentials,
        string method,
        IPEndPoint source,
        HookOutcome<AuthDecision> outcome,
        TimeSpan now)
    {
        if (outcome.Status != HookStatus.Answered)
        {
            check.End(isRight: null);
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
        var known = outcome.Answer as AuthDecision.KnownUser;
        var verdict = _digest.Verify(credentials, method, known?.Ha1, now);
        metrics.Authenticated(method, verdict.ToString());
        var isWrong = verdict == DigestVerdict.Rejected;
        if (verdict == DigestVerdict.Accepted)
        {
            _users.Take(credentials.Username, now);
            offenders.Forgive(source.Address);
        }

        // A nonce for every address does not show where its user is.
        if (isWrong && options.Authentication.BindNonceToSource && offenders.Add(source.Address, now))
            ServerLog.OffenderDropped(logger, source.Address, options.Defence.DropDuration);
        var (isSlowed, isLocked) = check.End(isRight: verdict is DigestVerdict.Accepted ? true : isWrong ? false : null);
        if (isWrong)
            ServerLog.WrongPassword(logger, source.Address, method, LogText.Word(credentials.Username));
        if (isLocked)
            ServerLog.UserLocked(logger, LogText.Word(credentials.Username), options.Authentication.WrongPasswordWindow);
        if (isSlowed)
            ServerLog.GuessingSlowed(logger, source.Address, options.Authentication.WrongPasswordRecovery);
        return verdict switch
        {
            DigestVerdict.Accepted => new AuthVerdict(200, "accepted", new Login(credentials.Username, known!.Numbers)),
            // RFC 3261 §22.1: an old or used nonce is no wrong password: the phone tries again with a new one.
            DigestVerdict.Stale or DigestVerdict.Replayed or DigestVerdict.ForeignNonce => new AuthVerdict(401, "the nonce is stale"),
            _ => new AuthVerdict(403, "wrong user or password"),
        };
    }
}
