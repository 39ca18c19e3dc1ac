using Atm0s.Sip.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Registrar;

/// <summary>
/// A REGISTER whose credentials are being checked. When the verdict comes within the same turn of the shard it needs no transaction but
/// what its repetitions find.
/// </summary>
internal sealed class PendingRegister
{
    private readonly RegistrarService _registrar;
    private readonly SipShard _shard;
    private readonly SipFlow _flow;
    private readonly string _username;
    private readonly RegisterWishes _wishes;
    private SipMessage _request;
    private ServerExchange? _exchange;
    private bool _isCopy;

    public PendingRegister(
        RegistrarService registrar, SipShard shard, SipFlow flow, SipMessage request, string username, in RegisterWishes wishes)
    {
        _registrar = registrar;
        _shard = shard;
        _flow = flow;
        _request = request;
        _username = username;
        _wishes = wishes;
        SessionId = registrar.SessionFor(username, request);
    }

    public string SessionId { get; }

    /// <summary>Whether it is answered.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>The verdict comes later: the request is copied, and its repetitions are absorbed meanwhile.</summary>
    /// <param name="isThrough">Whether it comes within this turn of the shard.</param>
    public void Wait(bool isThrough)
    {
        if (isThrough)
        {
            _shard.Absorb(_request);
        }
        else
        {
            // Without room for a transaction a repetition is asked again.
            _exchange = _shard.Accept(_flow, _request, null);
            _exchange?.AnswersLater(_request);
        }

        _request = _request.Clone();
        _isCopy = true;
    }

    /// <summary>Nobody judges the credentials: the source has guessed too often, or the user has asked too much.</summary>
    public void Slow() => OnVerdict(new AuthVerdict(503, "too many wrong passwords from its address, or requests of its user"));

    public void OnVerdict(SipShard shard, AuthVerdict verdict) => OnVerdict(verdict);

    public void OnVerdict(AuthVerdict verdict)
    {
        IsAnswered = true;
        using var buffer = PooledBufferWriter.Rent();
        var status = Answer(verdict, buffer);
        _registrar.Answered(status);
        // RFC 3261 §8.2.7: who has not shown who he is makes us keep nothing.
        if (verdict.Status != 200)
            AnswerOnce(buffer.WrittenSpan);
        else if (_exchange is null)
            _shard.Respond(_flow, _request, buffer.WrittenSpan);
        else
            _exchange.Respond(status, buffer.WrittenMemory);
        if (_isCopy)
            _request.Dispose();
    }

    private void AnswerOnce(ReadOnlySpan<byte> response)
    {
        if (_exchange is null)
            _shard.RespondOnce(_flow, _request, response);
        else
            _exchange.RespondOnce(response);
    }

    private int Answer(AuthVerdict verdict, PooledBufferWriter response)
    {
        if (verdict.Status == 401)
            return _registrar.Challenge(_shard, _flow, _request, stale: true, response);
        if (verdict.Status != 200)
            return Refuse(verdict.Status, verdict.Reason);
        if (verdict.Login is { } login && !login.Owns(_username))
            return Refuse(403, "the user in To is not one of the authenticated user");
        if (!_registrar.IsOurDomain(_request, _flow))
            return Refuse(404, "the domain in To is not ours");
        var context = new RegisterContext(_registrar, _shard, _flow, _request, _wishes, _username, verdict.Login?.Name, SessionId);
        return _registrar.Apply(ref context, response);

        int Refuse(int status, string reason) => _registrar.Refuse(_request, _username, _flow, status, reason, response);
    }
}
