using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Atm0s.Sip.Hooks.Http.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Posts one JSON object and reads one back. Limits, retries and breaker are in the handlers of the named clients.</summary>
internal sealed class HookClient(
    IHttpClientFactory clients, IOptions<HttpHookOptions> options, HookMetrics metrics, TimeProvider timeProvider,
        ILogger<HookClient> logger)
{
    public const string Questions = "atm0s-sip-hook-questions";
    public const string Invites = "atm0s-sip-hook-invites";
    public const string Events = "atm0s-sip-hook-events";

    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly HttpHookOptions _options = options.Value;

    /// <summary>Asks, and reads the answer.</summary>
    /// <param name="client"><see cref="Questions"/>, <see cref="Invites"/> or <see cref="Events"/>.</param>
    /// <param name="hook">Last part of the URL.</param>
    /// <param name="id">For the log.</param>
    /// <param name="question">The body.</param>
    /// <param name="questionType">How to write it.</param>
    /// <param name="read">Makes the answer from the body; <see cref="JsonException"/> says it can't.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HookCallException">No answer.</exception>
    public async Task<TAnswer> AskAsync<TQuestion, TAnswer>(
        string client, string hook, string id, TQuestion question, JsonTypeInfo<TQuestion> questionType, Func<byte[], TAnswer> read,
            CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        try
        {
            var answer = await PostAsync(client, hook, JsonSerializer.SerializeToUtf8Bytes(question, questionType), read, cancellationToken)
                .ConfigureAwait(false);
            var took = timeProvider.GetElapsedTime(start);
            metrics.Called(hook, HookCallOutcome.Ok, took);
            HookLog.Answered(logger, hook, LogText.Escape(id), (long)took.TotalMilliseconds);
            return answer;
        }
        catch (HookCallException failure)
        {
            var took = timeProvider.GetElapsedTime(start);
            metrics.Called(hook, failure.Outcome, took);
            HookLog.Failed(logger, hook, LogText.Escape(id), (long)took.TotalMilliseconds, failure.Message);
            throw;
        }
        catch (OperationCanceledException)
        {
            metrics.Called(hook, HookCallOutcome.Cancelled, timeProvider.GetElapsedTime(start));
            throw;
        }
    }

    private async Task<TAnswer> PostAsync<TAnswer>(
        string client, string hook, byte[] body, Func<byte[], TAnswer> read, CancellationToken cancellationToken)
    {
        try
        {
            using var request = MakeRequest(hook, body);
            using var http = clients.CreateClient(client);
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                throw new HookCallException(HookCallOutcome.Status, (int)response.StatusCode);
            return read(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (TimeoutRejectedException)
        {
            throw new HookCallException(HookCallOutcome.Timeout);
        }
        catch (BrokenCircuitException)
        {
            throw new HookCallException(HookCallOutcome.BreakerOpen);
        }
        catch (JsonException)
        {
            // Its message quotes the body.
            throw new HookCallException(HookCallOutcome.Unparsable);
        }
    }

    private HttpRequestMessage MakeRequest(string hook, byte[] body)
    {
        var request = new HttpRequestMessage(
            HttpMethod.Post, $"{_options.Url.TrimEnd('/')}/{hook}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = Json;
        // Made once: all attempts of a question carry the same key.
        request.Headers.TryAddWithoutValidation("Idempotency-Key", RandomNumberGenerator.GetHexString(32, lowercase: true));
        foreach (var header in _options.Headers)
            request.Headers.TryAddWithoutValidation(header.Key, header.Value);
        if (_options.Secret is { } secret)
        {
            var timestamp = timeProvider.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            request.Headers.TryAddWithoutValidation(HookSignature.TimestampHeader, timestamp);
            request.Headers.TryAddWithoutValidation(HookSignature.SignatureHeader, HookSignature.Compute(secret, timestamp, body));
        }

        return request;
    }
}
