using System.Text;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Diagnostics.Tracing;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Server;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Calls.Incoming;

/// <summary>
/// An INVITE whose credentials are being checked. It is no call yet: it takes no place, no room, no port, and no observer hears of it. What
/// is refused is answered once and forgotten, for its source is still anybody (RFC 3261 §8.2.7, §22.1).
/// </summary>
internal sealed class PendingInvite : IServerExchangeUser, IHookOrigin
{
    private readonly CallServices _services;
    private readonly SipShard _shard;
    private readonly Action<PendingInvite> _onDone;
    private IDisposable? _question;
    private bool _isDone;

    /// <param name="services">What every call needs.</param>
    /// <param name="shard">Shard of the INVITE.</param>
    /// <param name="flow">Where it came from.</param>
    /// <param name="exchange">Its transaction.</param>
    /// <param name="request">The INVITE; copied.</param>
    /// <param name="source">What its address says.</param>
    /// <param name="onDone">Told when the check is over, whatever came of it.</param>
    public PendingInvite(
        CallServices services,
        SipShard shard,
        SipFlow flow,
        ServerExchange exchange,
        SipMessage request,
        InviteSource source,
        Action<PendingInvite> onDone)
    {
        _services = services;
        _shard = shard;
        _onDone = onDone;
        Flow = flow;
        Exchange = exchange;
        Request = request.Clone();
        Source = source;
        CallId = services.Stack.Ids.NewCallId();
        Logger = new CallLogger(services.Logger, CallId, Encoding.UTF8.GetString(request.CallId));
        Trace = services.Tracer.BeginIncoming(flow, TraceParent.Of(services, request, source.Trunk));
        exchange.User = this;
    }

    public SipFlow Flow { get; }

    public ILogger Logger { get; }

    public CallTrace? Trace { get; }

    public ServerExchange Exchange { get; }

    public SipMessage Request { get; }

    public InviteSource Source { get; }

    /// <summary>Id that the call will have.</summary>
    public string CallId { get; }

    /// <summary>Who he has shown to be; null before.</summary>
    public Login? Login { get; private set; }

    /// <summary>Asks the host.</summary>
    /// <param name="credentials">What the caller says he is.</param>
    /// <param name="objection">Why he may not call like this although the password is right, or null.</param>
    /// <param name="onVerified">Takes the INVITE over when he may.</param>
    public void Check(DigestCredentials credentials, Func<SipMessage, Login, string?> objection, Action<PendingInvite> onVerified)
    {
        var from = Encoding.UTF8.GetString(Request.From.Uri);
        _question = _services.Authenticator.Verify(_shard, credentials, "INVITE", from, CallId, Flow, (_, verdict) =>
        {
            if (_isDone)
                return;
            if (verdict.Login is not { } login)
            {
                Refuse(verdict);
                return;
            }

            if (objection(Request, login) is { } reason)
            {
                Refuse(new AuthVerdict(403, reason));
                return;
            }

            using (Request)
            {
                Done();
                Login = login;
                onVerified(this);
            }
        }, this);
        if (_question is null)
            Refuse(new AuthVerdict(503, "too many wrong passwords from its address, or requests of its user"));
    }

    /// <summary>The server stops. Any thread.</summary>
    public void Stop() =>
        _shard.Post(_ => Refuse(new AuthVerdict(503, "the server stops")));

    void IServerExchangeUser.OnCancel(SipShard shard, ServerExchange exchange, SipMessage cancel) =>
        Refuse(new AuthVerdict(487, "the caller gave up"));

    void IServerExchangeUser.OnFailed(SipShard shard, ServerExchange exchange) =>
        Refuse(new AuthVerdict(503, "the connection to the caller is gone"));

    private void Refuse(AuthVerdict verdict)
    {
        if (_isDone)
            return;
        using (Request)
        {
            Done();
            _question?.Dispose();
            var response = ServerResponses.Create(
                _services.Stack,
                Request,
                verdict.Status,
                toTag: Exchange.LocalTag,
                retryAfter: verdict.Status == 503 ? 5 : null,
                challenges: verdict.Status == 401
                    ? _services.Authenticator.Challenge(_shard.Now, Flow.RemoteEndPoint.Address, stale: true)
                    : null);
            // The answer before the news: whatever becomes of those, nothing waits for an answer that nobody will give.
            Exchange.RespondOnce(response);
            _services.Metrics.Calls.InviteAnswered(CallDirection.Incoming, verdict.Status);
            _services.Metrics.Calls.Refused(CallDirection.Incoming, NameOf(verdict.Status));
            ServerLog.InviteRefused(Logger, CallId, Flow.RemoteEndPoint, verdict.Status, verdict.Reason);
            Trace?.OnRefused(verdict.Status, verdict.Reason);
            // Who is asked again with a fresh nonce has not failed.
            if (verdict.Status is not (401 or 487) && _services.Refused.TryTake())
                _services.Refused.Add(CallId, Flow, Request, Source, response, verdict.Status, verdict.Reason);
        }
    }

    private static string NameOf(int status) => status switch
    {
        401 or 403 => "credentials",
        487 => "cancelled",
        _ => "unavailable",
    };

    private void Done()
    {
        _isDone = true;
        _onDone(this);
    }
}
