using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
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
    private readonly BindingUpdate[] _updates = [.. stack.Shards.Select(_ => new BindingUpdate())];

    /// <summary>The limits.</summary>
    public RegistrarOptions Options => options.Registrar;

    /// <summary>Our realm.</summary>
    public string Realm => options.Realm;

    /// <summary>Texts that many phones have in common.</summary>
    public SharedTexts Texts { get; } = new();

    /// <summary>Contacts that are registered now.</summary>
    public int Count => _store.Count;

    public IReadOnlyList<RegistrationInfo> List() => [.. _store.All().Select(b => b.Info)];

    public IReadOnlyList<RegistrationInfo> Find(string username) => [.. BindingsOf(username).Select(b => b.Info)];

    public bool TryGet(string sessionId, [NotNullWhen(true)] out Binding? binding) => _store.TryGetSession(sessionId, out binding);

    /// <summary>The contacts of a user, newest first; empty when there is none.</summary>
    public IReadOnlyList<Binding> BindingsOf(string username)
    {
        var bindings = _store.OfUser(username).ToArray();
        Array.Reverse(bindings);
        return bindings;
    }

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
    /// <param name="isWebSocket">Whether it came over a WebSocket: then the call is a page's, whose Contact has a host that is invented
    /// and a user that it has drawn (RFC 7118 §5, appendix B.1). Another page of the user knows nothing of it, nor does his desk phone.</param>
    /// <returns>Null when the registrations know nothing newer.</returns>
    public SipFlow? FindFlow(string username, ReadOnlySpan<byte> contact, TimeSpan since, bool isLost, bool isWebSocket)
    {
        var bindings = BindingsOf(username);
        var uri = Encoding.UTF8.GetString(contact);
        var found = bindings.FirstOrDefault(b => b.Info.Contact == uri);
        if (isWebSocket)
            found = FindPage(bindings, uri, contact, isLost);
        else if (found is null && isLost)
        {
            var host = SipUriView.TryParse(contact, out var view) ? Encoding.UTF8.GetString(view.Host) : "";
            found = bindings.FirstOrDefault(b => HasHost(b.Info.Contact, host)) ?? (bindings.Count == 1 ? bindings[0] : null);
        }

        return found is not null && !found.Flow.IsClosed && found.BoundAt > since ? found.Flow : null;
    }

    private static Binding? FindPage(IReadOnlyList<Binding> bindings, string uri, ReadOnlySpan<byte> contact, bool isLost)
    {
        var user = SipUriView.TryParse(contact, out var view) ? view.User : default;
        foreach (var binding in bindings)
        {
            if (binding.Flow.Protocol.IsWebSocket()
                && (binding.Info.Contact == uri || (isLost && HasUser(binding.Info.Contact, user))))
                return binding;
        }

        return null;
    }

    private static bool HasUser(string contact, ReadOnlySpan<byte> user) =>
        !user.IsEmpty && SipUriView.TryParse(Encoding.UTF8.GetBytes(contact), out var view) && view.User.SequenceEqual(user);

    public void OnRegister(SipShard shard, SipFlow flow, SipMessage request)
    {
        // RFC 3261 §10.3 step 5: the address-of-record is the To URI, a SIP URI with a user.
        if (!SipUriView.TryParse(request.To.Uri, out var aor) || aor.Scheme is not (SipUriScheme.Sip or SipUriScheme.Sips)
            || aor.User.IsEmpty)
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

        var reading = authenticator.Read(request, flow);
        var credentials = reading.Credentials;
        // A trunk is trusted with calls only: else its server could register as any user.
        if (credentials is null && action != AccessAction.Trust)
        {
            // RFC 3261 §8.2.7: challenged without a transaction, so that a flood of REGISTERs leaves nothing behind.
            metrics.RegisterAnswered(401);
            ServerResponses.SendChallenge(
                stack, flow, request, authenticator.Challenge(shard.Now, flow.RemoteEndPoint.Address, reading.IsStale));
            return;
        }

        // Not before: who is only challenged leaves nothing to collect.
        if (SipNumbers.Of(aor) is not { Length: > 0 } username)
        {
            RefuseStateless(flow, request, new RegisterRefusal(400));
            return;
        }

        if (reading.Objection is { } objection)
        {
            using var refused = PooledBufferWriter.Rent();
            Answered(Refuse(request, username, flow, 400, objection, refused));
            SipShard.RespondStateless(flow, request, refused.WrittenSpan);
            return;
        }

        if (!RegisterReader.TryRead(
                request, options.Registrar, out var wishes, out var refusal, flow.Protocol.IsWebSocket(), stack.Spoken, flow.IsSecure))
        {
            RefuseStateless(flow, request, refusal);
            return;
        }

        // Nobody registers for somebody else. The check comes after the credentials so that it tells nothing about who exists.
        var pending = new PendingRegister(this, shard, flow, request, username, wishes);
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
            flow,
            // No closure: one would be made at the entrance, for those too who are only challenged.
            pending.OnVerdict);
        if (check is null)
            pending.Slow();
        else if (!pending.IsAnswered)
            pending.Wait(check is PasswordCheck { IsThrough: true });
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

    /// <summary>The time of a binding is over. On its shard.</summary>
    public void OnExpired(Binding binding)
    {
        if (_store.TryRemove(binding))
            reporter.Unregistered(binding.Info, UnregisterReason.Expired);
    }

    /// <summary>An id for a session that is new.</summary>
    internal string NewSessionId() => stack.Ids.NewCallId();

    /// <summary>The session that a new contact of the user gets, or the one it has: known before the host is asked.</summary>
    internal string SessionFor(string username, SipMessage request)
    {
        var bound = _store.OfUser(username);
        if (bound.Length > 0)
        {
            foreach (var value in request.GetValues(SipHeaderId.Contact))
            {
                if (!NameAddressView.TryParse(value, out var contact))
                    continue;
                foreach (var binding in bound)
                {
                    if (KnownText.AreEqual(binding.Info.Contact, contact.Uri))
                        return binding.SessionId;
                }
            }
        }

        return NewSessionId();
    }

    /// <summary>Carries out an accepted REGISTER and writes its answer.</summary>
    internal int Apply(ref RegisterContext context, PooledBufferWriter response)
    {
        var (shard, request, flow) = (context.Shard, context.Request, context.Flow);
        var update = _updates[shard.Index];
        switch (_store.Apply(update, ref context))
        {
            case RegisterResult.Full:
                ServerResponses.Write(response, stack, request, 503, retryAfter: 60);
                return 503;
            case RegisterResult.OutOfOrder:
                update.Clear();
                ServerResponses.Write(response, stack, request, 500);
                return 500;
        }

        // The deadlines first: whatever becomes of the news, no binding stays without one.
        foreach (var old in update.Gone)
            old.StopTimer(shard);
        foreach (var binding in update.Bound)
            binding.StartTimer();
        foreach (var (binding, reason) in update.Removed)
            reporter.Unregistered(binding.Info, reason);
        foreach (var binding in update.Bound)
        {
            reporter.Registered(binding.Info);
        }

        // The connection may have closed while the host was asked, or just now: nobody can be called over it.
        if (flow.IsClosed)
            OnFlowClosed(flow);
        RegisterResponses.WriteOk(response, stack, request, update.Next, shard.Now, context.Path);
        update.Clear();
        return 200;
    }

    private static bool HasHost(string contact, string host) => SipUri.TryParse(contact, out var uri) && uri.Host == host;

    internal void Answered(int status) => metrics.RegisterAnswered(status);

    internal int Challenge(SipShard shard, SipFlow flow, SipMessage request, bool stale, PooledBufferWriter response)
    {
        ServerResponses.WriteChallenge(
            response, stack, request, authenticator.Challenge(shard.Now, flow.RemoteEndPoint.Address, stale));
        return 401;
    }

    internal bool IsOurDomain(SipMessage request, SipFlow flow) =>
        SipUriView.TryParse(request.To.Uri, out var aor) && authenticator.Domains.IsOurs(aor.Host, flow);

    internal int Refuse(
        SipMessage request, string username, SipFlow flow, int status, string reason, PooledBufferWriter response)
    {
        ServerLog.RegisterRefused(logger, username, flow.RemoteEndPoint, status, reason);
        ServerResponses.Write(response, stack, request, status, retryAfter: status == 503 ? 5 : null);
        return status;
    }

    // A timer of a binding that was refreshed since finds that it is no longer the current one.
    private void End(Binding binding, UnregisterReason reason)
    {
        if (!_store.TryRemove(binding))
            return;
        binding.StopTimer();
        reporter.Unregistered(binding.Info, reason);
    }

    private void RefuseStateless(SipFlow flow, SipMessage request, RegisterRefusal refusal)
    {
        using var response = PooledBufferWriter.Rent();
        if (refusal.Status == 423)
            RegisterResponses.WriteTooBrief(response, stack, request, options.Registrar.MinExpires);
        else
            ServerResponses.Write(response, stack, request, refusal.Status, refusal.Phrase);
        Answered(refusal.Status);
        SipShard.RespondStateless(flow, request, response.WrittenSpan);
    }
}
