using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Timeout;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>What surrounds a request: a limit in all, then retries, then the breaker, then, for events, the limit of one attempt.</summary>
internal static class HookPipeline
{
    /// <summary>How long an answer to <c>/invite</c> is still looked for after its time limit.</summary>
    public static readonly TimeSpan LateLimit = TimeSpan.FromSeconds(30);

    /// <summary><c>/auth</c>: changes nothing, so it may be asked again. One that is slow is not: that would double its load.</summary>
    public static void BuildQuestions(ResiliencePipelineBuilder<HttpResponseMessage> builder, HttpHookOptions options)
    {
        AddLimit(builder, options.TotalTimeout, "total");
        AddRetry(builder, options, options.MaxRetries, static outcome => outcome.Exception is not TimeoutRejectedException
            && IsTransient(outcome));
        AddBreaker(builder, options);
    }

    /// <summary>
    /// <c>/invite</c>: sent once. Only where nothing was sent is it sent again: the hook server places a call for it, and would place
    /// another.
    /// </summary>
    public static void BuildInvites(ResiliencePipelineBuilder<HttpResponseMessage> builder, HttpHookOptions options)
    {
        AddLimit(builder, options.InviteTimeout + LateLimit, "total");
        AddRetry(builder, options, options.MaxRetries, IsUnsent);
        AddBreaker(builder, options);
    }

    /// <summary><c>/register</c>, <c>/unregister</c>, <c>/call</c>: nobody waits, and hearing it twice does no harm.</summary>
    public static void BuildEvents(ResiliencePipelineBuilder<HttpResponseMessage> builder, HttpHookOptions options)
    {
        AddLimit(builder, options.EventTotalTimeout, "total");
        AddRetry(builder, options, options.EventMaxRetries, IsTransient);
        AddBreaker(builder, options);
        AddLimit(builder, options.AttemptTimeout, "attempt");
    }

    private static void AddLimit(ResiliencePipelineBuilder<HttpResponseMessage> builder, TimeSpan limit, string name) =>
        builder.AddTimeout(new HttpTimeoutStrategyOptions { Timeout = limit, Name = name });

    private static void AddRetry(
        ResiliencePipelineBuilder<HttpResponseMessage> builder,
        HttpHookOptions options,
        int retries,
        Func<Outcome<HttpResponseMessage>, bool> isWorthIt)
    {
        if (retries == 0)
            return;
        builder.AddRetry(new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = retries,
            Delay = options.RetryDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            // A phone waits: Retry-After would only use up the total limit.
            ShouldRetryAfterHeader = false,
            ShouldHandle = arguments => ValueTask.FromResult(isWorthIt(arguments.Outcome)),
        });
    }

    private static void AddBreaker(ResiliencePipelineBuilder<HttpResponseMessage> builder, HttpHookOptions options)
    {
        if (!options.Breaker.Enabled)
            return;
        builder.AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
        {
            FailureRatio = options.Breaker.FailureRatio,
            MinimumThroughput = options.Breaker.MinimumThroughput,
            SamplingDuration = options.Breaker.SamplingDuration,
            BreakDuration = options.Breaker.BreakDuration,
            ShouldHandle = static arguments => ValueTask.FromResult(IsUnsent(arguments.Outcome)),
        });
    }

    private static bool IsUnsent(Outcome<HttpResponseMessage> outcome) => outcome.Exception is HookCallException { IsUnsent: true };

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: TimeoutRejectedException } => true,
        { Exception: HookCallException failure } => failure.Outcome == HookCallOutcome.Connection,
        { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } =>
            true,
        _ => false,
    };
}
