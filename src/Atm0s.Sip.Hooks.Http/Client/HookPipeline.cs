using Microsoft.Extensions.Logging.Abstractions;
using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Timeout;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Total limit, then retries, then breaker, then the limit of one attempt.</summary>
internal static class HookPipeline
{
    public static void Build(
        ResiliencePipelineBuilder<HttpResponseMessage> builder, HttpHookOptions options, bool events, TimeProvider timeProvider)
    {
        builder.TimeProvider = timeProvider;
        // What happens is logged once, by HookClient, without the text of exceptions.
        builder.ConfigureTelemetry(NullLoggerFactory.Instance);
        builder.AddTimeout(
            new HttpTimeoutStrategyOptions { Timeout = events ? options.EventTotalTimeout : options.TotalTimeout, Name = "total" });
        var retries = events ? options.EventMaxRetries : options.MaxRetries;
        if (retries > 0)
        {
            builder.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = retries,
                Delay = options.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                // A phone waits: Retry-After would only use up the total limit.
                ShouldRetryAfterHeader = false,
                ShouldHandle = static arguments => ValueTask.FromResult(IsTransient(arguments.Outcome)),
            });
        }

        if (options.Breaker.Enabled)
        {
            builder.AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
            {
                FailureRatio = options.Breaker.FailureRatio,
                MinimumThroughput = options.Breaker.MinimumThroughput,
                SamplingDuration = options.Breaker.SamplingDuration,
                BreakDuration = options.Breaker.BreakDuration,
                ShouldHandle = static arguments => ValueTask.FromResult(IsTransient(arguments.Outcome)),
            });
        }

        builder.AddTimeout(new HttpTimeoutStrategyOptions { Timeout = options.AttemptTimeout, Name = "attempt" });
    }

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: TimeoutRejectedException } => true,
        { Exception: HookCallException failure } => failure.Outcome == HookCallOutcome.Connection,
        { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } =>
            true,
        _ => false,
    };
}
