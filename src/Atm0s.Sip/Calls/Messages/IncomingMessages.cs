using Atm0s.Sip.Authentication;
using Atm0s.Sip.Calls.Debts;
using Atm0s.Sip.Calls.Incoming;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Server;

namespace Atm0s.Sip.Calls.Messages;

/// <summary>
/// Takes MESSAGEs outside of a dialog (RFC 3428 §7): the address, the trunk and the password are asked for as of a call, then the host.
/// What is kept meanwhile is bounded, whoever sends them.
/// </summary>
internal sealed class IncomingMessages(CallServices services)
{
    private const int MaxPending = 2_000;
    private const int MaxPendingPerSource = 64;

    private readonly SourceLimiter _places = new(MaxPending, MaxPendingPerSource);

    public void OnMessage(SipShard shard, SipFlow flow, SipMessage request)
    {
        var action = services.Access.Find(flow.RemoteEndPoint.Address);
        if (action == AccessAction.Refuse)
        {
            Refuse(flow, request, 403);
            return;
        }

        var trunk = services.Trunks.FindBySource(flow, request.RequestUri);
        var isTrusted = action == AccessAction.Trust || (action is null && trunk is { Options.TrustNetworks: true });
        if (isTrusted || !services.Options.Authentication.RequireForCalls)
        {
            var authentication = isTrusted ? CallerAuthentication.Address : CallerAuthentication.None;
            if (TryEnter(shard, flow, request) is { } taken)
                Ask(taken, null, authentication, trunk?.Options.Name);
            return;
        }

        var reading = services.Authenticator.Read(request, flow);
        if (reading.Credentials is not { } credentials)
        {
            var challenges = services.Authenticator.Challenge(shard.Now, flow.RemoteEndPoint.Address, reading.IsStale);
            ServerResponses.SendChallenge(services.Stack, flow, request, challenges);
        }
        else if (reading.Objection is not null)
        {
            Refuse(flow, request, 400);
        }
        else if (TryEnter(shard, flow, request) is { } pending)
        {
            var isTrunk = trunk is not null && (credentials.Username == trunk.User || credentials.Username == trunk.Options.Name);
            Check(pending, credentials, isTrunk ? trunk!.Options.Name : null);
        }
    }

    private PendingMessage? TryEnter(SipShard shard, SipFlow flow, SipMessage request)
    {
        var address = flow.RemoteEndPoint.Address;
        if (!_places.TryEnter(address))
        {
            ServerResponses.Send(services.Stack, flow, request, 503, retryAfter: 5);
            return null;
        }

        PendingMessage? pending = null;
        try
        {
            if (shard.Accept(flow, request, null) is { } exchange)
                pending = new PendingMessage(services.Stack, shard, flow, exchange, request, () => _places.Leave(address));
            return pending;
        }
        finally
        {
            if (pending is null)
                _places.Leave(address);
        }
    }

    private void Check(PendingMessage pending, DigestCredentials credentials, string? trunk)
    {
        var from = System.Text.Encoding.UTF8.GetString(pending.Request.From.Uri);
        var question = services.Authenticator.Verify(
            pending.Shard, credentials, "MESSAGE", from, pending.Id, pending.Flow, (shard, verdict) =>
            {
                if (verdict.Login is not { } login)
                    pending.Refuse(
                        verdict.Status,
                        verdict.Status == 401
                            ? services.Authenticator.Challenge(shard.Now, pending.Flow.RemoteEndPoint.Address, stale: true)
                            : null);
                else if (!MaySpeakAs(pending.Request, trunk, login))
                    pending.Answer(403);
                else
                    Ask(pending, credentials.Username, CallerAuthentication.Digest, trunk);
            });
        if (question is null)
            pending.Refuse(503);
    }

    private bool MaySpeakAs(SipMessage request, string? trunk, Login login) =>
        trunk is not null
        || !services.Options.Authentication.FromMustMatchUser
        || CallerIdentity.IsWithheld(request)
        || login.Owns(SipNumbers.Of(request.From.Uri));

    private void Ask(PendingMessage pending, string? username, CallerAuthentication authentication, string? trunk)
    {
        var message = MessageRequests.Of(pending.Request, pending.Flow.RemoteEndPoint, null, username, authentication, trunk);
        services.Hooks.Ask<IMessageHandler, MessageDecision>(
            pending.Shard,
            OwedResponse.LimitOf(services.Options),
            pending.Id,
            (handler, cancellation) => handler.HandleMessageAsync(message, cancellation),
            (_, outcome) =>
            {
                var (status, phrase) = MessageRequests.StatusOf(outcome);
                pending.Answer(status, phrase);
            });
    }

    private void Refuse(SipFlow flow, SipMessage request, int status) =>
        ServerResponses.Send(services.Stack, flow, request, status);
}
