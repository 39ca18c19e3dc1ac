using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Server;

namespace Atm0s.Sip.Calls.Messages;

/// <summary>A MESSAGE that waits for the host, for its password or its answer. On its shard.</summary>
internal sealed class PendingMessage
{
    private readonly SipStack _stack;
    private readonly ServerExchange _exchange;
    private readonly Action _onDone;
    private bool _isDone;

    /// <param name="stack">Says who we are.</param>
    /// <param name="shard">Its shard.</param>
    /// <param name="flow">The way it came.</param>
    /// <param name="exchange">Its transaction.</param>
    /// <param name="request">The message; copied.</param>
    /// <param name="onDone">Told when it is answered.</param>
    public PendingMessage(SipStack stack, SipShard shard, SipFlow flow, ServerExchange exchange, SipMessage request, Action onDone)
    {
        _stack = stack;
        _exchange = exchange;
        _onDone = onDone;
        Shard = shard;
        Flow = flow;
        Request = request.Clone();
        Id = stack.Ids.NewCallId();
        exchange.AnswersLater(request);
    }

    public SipShard Shard { get; }

    public SipFlow Flow { get; }

    public SipMessage Request { get; }

    /// <summary>Names it in the log and to the host's provider.</summary>
    public string Id { get; }

    /// <summary>Answers it; only the first counts.</summary>
    public void Answer(int status, string? phrase = null) =>
        Answer(status, phrase, null, response => _exchange.Respond(status, response));

    /// <summary>
    /// Refuses it to who has not shown who he is: the answer is sent once, and nothing is kept (RFC 3261 §8.2.7, §22.1).
    /// </summary>
    public void Refuse(int status, DigestChallenges? challenges = null) =>
        Answer(status, null, challenges, response => _exchange.RespondOnce(response));

    private void Answer(int status, string? phrase, DigestChallenges? challenges, Action<byte[]> send)
    {
        if (_isDone)
            return;
        _isDone = true;
        using (Request)
        {
            send(ServerResponses.Create(
                _stack,
                Request,
                status,
                phrase,
                _exchange.LocalTag,
                retryAfter: status == 503 ? 5 : null,
                challenges: challenges));
        }

        _onDone();
    }
}
