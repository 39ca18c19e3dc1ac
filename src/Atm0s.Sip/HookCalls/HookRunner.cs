using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.HookCalls;

/// <summary>
/// Asks the host, off the shard: opens a scope, calls the handler with a time limit, and posts the outcome back to the shard that asked.
/// Nothing the handler does can hurt the shard: an exception, an endless wait and a late answer all have a documented outcome.
/// </summary>
internal sealed class HookRunner(
    HookSource source, SipScheduler scheduler, TimeProvider timeProvider, SipServerMetrics metrics, ILogger logger)
{
    /// <summary>Asks.</summary>
    /// <param name="shard">Gets the outcome.</param>
    /// <param name="timeout">Time limit.</param>
    /// <param name="id">Call or session id for the log.</param>
    /// <param name="question">Calls the handler.</param>
    /// <param name="onOutcome">Runs on the shard exactly once, unless the question is cancelled first.</param>
    /// <returns>Dispose to cancel: the handler's token is cancelled and a late answer is dropped and counted.</returns>
    public HookQuestion<THook, TAnswer> Ask<THook, TAnswer>(
        SipShard shard,
        TimeSpan timeout,
        string id,
        Func<THook, CancellationToken, ValueTask<TAnswer>> question,
        Action<SipShard, HookOutcome<TAnswer>> onOutcome)
        where THook : class
    {
        var asked = new HookQuestion<THook, TAnswer>(this, shard, timeout, id, question, onOutcome);
        scheduler.Schedule(asked);
        return asked;
    }

    internal async Task RunAsync<THook, TAnswer>(HookQuestion<THook, TAnswer> asked)
        where THook : class
    {
        HookOutcome<TAnswer> outcome;
        using var limit = new CancellationTokenSource(asked.Timeout, timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, asked.Cancelled);
        var name = typeof(THook).Name;
        var scope = source.Open();
        try
        {
            if (scope.Get<THook>() is { } hook)
            {
                // WaitAsync: a handler that ignores its token must not hold the call. The context is the scheduler's: none, or that of a
                // test.
                var answer = asked.Question(hook, both.Token);
                var result = answer.IsCompletedSuccessfully
                    ? answer.Result
                    : await answer.AsTask().WaitAsync(both.Token).ConfigureAwait(true);
                outcome = new(HookStatus.Answered, result);
            }
            else
            {
                outcome = new(HookStatus.NoHandler, default);
            }
        }
        catch (OperationCanceledException) when (asked.Cancelled.IsCancellationRequested)
        {
            outcome = new(HookStatus.Cancelled, default);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            ServerLog.HookTimedOut(logger, name, asked.Id, asked.Timeout);
            outcome = new(HookStatus.TimedOut, default);
        }
#pragma warning disable CA1031 // Whatever the host throws becomes a documented outcome.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ServerLog.HookFailed(logger, exception, name, asked.Id);
            outcome = new(HookStatus.Failed, default);
        }

        await DisposeQuietlyAsync(scope, name, asked.Id).ConfigureAwait(false);
        metrics.HookCalled(name, outcome.Status);
        asked.Complete(outcome);
    }

    /// <summary>Runs something of the host's, off the shard; what it throws is logged.</summary>
    /// <param name="work">What to run.</param>
    /// <param name="hook">Whose it is, for the log.</param>
    /// <param name="id">Call or session id for the log.</param>
    /// <returns>Completes when it is through; never fails.</returns>
    public Task RunAsync(Func<ValueTask> work, string hook, string id)
    {
        var item = new HookWork(work, exception => ServerLog.HookFailed(logger, exception, hook, id));
        scheduler.Schedule(item);
        return item.Done;
    }

    internal void CountLate(string hook) => metrics.HookLate(hook);

    private async ValueTask DisposeQuietlyAsync(HookScope scope, string hook, string id)
    {
        try
        {
            await scope.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A host's Dispose that throws is logged, not propagated.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ServerLog.HookFailed(logger, exception, hook, id);
        }
    }
}
