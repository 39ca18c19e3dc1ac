using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Defence;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Server;
using Atm0s.Sip.Ways;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Registrar;

/// <summary>The registrar (RFC 3261 §10.3): challenges, checks, binds contacts and forgets them in time.</summary>
internal sealed class RegistrarService(
    SipServerOptions options, SipStack stack, RegistrationReporter reporter, Authenticator authenticator, AccessList access,
    LiveSources live, SipServerMetrics metrics, ILogger logger)
{
    private readonly BindingStore _store = new(live);

    public IReadOnlyList<RegistrationInfo> List() => [.. _store.All().Select(b => b.Info)];

    public IReadOnlyList<RegistrationInfo> Find(string username) => [.. _store.OfUser(username).Reverse().Select(b => b.Info)];

    public bool TryGet(string sessionId, [NotNullWhen(true)] out Binding? binding) => _store.TryGetSession(sessionId, out binding);

    /// <summary>The contacts of a user, newest first; empty when there is none.</summary>
    public IReadOnlyList<Binding> BindingsOf(string username) => [.. _store.OfUser(username).Reverse()];

    /// <summary>The newest binding of a contact, whoever has it, or null.</summary>
    public Binding? FindContact(string uri) => _store.All().Where(b => RedirectTargets.AreEqual(b.Info.Contact, uri)).MaxBy(b => b.BoundAt);

    /// <summary>
    /// The way to a phone that has registered since, for a call that is up: over another connection, or from another port of its NAT.
    /// </summary>
    /// <param name="username">Its user.</param>
    /// <param name="contact">Its Contact in the call.</param>
    /// <param name="since">When the call last heard where it is.</param>
    /// <param name="isLost">Whether the way it came is gone: then another Contact of the same host will do, or the only one the user
    /// has.</param>
    /// <returns>Null when the registrations know nothing newer.</returns>
    public SipFlow? FindFlow(string username, ReadOnlySpan<byte> contact, TimeSpan since, bool isLost)
    {
        var bindings = _store.OfUser(username);
        var uri = Encoding.UTF8.GetString(contact);
        var found = bindings.FindLast(b => b.Info.Contact == uri);
        if (found is null && isLost)
        {
            var host = SipUriView.TryParse(contact, out var view) ? Encoding.UTF8.GetString(view.Host) : "";
            found = bindings.FindLast(b => HasHost(b.Info.Contact, host)) ?? (bindings.Count == 1 ? bindings[0] : null);
        }

        return found is not null && !found.Flow.IsClosed && found.BoundAt > since ? found.Flow : null;
    }

    public void OnRegister(SipShard shard, SipFlow flow, SipMessage request)
    {
        // RFC 3261 §10.3 step 5: the address-of-record is the To URI, a SIP URI with a user.
        if (!SipUriView.TryParse(request.To.Uri, out var aor) || aor.Scheme is not (SipUriScheme.Sip or SipUriScheme.Sips)
            || SipNumbers.Of(aor) is not { Length: > 0 } username)
        {
            RefuseStateless(flow, request, new RegisterRefusal(400));
            return;
        }

        var action = access.Find(flow.RemoteEndPoint.Address);
        if (action == AccessAction.Refuse)
        {
            RefuseStateless(flow, request, new RegisterRefusal(403));
            return;
        }

        var reading = authenticator.Read(request, flow.RemoteEndPoint.Address);
        var credentials = reading.Credentials;
        // A trunk is trusted with calls only: else its server could register as any user.
        if (credentials is null && action != AccessAction.Trust)
        {
            // RFC 3261 §8.2.7: challenged without a transaction, so that a flood of REGISTERs leaves nothing behind.
            metrics.RegisterAnswered(401);
            SipShard.RespondStateless(flow, request, Challenge(shard, flow, request, reading.IsStale));
            return;
        }

        if (reading.Objection is { } objection)
        {
            SipShard.RespondStateless(flow, request, Refuse(request, username, flow, 400, objection));
            return;
        }

        if (!RegisterReader.TryRead(request, options.Registrar, out var wishes, out var refusal))
        {
            RefuseStateless(flow, request, refusal);
            return;
        }

        // Nobody registers for somebody else. The check comes after the credentials so that it tells nothing about who exists.
        if (shard.Accept(flow, request, null) is not { } exchange)
            return;
        exchange.AnswersLater(request);
        var pending = new PendingRegister(this, shard, exchange, flow, request, username, wishes);
        if (credentials is null)
        {
            pending.OnVerdict(new AuthVerdict(200, "its address is trusted"));
            return;
        }

        var addressOfRecord = Encoding.UTF8.GetString(request.To.Uri);
        var check = authenticator.Verify(
            shard,
            credentials,
            "REGISTER",
            addressOfRecord,
            pending.SessionId,
            flow.RemoteEndPoint,
            (_, verdict) => pending.OnVerdict(verdict));
        if (check is null)
            pending.Slow();
    }

    public void OnFlowClosed(SipFlow flow)
    {
        foreach (var binding in _store.OfConnection(flow))
        {
            // A connection of a proxy is not the phone's (RFC 3327): the next one to the proxy will do.
            if (binding.Info.Path.Count == 0)
                End(binding, UnregisterReason.FlowClosed);
        }
    }

    public void EndAll()
    {
        foreach (var binding in _store.All())
            End(binding, UnregisterReason.Shutdown);
    }

    /// <summary>The session that a new contact of the user gets, or the one it has: known before the host is asked.</summary>
    internal string SessionFor(string username, RegisterWishes wishes)
    {
        var bound = _store.OfUser(username);
        foreach (var wish in wishes.Contacts)
        {
            if (bound.Find(b => b.Info.Contact == wish.Uri) is { } known)
                return known.SessionId;
        }

        return stack.Ids.NewCallId();
    }

    /// <summary>Carries out an accepted REGISTER and writes its answer.</summary>
    internal (int Status, byte[] Response) Apply(SipShard shard, SipMessage request, RegisterWishes wishes, RegisterContext context)
    {
        while (true)
        {
            var current = _store.OfUser(context.Username);
            if (wishes.Contacts.Count > 0 && current.IsEmpty && _store.Count >= options.Registrar.MaxRegistrations)
                return (503, Answered(503, ServerResponses.Create(stack, request, 503, retryAfter: 60)));
            // RFC 3261 §10.3 step 7: out of order, so nothing changes.
            if (BindingUpdate.Compute(current, wishes, context) is not { } update)
                return (500, Answered(500, ServerResponses.Create(stack, request, 500)));
            foreach (var binding in update.Bound)
                binding.Timer = new SipTimer(shard, _ => End(binding, UnregisterReason.Expired));
            if (!_store.TryReplace(context.Username, current, update.Next))
                continue;

            foreach (var old in current.Where(b => !update.Next.Contains(b)))
                old.StopTimer();
            foreach (var (binding, reason) in update.Removed)
                reporter.Unregistered(binding.Info, reason);
            foreach (var binding in update.Bound)
            {
                reporter.Registered(binding.Info);
                binding.Timer!.Set(binding.ExpiresAt - shard.Now);
            }

            // The connection may have closed while the host was asked, or just now: nobody can be called over it.
            if (context.Flow.IsClosed)
                OnFlowClosed(context.Flow);

            return (200, Answered(200, RegisterResponses.CreateOk(stack, request, update.Next, shard.Now, wishes.Path)));
        }
    }

    private static bool HasHost(string contact, string host) => SipUri.TryParse(contact, out var uri) && uri.Host == host;

    internal byte[] Answered(int status, byte[] response)
    {
        metrics.RegisterAnswered(status);
        return response;
    }

    internal RegisterContext NewContext(
        SipShard shard, SipFlow flow, SipMessage request, string username, string? login, RegisterWishes wishes, string sessionId) =>
        new(sessionId, stack.Ids.NewCallId)
        {
            Username = username,
            Login = login,
            AddressOfRecord = Encoding.UTF8.GetString(request.To.Uri),
            Path = wishes.Path,
            SentBy = SentByOf(request),
            Realm = options.Realm,
            Shard = shard,
            Flow = flow,
            SipCallId = Encoding.UTF8.GetString(request.CallId),
            CSeq = request.CSeqNumber,
            UserAgent = request.TryGetHeader(SipHeaderId.UserAgent, out var agent) ? Encoding.UTF8.GetString(agent) : null,
            Now = shard.Now,
            MaxContacts = options.Registrar.MaxContactsPerUser,
        };

    internal byte[] Challenge(SipShard shard, SipFlow flow, SipMessage request, bool stale) =>
        ServerResponses.CreateChallenge(stack, request, authenticator.Challenge(shard.Now, flow.RemoteEndPoint.Address, stale));

    internal bool IsOurDomain(SipMessage request, SipFlow flow) =>
        SipUriView.TryParse(request.To.Uri, out var aor) && authenticator.Domains.IsOurs(aor.Host, flow);

    internal byte[] Refuse(SipMessage request, string username, SipFlow flow, int status, string reason)
    {
        ServerLog.RegisterRefused(logger, username, flow.RemoteEndPoint, status, reason);
        return Answered(status, ServerResponses.Create(stack, request, status, retryAfter: status == 503 ? 5 : null));
    }

    // A timer of a binding that was refreshed since finds that it is no longer the current one.
    private void End(Binding binding, UnregisterReason reason)
    {
        if (!_store.TryRemove(binding))
            return;
        binding.StopTimer();
        reporter.Unregistered(binding.Info, reason);
    }

    // RFC 3581 §4: who asks for rport is reached where its packets come from.
    private static IPEndPoint? SentByOf(SipMessage request)
    {
        var via = request.TopVia;
        return !via.HasRport && FlowAddresses.TryReadHost(via.Host, out var address)
            ? new IPEndPoint(address, via.Port == 0 ? 5060 : via.Port) : null;
    }

    private void RefuseStateless(SipFlow flow, SipMessage request, RegisterRefusal refusal)
    {
        var response = refusal.Status == 423
            ? RegisterResponses.CreateTooBrief(stack, request, options.Registrar.MinExpires)
            : ServerResponses.Create(stack, request, refusal.Status, refusal.Phrase);
        SipShard.RespondStateless(flow, request, Answered(refusal.Status, response));
    }
}
