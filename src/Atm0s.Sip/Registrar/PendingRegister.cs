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
        string username, in RegisterWishes wishes)
    {
        _registrar = registrar;
        _shard = shard;
        _flow = flow;
        _request = request.Clone();
        _username = username;
        _wishes = wishes;
        SessionId = registrar.SessionFor(username, request);
        _exchange = exchange;
    }

    public string SessionId { get; }

    /// <summary>Nobody judges the credentials: the source has guessed too often, or the user has asked too much.</summary>
    public void Slow() => OnVerdict(new AuthVerdict(503, "too many wrong passwords from its address, or requests of its user"));

    public void OnVerdict(AuthVerdict verdict)
    {
        using (_request)
        {
            var (status, response) = Answer(verdict);
            // RFC 3261 §8.2.7: who has not shown who he is makes us keep nothing.
            if (verdict.Status == 200)
                _exchange.Respond(status, response);
            else
                _exchange.RespondOnce(response);
        }
    }

    private (int Status, byte[] Response) Answer(AuthVerdict verdict)
    {
        if (verdict.Status == 401)
            return (401, _registrar.Answered(401, _registrar.Challenge(_shard, _flow, _request, stale: true)));
        if (verdict.Status != 200)
            return (verdict.Status, _registrar.Refuse(_request, _username, _flow, verdict.Status, verdict.Reason));
        if (verdict.Login is { } login && !login.Owns(_username))
            return (403, _registrar.Refuse(_request, _username, _flow, 403, "the user in To is not one of the authenticated user"));
        if (!_registrar.IsOurDomain(_request, _flow))
            return (404, _registrar.Refuse(_request, _username, _flow, 404, "the domain in To is not ours"));
        var context = new RegisterContext(_registrar, _shard, _flow, _request, _wishes, _username, verdict.Login?.Name, SessionId);
        return _registrar.Apply(ref context);
    }
}
