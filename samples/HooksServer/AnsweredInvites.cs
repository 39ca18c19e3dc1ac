using System.Collections.Concurrent;
using Atm0s.Sip.Hooks.Http.Contracts;

namespace HooksServer;

/// <summary>
/// One answer for each call. Who asks again because an answer took long asks with the same <c>conn_id</c> (and the same Idempotency-Key),
/// and gets the same answer: nobody is rung twice for one call.
/// </summary>
internal sealed class AnsweredInvites
{
    private const int Max = 1_000; // calls; what is older is not asked again

    private readonly ConcurrentDictionary<string, Lazy<Task<InviteHookResponse>>> _answers = new();

    public Task<InviteHookResponse> AnswerAsync(string connId, Func<Task<InviteHookResponse>> decide)
    {
        if (_answers.Count >= Max)
            _answers.Clear();
        var answer = _answers.GetOrAdd(connId, _ => new Lazy<Task<InviteHookResponse>>(decide));
        // What has failed is decided anew when somebody asks again.
        _ = answer.Value.ContinueWith(
            _ => _answers.TryRemove(KeyValuePair.Create(connId, answer)),
            CancellationToken.None,
            TaskContinuationOptions.NotOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return answer.Value;
    }
}
