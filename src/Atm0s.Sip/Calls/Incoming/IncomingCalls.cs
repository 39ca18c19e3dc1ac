using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Calls.Setup;
using Atm0s.Sip.Calls.Transfers;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Diagnostics.Tracing;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Server;
using Atm0s.Sip.Trunks;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Incoming;

/// <summary>
/// Takes INVITEs outside a dialog. What can be refused without asking anybody is, without keeping anything; whose credentials must be
/// checked becomes a <see cref="PendingInvite"/>; the rest becomes an <see cref="Call"/>.
/// </summary>
internal sealed class IncomingCalls(CallServices services)
{
    private const string DrainReason = "the server takes no new calls: it drains";

    // Each holds a copy of its INVITE for as long as the host thinks: bounded, whoever sends them.
    private const int MaxPending = 10_000;
    private const int MaxPendingPerSource = 1_000;

    private readonly SourceLimiter _pendingPlaces = new(MaxPending, MaxPendingPerSource);
    private readonly ConcurrentDictionary<PendingInvite, bool> _pending = new();
    private readonly CallQuotas _quotas = new(services.Options.Calls);
    private readonly UnverifiedCalls _unverified = new(services.Options.Calls, services.Options.Media);
    // A copy: the options may change while a call is looked at.
    private volatile string[] _openPrefixes = [.. services.Options.Authentication.OpenNumberPrefixes];

    /// <summary>The limits have changed, or the numbers that anybody may call.</summary>
    public void Renew()
    {
        _openPrefixes = [.. services.Options.Authentication.OpenNumberPrefixes];
        _quotas.Renew();
        _unverified.Renew();
    }

    public void OnInvite(SipShard shard, SipFlow flow, SipMessage request)
    {
        var action = services.Access.Find(flow.RemoteEndPoint.Address);
        if (action == AccessAction.Refuse)
        {
            Refuse(flow, request, default, 403, "access_rule", "an IP rule refuses the address");
            return;
        }

        // What would have to be sent over TLS is not sent in the clear.
        if (!UriTransport.CanAnswerTo(request, flow, services.Stack.Spoken))
        {
            Refuse(flow, request, default, 400, "transport", "Contact or Record-Route asks for a transport that is not spoken here");
            return;
        }

        var trunk = services.Trunks.FindBySource(flow, request.RequestUri);
        var isTrusted = action == AccessAction.Trust || (action is null && trunk is { Options.TrustNetworks: true });
        var source = new InviteSource(isTrusted, trunk);
        if (source.IsTrusted || !NeedsCredentials(request))
        {
            TakeUnasked(shard, flow, request, source);
            return;
        }

        var reading = services.Authenticator.Read(request, flow);
        if (reading.Credentials is not { } credentials)
        {
            var challenges = services.Authenticator.Challenge(shard.Now, flow.RemoteEndPoint.Address, reading.IsStale);
            ServerResponses.SendChallenge(services.Stack, flow, request, challenges);
            return;
        }

        if (reading.Objection is { } objection)
        {
            Refuse(flow, request, source, 400, "credentials", objection);
            return;
        }

        // A trunk calls in the name of its callers; a phone at the same address does not.
        var isTrunk = trunk is not null && (credentials.Username == trunk.User || credentials.Username == trunk.Options.Name);
        Check(shard, flow, request, isTrunk ? source : source with { Over = null }, credentials);
    }

    /// <summary>Whether an INVITE makes a call beside those that are up; one that takes the place of another does not (RFC 3891).</summary>
    public static bool IsNew(SipMessage request) => !Replacement.IsFor(request);

    /// <summary>Refuses a new call because the server drains.</summary>
    /// <param name="flow">The way it came.</param>
    /// <param name="request">Its INVITE.</param>
    /// <param name="retryAfter">Seconds after which it may be tried here again.</param>
    public void RefuseDraining(SipFlow flow, SipMessage request, int retryAfter)
    {
        services.Metrics.Calls.InviteAnswered(CallDirection.Incoming, 503);
        services.Metrics.Calls.Refused(CallDirection.Incoming, "draining");
        ServerLog.InviteOverLimit(
            services.Logger, Encoding.UTF8.GetString(request.CallId), flow.RemoteEndPoint, DrainReason);
        Answer(flow, request, default, 503, DrainReason, retryAfter);
    }

    /// <summary>Refuses what is still being checked: the server stops. Any thread.</summary>
    public void Stop()
    {
        foreach (var (pending, _) in _pending)
            pending.Stop();
    }

    private static string UserOf(ReadOnlySpan<byte> uri) => SipNumbers.Of(uri);

    // Why somebody with a right password may not call in the name that he gives, or null.
    private string? ObjectionTo(SipMessage request, InviteSource source, SipFlow flow, Login login)
    {
        if (source.Trunk is not null || !services.Options.Authentication.FromMustMatchUser || CallerIdentity.IsWithheld(request))
            return null;
        if (!login.Owns(UserOf(request.From.Uri)))
            return "From is not a number of the authenticated user";
        return SipUriView.TryParse(request.From.Uri, out var from)
            && from.Scheme == SipUriScheme.Sip
            && !services.Authenticator.Domains.IsOurs(from.Host, flow) ? "the domain in From is not ours" : null;
    }

    // The number is in two places: the host decides by To, the Request-URI says where the call goes (RFC 3261 §8.1.1.1). Open means both.
    private bool NeedsCredentials(SipMessage request) =>
        services.Options.Authentication.RequireForCalls
        && (_openPrefixes.Length == 0
            || !IsOpen(UserOf(request.To.Uri))
            || !IsOpen(UserOf(request.RequestUri)));

    private bool IsOpen(string number)
    {
        foreach (var prefix in _openPrefixes)
        {
            if (number.StartsWith(prefix, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private void TakeUnasked(SipShard shard, SipFlow flow, SipMessage request, InviteSource source)
    {
        if (SessionBody.TryRead(request, out var offer) is { } unreadable)
        {
            Refuse(flow, request, source, unreadable.Status == 415 ? 415 : 400, "body", unreadable.Reason);
            return;
        }

        UnverifiedCall? place = null;
        if (!source.IsVouchedFor && services.Media.Engine.IsScarce)
        {
            RefuseOverload(flow, request, source, "calls_unverified", "the media threads have time only for callers who are known");
            return;
        }

        if (!source.IsVouchedFor && (place = _unverified.TryEnter(flow.RemoteEndPoint.Address)) is null)
        {
            RefuseOverload(flow, request, source, "calls_unverified", "its address has as many calls as it may have");
            return;
        }

        CallQuota? quota = null;
        if (source.IsVouchedFor && (quota = QuotaOf(source, flow)) is null)
        {
            // RFC 3261 §21.5.4: a carrier takes another way for the next one.
            RefuseOverload(flow, request, source, "calls_quota", "its trunk or address has as many calls as it may have");
            return;
        }

        if (source.IsVouchedFor
            && !flow.IsReliable
            && (place = _unverified.TryEnterTrusted(flow.RemoteEndPoint.Address, host => IsOfSender(host, flow, source.Over))) is null)
        {
            quota!.Dispose();
            RefuseOverload(flow, request, source, "calls_unconfirmed", "too many calls from trusted addresses wait for their ACK");
            return;
        }

        if (!services.Calls.TryTakePlace(services.Options.Calls.MaxCalls))
        {
            place?.Dispose();
            quota?.Dispose();
            RefuseOverload(flow, request, source, "calls_max", "the server has as many calls as it may have");
            return;
        }

        if (shard.Accept(flow, request, null) is not { } exchange)
        {
            GiveBack(place, quota);
            return;
        }

        Call call;
        ReceivedInvite invite;
        try
        {
            if (!source.IsVouchedFor)
                exchange.DistrustClient();
            var info = NewInfo(services.Stack.Ids.NewCallId(), request, source);
            var trace = services.Tracer.BeginIncoming(flow, TraceParent.Of(services, request, source.Trunk));
            invite = new ReceivedInvite(request, offer, flow, source);
            call = NewCall(shard, flow, invite, info, source, place, quota, trace);
        }
        catch
        {
            // No call has its place; the shard answers 500.
            GiveBack(place, quota);
            throw;
        }

        Begin(call, flow, exchange, invite);
    }

    private void GiveBack(UnverifiedCall? place, CallQuota? quota)
    {
        services.Calls.GiveBack();
        place?.Dispose();
        quota?.Dispose();
    }

    private void Check(SipShard shard, SipFlow flow, SipMessage request, InviteSource source, DigestCredentials credentials)
    {
        var address = flow.RemoteEndPoint.Address;
        if (!_pendingPlaces.TryEnter(address))
        {
            RefuseOverload(flow, request, source, "checks_max", "too many calls are being checked");
            return;
        }

        if (shard.Accept(flow, request, null) is not { } exchange)
        {
            _pendingPlaces.Leave(address);
            return;
        }

        PendingInvite? pending = null;
        try
        {
            pending = new PendingInvite(services, shard, flow, exchange, request, source, done =>
            {
                _pending.TryRemove(done, out _);
                _pendingPlaces.Leave(address);
            });
            _pending[pending] = true;
            pending.Check(
                credentials,
                (invite, login) => ObjectionTo(invite, source, flow, login),
                verified => OnVerified(shard, verified, credentials.Username));
        }
        catch
        {
            // Who is not checked has no place among those that are. Without a PendingInvite the shard answers 500.
            if (pending is null)
                _pendingPlaces.Leave(address);
            else
                pending.Stop();
            throw;
        }
    }

    private void OnVerified(SipShard shard, PendingInvite verified, string username)
    {
        var (exchange, request) = (verified.Exchange, verified.Request);
        if (SessionBody.TryRead(request, out var offer) is { } unreadable)
        {
            Answer(unreadable.Status == 415 ? 415 : 400, "body", unreadable.Reason);
            return;
        }

        var isTrunk = verified.Source.Trunk is not null;
        if ((isTrunk ? QuotaOf(verified.Source, verified.Flow) : _quotas.TryEnterUser(username)) is not { } quota)
        {
            // Not 503 to a user: a proxy between us would take the whole server for overloaded (RFC 3261 §21.5.4).
            services.Metrics.LimitMet("calls");
            Answer(isTrunk ? 503 : 486, "calls_quota", "its user or trunk has as many calls as it may have");
            return;
        }

        if (!services.Calls.TryTakePlace(services.Options.Calls.MaxCalls))
        {
            quota.Dispose();
            Answer(503, "calls_max", "the server has as many calls as it may have");
            return;
        }

        Call call;
        ReceivedInvite invite;
        try
        {
            var info = NewInfo(verified.CallId, request, verified.Source) with { Username = username };
            invite = new ReceivedInvite(request, offer, verified.Flow, verified.Source, verified.Login);
            call = NewCall(shard, verified.Flow, invite, info, verified.Source, null, quota, verified.Trace);
        }
        catch
        {
            GiveBack(null, quota);
            exchange.User = null; // the shard answers 500
            throw;
        }

        Begin(call, verified.Flow, exchange, invite);
        void Answer(int status, string name, string reason)
        {
            services.Metrics.Calls.InviteAnswered(CallDirection.Incoming, status);
            services.Metrics.Calls.Refused(CallDirection.Incoming, name);
            verified.Trace?.OnRefused(status, reason);
            ServerLog.InviteRefused(verified.Logger, verified.CallId, verified.Flow.RemoteEndPoint, status, reason);
            var retryAfter = status == 503 ? 5 : (int?)null;
            var response = ServerResponses.Create(services.Stack, request, status, toTag: exchange.LocalTag, retryAfter: retryAfter);
            exchange.Respond(status, response);
            if (services.Refused.TryTake())
                services.Refused.Add(verified.CallId, verified.Flow, request, verified.Source, response, status, reason);
            exchange.User = null;
        }
    }

    private static CallInfo NewInfo(string callId, SipMessage request, InviteSource source) => new()
    {
        CallId = callId,
        SipCallId = Encoding.UTF8.GetString(request.CallId),
        Direction = CallDirection.Incoming,
        From = UserOf(request.From.Uri),
        To = UserOf(request.To.Uri),
        Trunk = source.Trunk,
    };

    private bool IsOfSender(IPAddress host, SipFlow flow, Trunk? trunk) =>
        SourceKey.Of(host) == SourceKey.Of(flow.RemoteEndPoint.Address)
        || services.Access.Find(host) == AccessAction.Trust
        || trunk?.IsSource(host) == true;

    private CallQuota? QuotaOf(InviteSource source, SipFlow flow) =>
        source.Trunk is not { } name ? _quotas.TryEnterSource(flow.RemoteEndPoint.Address)
        : _quotas.TryEnterTrunk(name, services.Trunks.TryGet(name, out var trunk) ? trunk.Options.MaxCalls : null);

    private Call NewCall(
        SipShard shard,
        SipFlow flow,
        ReceivedInvite invite,
        CallInfo info,
        InviteSource source,
        UnverifiedCall? place,
        CallQuota? quota,
        CallTrace? trace)
    {
        trace?.Describe(info);
        return new Call(services, shard, info, source.Over?.Options.Credentials, place)
        {
            CallerAuthentication = invite.AuthenticationOf(info),
            RemoteHeaders = invite.Headers,
            Quota = quota,
            Hops = HopLimit.Of(invite.Message),
            UsesSips = flow.IsSecure && SipDialog.NeedsSipsContact(invite.Message),
            Trace = trace,
            Trunk = source.Over is { } trunk ? new TrunkSources(trunk) : null,
        };
    }

    // From here on the place is the call's, which gives it back when it ends.
    private void Begin(Call call, SipFlow flow, ServerExchange exchange, ReceivedInvite invite)
    {
        services.Calls.Add(call);
        call.Guard(() => call.Begin(new InboundSetup(call, flow, exchange, invite)));
    }

    private void Refuse(SipFlow flow, SipMessage request, InviteSource source, int status, string name, string reason)
    {
        services.Metrics.Calls.InviteAnswered(CallDirection.Incoming, status);
        services.Metrics.Calls.Refused(CallDirection.Incoming, name);
        ServerLog.InviteRefused(services.Logger, Encoding.UTF8.GetString(request.CallId), flow.RemoteEndPoint, status, reason);
        Answer(flow, request, source, status, reason, null);
    }

    // RFC 3261 §21.5.4
    private void RefuseOverload(SipFlow flow, SipMessage request, InviteSource source, string name, string reason)
    {
        services.Metrics.Calls.InviteAnswered(CallDirection.Incoming, 503);
        services.Metrics.Calls.Refused(CallDirection.Incoming, name);
        services.Metrics.LimitMet("calls");
        ServerLog.InviteOverLimit(services.Logger, Encoding.UTF8.GetString(request.CallId), flow.RemoteEndPoint, reason);
        Answer(flow, request, source, 503, reason, retryAfter: 5);
    }

    private void Answer(SipFlow flow, SipMessage request, InviteSource source, int status, string reason, int? retryAfter)
    {
        if (!services.Refused.TryTake())
        {
            ServerResponses.Send(services.Stack, flow, request, status, retryAfter: retryAfter);
            return;
        }

        var response = ServerResponses.Create(services.Stack, request, status, retryAfter: retryAfter);
        SipShard.RespondStateless(flow, request, response);
        services.Refused.Add(null, flow, request, source, response, status, reason);
    }
}
