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
    /// <summary>How long an answer that nobody waits for any more is still looked for, where it is wanted.</summary>
    private static readonly TimeSpan LateLimit = TimeSpan.FromSeconds(30);

    /// <summary>Asks.</summary>
    /// <param name="shard">Gets the outcome.</param>
    /// <param name="timeout">Time limit.</param>
    /// <param name="id">Call or session id for the log.</param>
    /// <param name="question">Calls the handler.</param>
    /// <param name="onOutcome">Runs on the shard exactly once, unless the question is cancelled first.</param>
    /// <param name="onLate">Runs on the shard when an answer comes after the question was cancelled or had timed out; null drops
    /// it.</param>
    /// <returns>Dispose to cancel: the handler's token is cancelled, and a late answer is counted.</returns>
    public HookQuestion<THook, TAnswer> Ask<THook, TAnswer>(
        SipShard shard,
        TimeSpan timeout,
        string id,
        Func<THook, CancellationToken, ValueTask<TAnswer>> question,
        Action<SipShard, HookOutcome<TAnswer>> onOutcome,
        Action<SipShard, TAnswer>? onLate = null)
        where THook : class
    {
        var asked = new HookQuestion<THook, TAnswer>(this, shard, timeout, id, question, onOutcome, onLate);
        scheduler.Schedule(asked);
        return asked;
    }

    internal async Task RunAsync<THook, TAnswer>(HookQuestion<THook, TAnswer> asked)
        where THook : class
    {
        var name = typeof(THook).Name;
        HookOutcome<TAnswer> outcome;
        HookScope? scope = null;
        Task<TAnswer>? answering = null;
        using var limit = new CancellationTokenSource(asked.Timeout, timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, asked.Cancelled);
        // A handler that holds its thread does not hold the call.
        using var overdue = limit.Token.UnsafeRegister(_ => Settle(asked, new(HookStatus.TimedOut, default)), null);
        try
        {
            scope = source.Open();
            if (scope.Get<THook>() is { } hook)
            {
                // WaitAsync: nor does one that ignores its token. The context is the scheduler's: none, or that of a test.
                answering = asked.Question(hook, both.Token).AsTask();
                var answer = answering.IsCompletedSuccessfully
                    ? answering.Result
                    : await answering.WaitAsync(both.Token).ConfigureAwait(true);
                outcome = new(HookStatus.Answered, answer);
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
            outcome = new(HookStatus.TimedOut, default);
        }
#pragma warning disable CA1031 // Whatever the host throws becomes a documented outcome.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ServerLog.HookFailed(logger, exception, name, asked.Id);
            // What the host itself asks can't be reached: that is no fault of its code, and may be over soon.
            outcome = new(exception is IOException or TimeoutException ? HookStatus.Unavailable : HookStatus.Failed, default);
        }

        // Before the scope is disposed of, which is the host's work too and may take its time.
        if (!Settle(asked, outcome) && outcome.Status == HookStatus.Answered)
            asked.CompleteLate(outcome.Answer!);
        else if (asked.WantsLateAnswer && answering is not null && outcome.Status is HookStatus.Cancelled or HookStatus.TimedOut)
            await WaitForLateAnswerAsync(asked, answering).ConfigureAwait(true);
        if (scope is not null)
            await DisposeQuietlyAsync(scope, name, asked.Id).ConfigureAwait(false);
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

    private bool Settle<THook, TAnswer>(HookQuestion<THook, TAnswer> asked, HookOutcome<TAnswer> outcome)
        where THook : class
    {
        if (!asked.TryComplete(outcome))
            return false;
        var name = typeof(THook).Name;
        if (outcome.Status == HookStatus.TimedOut)
            ServerLog.HookTimedOut(logger, name, asked.Id, asked.Timeout);
        metrics.HookCalled(name, outcome.Status);
        return true;
    }

    private async Task WaitForLateAnswerAsync<THook, TAnswer>(HookQuestion<THook, TAnswer> asked, Task<TAnswer> answering)
        where THook : class
    {
        try
        {
            asked.CompleteLate(await answering.WaitAsync(LateLimit, timeProvider).ConfigureAwait(true));
        }
#pragma warning disable CA1031 // Nobody waits for it: that it failed, or still does not come, changes nothing.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

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
