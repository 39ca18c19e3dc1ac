using System.Collections.Concurrent;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Diagnostics.Tracing;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.HookCalls;

/// <summary>
/// Asks the host: a handler that has promised not to block right here on the shard, any other in a scope of its own on a thread of the
/// handlers, with a time limit. The outcome is posted to the shard that asked, in either case.
/// Nothing the handler does can hurt the shard: an exception, an endless wait and a late answer all have a documented outcome.
/// </summary>
internal sealed class HookRunner(
    HookSource source,
    HookWorkers workers,
    SipScheduler scheduler,
    SipServerOptions options,
    TimeProvider timeProvider,
    SipServerMetrics metrics,
    ILogger logger)
    : IDisposable
{
    /// <summary>How long an answer that nobody waits for any more is still looked for, where it is wanted.</summary>
    private static readonly TimeSpan LateLimit = TimeSpan.FromSeconds(30);

    private readonly long _start = timeProvider.GetTimestamp();
    private readonly ConcurrentDictionary<Type, object> _kinds = new();
    private readonly HookPlaces _places = new(options.MaxConcurrentHooks);
    private CancellationTokenSource? _spare;

    /// <summary>The limits have changed.</summary>
    public void Renew() => _places.SetMax(options.MaxConcurrentHooks);

    /// <summary>Makes what is made once, before the first question: not on a shard.</summary>
    public void Prepare<THook>()
        where THook : class => KindOf<THook>();

    /// <summary>Asks.</summary>
    /// <param name="shard">Gets the outcome. This is called on it.</param>
    /// <param name="timeout">Time limit.</param>
    /// <param name="id">Call or session id for the log.</param>
    /// <param name="question">Calls the handler.</param>
    /// <param name="onOutcome">Runs on the shard exactly once, unless the question is cancelled first; never before this returns.</param>
    /// <param name="onLate">Runs on the shard when an answer comes after the question was cancelled or had timed out; null drops
    /// it.</param>
    /// <param name="origin">For whom it is asked; null for nobody in particular.</param>
    /// <returns>Dispose to cancel: the handler's token is cancelled, and a late answer is counted.</returns>
    public HookQuestion<THook, TAnswer> Ask<THook, TAnswer>(
        SipShard shard,
        TimeSpan timeout,
        string id,
        Func<THook, CancellationToken, ValueTask<TAnswer>> question,
        Action<SipShard, HookOutcome<TAnswer>> onOutcome,
        Action<SipShard, TAnswer>? onLate = null,
        IHookOrigin? origin = null)
        where THook : class
    {
        var kind = KindOf<THook>();
        var asked = new HookQuestion<THook, TAnswer>(this, kind, shard, timeout, id, question, onOutcome, onLate, origin)
        {
            Span = origin?.Trace?.BeginHook(kind.SpanName, kind.Name),
            AskedAt = timeProvider.GetTimestamp(),
        };
        if (kind.IsAskedOnShard)
            AskHere(asked);
        else if (TryEnter(asked, new CancellationTokenSource()))
            workers.Run(asked);
        return asked;
    }

    /// <summary>Runs something of the host's, off the shard; what it throws is logged.</summary>
    /// <param name="work">What to run.</param>
    /// <param name="hook">Whose it is, for the log.</param>
    /// <param name="id">Call or session id for the log.</param>
    /// <param name="origin">For whom it runs; null for nobody in particular.</param>
    /// <returns>Completes when it is through; never fails.</returns>
    public Task RunAsync(Func<ValueTask> work, string hook, string id, IHookOrigin? origin = null)
    {
        var item = new HookWork(
            work, origin?.Trace, exception => ServerLog.HookFailed(origin?.Logger ?? logger, exception, hook, id));
        workers.Run(item);
        return item.Done;
    }

    /// <summary>Cancels the tokens of all handlers that are still at work: the server has stopped.</summary>
    public void Dispose() => _places.CancelAll();

    internal async Task RunAsync<THook, TAnswer>(HookQuestion<THook, TAnswer> asked, ValueTask<TAnswer>? started)
        where THook : class
    {
        HookScope? scope = null;
        Task<TAnswer>? answering = null;
        HookOutcome<TAnswer> outcome;
        // The host's own spans and requests belong to the call's trace. Ends with this method, as all that is set within one.
        if (asked.Origin?.Trace is { } trace)
            Spans.Enter(trace.CurrentFor(asked.Span));
        try
        {
            if (started is null && asked.IsSettled)
            {
                // It has waited for a thread until its limit: nobody wants to know any more.
                _places.Leave(asked);
                return;
            }

            answering = started?.AsTask() ?? Begin(asked, out scope);
            if (answering is null)
            {
                outcome = new(HookStatus.NoHandler);
            }
            else
            {
                // WaitAsync: one that ignores its token does not hold the call. The context is the scheduler's: none, or that of a test.
                var answer = answering.IsCompletedSuccessfully
                    ? answering.Result
                    : await answering.WaitAsync(asked.Token).ConfigureAwait(true);
                outcome = new(HookStatus.Answered, answer);
                asked.Kind.OnAnswered();
            }
        }
        catch (OperationCanceledException) when (asked.Token.IsCancellationRequested)
        {
            outcome = new(asked.IsCancelled || !asked.IsSettled ? HookStatus.Cancelled : HookStatus.TimedOut);
        }
#pragma warning disable CA1031 // Whatever the host throws becomes a documented outcome.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ServerLog.HookFailed(LogOf(asked), exception, asked.Kind.Name, asked.Id);
            // What the host itself asks can't be reached: that is no fault of its code, and may be over soon.
            outcome = new(exception is IOException or TimeoutException ? HookStatus.Unavailable : HookStatus.Failed);
        }

        // Before the scope is disposed of, which is the host's work too and may take its time.
        try
        {
            if (!Settle(asked, outcome) && outcome.Status == HookStatus.Answered)
                asked.CompleteLate(outcome.Answer!);
            else if (asked.WantsLateAnswer && answering is not null && outcome.Status is HookStatus.Cancelled or HookStatus.TimedOut)
                await WaitForLateAnswerAsync(asked, answering).ConfigureAwait(true);
        }
        finally
        {
            // A listener of traces may throw: the place is another's all the same.
            _places.Leave(asked);
            if (scope is not null)
                await DisposeQuietlyAsync(scope, asked.Kind.Name, asked.Id).ConfigureAwait(false);
        }
    }

    // It runs the handler's registrations: never on the shard; nor behind the handlers that may be waiting for nothing else.
    internal void Cancel(CancellationTokenSource token, string hook, string id) =>
        scheduler.Schedule(new HookCancel(token, exception => ServerLog.HookFailed(logger, exception, hook, id)));

    internal void CountLate(string hook) => metrics.HookLate(hook);

    internal bool Settle<THook, TAnswer>(HookQuestion<THook, TAnswer> asked, HookOutcome<TAnswer> outcome)
        where THook : class
    {
        if (!asked.TryComplete(outcome))
            return false;
        if (outcome.Status == HookStatus.TimedOut)
            ServerLog.HookTimedOut(LogOf(asked), asked.Kind.Name, asked.Id, asked.Timeout);
        metrics.HookCalled(asked.Kind.Name, outcome.Status, timeProvider.GetElapsedTime(asked.AskedAt));
        if (asked.Span is { } span)
            asked.Origin!.Trace!.End(span, outcome.Status.ToString(), outcome.Status is HookStatus.Failed or HookStatus.TimedOut);
        return true;
    }

    private void AskHere<THook, TAnswer>(HookQuestion<THook, TAnswer> asked)
        where THook : class
    {
        var kind = asked.Kind;
        var cancel = Interlocked.Exchange(ref _spare, null) ?? new CancellationTokenSource();
        var began = timeProvider.GetTimestamp();
        ValueTask<TAnswer> answer;
        var trace = asked.Origin?.Trace;
        var current = trace is null ? null : Spans.Enter(trace.CurrentFor(asked.Span));
        try
        {
            answer = asked.Question(kind.Handler!, cancel.Token);
        }
#pragma warning disable CA1031 // Whatever the host throws becomes a documented outcome.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            answer = ValueTask.FromException<TAnswer>(exception);
        }

        if (trace is not null)
            Spans.Restore(current);

        var held = timeProvider.GetElapsedTime(began);
        if (kind.OnHeld(held, timeProvider.GetElapsedTime(_start)))
        {
            ServerLog.HookHeldShard(logger, kind.Name, kind.Handler!.GetType().Name, held);
            metrics.HookDemoted(kind.Name);
        }

        if (answer.IsCompletedSuccessfully)
        {
            Settle(asked, new(HookStatus.Answered, answer.Result));
            if (cancel.TryReset())
                Volatile.Write(ref _spare, cancel);
        }
        else if (TryEnter(asked, cancel))
        {
            _ = RunAsync(asked, answer);
        }
    }

    // RFC 3261 §21.5.4: what can't be asked now may be asked soon.
    private bool TryEnter<THook, TAnswer>(HookQuestion<THook, TAnswer> asked, CancellationTokenSource cancel)
        where THook : class
    {
        asked.Begin(cancel);
        if (_places.TryEnter(asked, out var isFirstRefusal))
            return true;
        if (isFirstRefusal)
            ServerLog.HooksFull(logger, asked.Kind.Name, options.MaxConcurrentHooks);
        Settle(asked, new(HookStatus.Unavailable));
        asked.Cancel();
        return false;
    }

    private ILogger LogOf<THook, TAnswer>(HookQuestion<THook, TAnswer> asked)
        where THook : class => asked.Origin?.Logger ?? logger;

    private Task<TAnswer>? Begin<THook, TAnswer>(HookQuestion<THook, TAnswer> asked, out HookScope? scope)
        where THook : class
    {
        scope = null;
        if (asked.Kind.Handler is { } one)
            return asked.Question(one, asked.Token).AsTask();
        scope = source.Open();
        if (scope.Get<THook>() is not { } hook)
            return null;
        if (asked.Kind.IsMarkedInVain(hook))
            ServerLog.HookMarkedInVain(logger, asked.Kind.Name, hook.GetType().Name);
        return asked.Question(hook, asked.Token).AsTask();
    }

    private HookKind<THook> KindOf<THook>()
        where THook : class
    {
        if (_kinds.TryGetValue(typeof(THook), out var known))
            return (HookKind<THook>)known;
        var handler = source.TryGetFixed<THook>(out var handlers) && handlers.Length > 0 ? handlers[^1] : null;
        return (HookKind<THook>)_kinds.GetOrAdd(
            typeof(THook), new HookKind<THook>(typeof(THook).Name, handler, options.NonBlockingHandlerLimit));
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
