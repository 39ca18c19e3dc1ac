using Atm0s.Sip.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Registrar;

/// <summary>A REGISTER whose credentials are being checked.</summary>
internal sealed class PendingRegister
{
    private readonly RegistrarService _registrar;
    private readonly SipShard _shard;
    private readonly SipFlow _flow;
    private readonly SipMessage _request;
    private readonly string _username;
    private readonly RegisterWishes _wishes;
    private readonly ServerExchange _exchange;

    public PendingRegister(RegistrarService registrar, SipShard shard, ServerExchange exchange, SipFlow flow, SipMessage request,
        string username, RegisterWishes wishes)
    {
        _registrar = registrar;
        _shard = shard;
        _flow = flow;
        _request = request.Clone();
        _username = username;
        _wishes = wishes;
        SessionId = registrar.SessionFor(username, wishes);
        _exchange = exchange;
    }

    public string SessionId { get; }

    public void OnVerdict(AuthVerdict verdict, string authenticated)
    {
        using (_request)
        {
            var (status, response) = Answer(verdict, authenticated);
            // RFC 3261 §8.2.7: who has not shown who he is makes us keep nothing.
            if (verdict.Status == 200)
                _exchange.Respond(status, response);
            else
                _exchange.RespondOnce(response);
        }
    }

    private (int Status, byte[] Response) Answer(AuthVerdict verdict, string authenticated)
    {
        if (verdict.Status == 401)
            return (401, _registrar.Answered(401, _registrar.Challenge(_shard, _request, stale: true)));
        if (verdict.Status != 200)
            return (verdict.Status, _registrar.Refuse(_request, authenticated, _flow, verdict.Status, verdict.Reason));
        if (!string.Equals(authenticated, _username, StringComparison.Ordinal))
            return (403, _registrar.Refuse(_request, authenticated, _flow, 403, "the authenticated user is not the user in To"));
        return _registrar.Apply(_shard, _request, _wishes, _registrar.NewContext(_shard, _flow, _request, _username, SessionId));
    }
}
