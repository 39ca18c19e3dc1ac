using System.Net;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Calls;

/// <summary>
/// A re-INVITE whose offer names a host: waits for its address, then is answered; CANCEL and the end of the call end it with 487 (RFC 3261
/// §9.2, §15.1.2).
/// </summary>
internal sealed class LocatedReInvite : IServerExchangeUser
{
    private readonly CallLeg _leg;
    private readonly ServerExchange _exchange;
    private readonly SipMessage _request;
    private readonly SessionDescription _offer;
    private IDisposable? _lookup;

    public LocatedReInvite(CallLeg leg, ServerExchange exchange, SipMessage request, SessionDescription offer)
    {
        _leg = leg;
        _exchange = exchange;
        _request = request.Clone();
        _offer = offer;
        exchange.User = this;
    }

    /// <summary>Whether it has no answer yet.</summary>
    public bool IsWaiting { get; private set; } = true;

    public void Start(HostNames hosts, SipShard shard, DnsEndPoint host) =>
        _lookup = hosts.Find(shard, host, address => _leg.Guard(() => OnFound(host, address)));

    /// <summary>Nobody answers it any more.</summary>
    public void End()
    {
        if (IsWaiting)
            Refuse(new CallRefusal(487, "the call has ended"));
    }

    void IServerExchangeUser.OnCancel(SipShard shard, ServerExchange exchange) => _leg.Guard(() =>
    {
        if (IsWaiting)
            Refuse(new CallRefusal(487, "the caller gave up"));
    });

    void IServerExchangeUser.OnFailed(SipShard shard, ServerExchange exchange) => _leg.Guard(Finish);

    private void OnFound(DnsEndPoint host, IPAddress? address)
    {
        if (!IsWaiting)
            return;
        if (address is null)
        {
            Refuse(CallRefusal.UnknownHost);
            return;
        }

        IsWaiting = false;
        _leg.AnswerReInvite(_exchange, _request, _offer.WithAddress(host.Host, address));
        Finish();
    }

    private void Refuse(CallRefusal why)
    {
        IsWaiting = false;
        _leg.RefuseReInvite(_exchange, _request, why);
        Finish();
    }

    private void Finish()
    {
        IsWaiting = false;
        _exchange.User = null;
        _lookup?.Dispose();
        _request.Dispose();
    }
}
