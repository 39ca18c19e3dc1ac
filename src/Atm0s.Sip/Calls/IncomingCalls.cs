using Atm0s.Sip.Server;
using System.Text;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls;

/// <summary>Takes INVITEs outside a dialog: what can be refused without asking anybody is, without keeping anything; the rest becomes an <see cref="InboundLeg"/>.</summary>
internal sealed class IncomingCalls(CallServices services)
{
    public void OnInvite(SipShard shard, SipFlow flow, SipMessage request)
    {
        var action = services.Access.Find(flow.RemoteEndPoint.Address);
        if (action == AccessAction.Refuse)
        {
            Refuse(flow, request, 403, "an IP rule refuses the address");
            return;
        }

        var trunk = services.Trunks.FindBySource(flow.RemoteEndPoint.Address, UserOf(request.RequestUri));
        var source = new InviteSource(action == AccessAction.Trust || (action is null && trunk is { Options.TrustNetworks: true }), trunk?.Options.Name);
        var from = UserOf(request.From.Uri);
        var to = UserOf(request.To.Uri);
        DigestCredentials? credentials = null;
        if (!source.IsTrusted && NeedsCredentials(request, to))
        {
            credentials = services.Authenticator.Read(request);
            if (credentials is null)
            {
                SipShard.RespondStateless(flow, request, ServerResponses.CreateChallenge(services.Stack, request, services.Authenticator.Challenge(shard.Now, stale: false)));
                return;
            }

            // A trunk calls in the name of its callers; a phone at the same address does not.
            var isTrunk = trunk is not null && (credentials.Username == trunk.User || credentials.Username == trunk.Options.Name);
            if (!isTrunk)
                source = source with { Trunk = null };
            if (!isTrunk && services.Options.Authentication.FromMustMatchUser && !string.Equals(from, credentials.Username, StringComparison.Ordinal))
            {
                Refuse(flow, request, 403, "From is not the authenticated user");
                return;
            }
        }

        if (!TryReadOffer(request, out var offer, out var refusal))
        {
            Refuse(flow, request, refusal, "bad session description");
            return;
        }

        Accept(shard, flow, request, new(from, to), source, offer, credentials);
    }

    private static string UserOf(ReadOnlySpan<byte> uri) => SipUriView.TryParse(uri, out var view) ? SipEscapes.Unescape(view.User) : "";

    // An INVITE without a body asks us to offer (RFC 3261 §13.2.1).
    private static bool TryReadOffer(SipMessage request, out SessionDescription? offer, out int refusal)
    {
        offer = null;
        refusal = 0;
        if (request.Body.IsEmpty || SdpParser.TryParse(request.Body, SdpLimits.Default, out offer, out _))
            return true;
        refusal = 400;
        return false;
    }

    // The number is in two places: the host decides by To, the Request-URI says where the call goes (RFC 3261 §8.1.1.1). Open means both.
    private bool NeedsCredentials(SipMessage request, string to)
    {
        if (!services.Options.Authentication.RequireForCalls)
            return false;
        return !IsOpen(to) || !IsOpen(UserOf(request.RequestUri));
    }

    private bool IsOpen(string number)
    {
        foreach (var prefix in services.Options.Authentication.OpenNumberPrefixes)
        {
            if (number.StartsWith(prefix, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private void Accept(
        SipShard shard, SipFlow flow, SipMessage request, Parties parties, InviteSource source, SessionDescription? offer, DigestCredentials? credentials)
    {
        var info = new CallInfo
        {
            CallId = services.Stack.Ids.NewCallId(),
            SipCallId = Encoding.UTF8.GetString(request.CallId),
            Direction = CallDirection.Incoming,
            From = parties.From,
            To = parties.To,
            Trunk = source.Trunk,
        };
        if (shard.Accept(flow, request, null) is not { } exchange)
            return;
        var leg = new InboundLeg(services, shard, flow, exchange, new ReceivedInvite(request, offer, flow.RemoteEndPoint, source), info);
        services.Metrics.CallStarted();
        if (services.Calls.TryAdd(leg, services.Options.Calls.MaxCalls))
            leg.Start(credentials);
        else
            leg.RefuseOverload();
    }

    private void Refuse(SipFlow flow, SipMessage request, int status, string reason)
    {
        Diagnostics.ServerLog.InviteRefused(services.Logger, Encoding.UTF8.GetString(request.CallId), flow.RemoteEndPoint, status, reason);
        SipShard.RespondStateless(flow, request, ServerResponses.Create(services.Stack, request, status));
    }

    private readonly record struct Parties(string From, string To);
}
