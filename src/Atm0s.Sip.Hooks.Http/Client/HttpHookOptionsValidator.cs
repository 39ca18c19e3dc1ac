using System.Net;
using Atm0s.Sip.Hooks.Routing;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>
/// Refuses settings that can't work, with a sentence that says what to write instead. Never quotes a secret, or a URL that may hold one.
/// </summary>
internal sealed class HttpHookOptionsValidator : IValidateOptions<HttpHookOptions>
{
    private static readonly string[] ReservedHeaders =
        ["Host", "Connection", "Transfer-Encoding", "Expect", "TE", "Trailer", "Upgrade", "Idempotency-Key", "X-Sip-Timestamp",
            "X-Sip-Signature"];

    public ValidateOptionsResult Validate(string? name, HttpHookOptions options)
    {
        var wrong = Check(options).FirstOrDefault();
        return wrong is null ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static IEnumerable<string> Check(HttpHookOptions options) =>
        CheckUrl(options).Concat(CheckHeaders(options)).Concat(CheckTimes(options)).Concat(CheckNumbers(options));

    private static IEnumerable<string> CheckUrl(HttpHookOptions options)
    {
        if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            yield return "Url of the hook server is missing, or is no absolute http or https address: write for example options.Url = "
                + "\"https://app.example.com/sip\".";
            yield break;
        }

        if (url.UserInfo.Length > 0)
            yield return "Url of the hook server holds a user or password: leave it out and write options.Headers[\"Authorization\"] = "
                + "\"...\" instead.";
        if (options.Url.AsSpan().ContainsAny('?', '#'))
            yield return "Url of the hook server holds a query or fragment: leave it out; what the server must know goes into "
                + "options.Headers.";

        NetworkSet? networks = null;
        string? wrong = null;
        try
        {
            networks = new NetworkSet(options.AllowedNetworks);
        }
        catch (ArgumentException exception)
        {
            wrong = $"AllowedNetworks: {exception.Message}";
        }

        if (wrong is not null)
            yield return wrong;
        var host = url.DnsSafeHost;
        var literal = IPAddress.TryParse(host, out var address);
        if (literal && networks is not null && !new HookAddressPolicy(host, networks).Allows(address!))
            yield return $"The hook server's address {address} is link-local, multicast or reserved: if it is right, write "
                + $"options.AllowedNetworks.Add(\"{address}\").";
        if (url.Scheme == "http" && !options.AllowPlainHttp
            && !(literal ? IPAddress.IsLoopback(address!) : HookAddressPolicy.IsLocalhost(host)))
            yield return "Url of the hook server is plain http to another machine, and password hashes would travel readable: write "
                + "https://, or set AllowPlainHttp = true if the network is trusted.";
    }

    private static IEnumerable<string> CheckHeaders(HttpHookOptions options)
    {
        if (options.Secret is { Length: < 16 })
            yield return "Secret is shorter than 16 characters: write a longer one, for example the output of \"openssl rand -hex 32\", "
                + "or null to sign nothing.";
        foreach (var (name, value) in options.Headers)
        {
            if (name.Length == 0
                || !name.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
                yield return "Headers holds a name that is no HTTP token: write letters, digits and hyphens, for example Authorization.";
            else if (ReservedHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)
                || name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
                yield return $"Headers holds {name}, which the hook client sets itself: leave it out.";
            else if (value is null || value.Any(static c => c is < ' ' or > '~'))
                yield return $"The value of {name} in Headers must be printable ASCII on one line.";
        }
    }

    private static IEnumerable<string> CheckTimes(HttpHookOptions options)
    {
        if (!InRange(options.AttemptTimeout, 0.05, 50))
            yield return "AttemptTimeout must be from 50 ms to 50 s.";
        if (options.TotalTimeout < options.AttemptTimeout || options.TotalTimeout.TotalSeconds > 59)
            yield return $"TotalTimeout is {options.TotalTimeout.TotalSeconds} s; write a time from AttemptTimeout "
                + $"({options.AttemptTimeout.TotalSeconds} s) to 59 s.";
        if (!InRange(options.InviteTimeout, 0.05, 59))
            yield return $"InviteTimeout is {options.InviteTimeout.TotalSeconds} s; write a time from 50 ms to 59 s.";
        if (options.WaitTimeout is { } wait && !InRange(wait, 1, 600))
            yield return $"WaitTimeout is {wait.TotalSeconds} s; write a time from 1 s to 10 minutes, or null.";
        if (options.EventTotalTimeout < options.AttemptTimeout || options.EventTotalTimeout.TotalSeconds > 299)
            yield return $"EventTotalTimeout is {options.EventTotalTimeout.TotalSeconds} s; write a time from AttemptTimeout "
                + $"({options.AttemptTimeout.TotalSeconds} s) to 299 s.";
        if (!InRange(options.RetryDelay, 0.001, 10))
            yield return "RetryDelay must be from 1 ms to 10 s.";
        if (!InRange(options.Breaker.SamplingDuration, 0.5, 600))
            yield return "Breaker.SamplingDuration must be from 500 ms to 10 minutes.";
        if (!InRange(options.Breaker.BreakDuration, 0.5, 600))
            yield return "Breaker.BreakDuration must be from 500 ms to 10 minutes.";
    }

    private static IEnumerable<string> CheckNumbers(HttpHookOptions options)
    {
        if (options.MaxRetries is < 0 or > 10)
            yield return $"MaxRetries is {options.MaxRetries}; write a number from 0 to 10.";
        if (options.EventMaxRetries is < 0 or > 10)
            yield return $"EventMaxRetries is {options.EventMaxRetries}; write a number from 0 to 10.";
        if (options.MaxConnections is < 1 or > 10_000)
            yield return $"MaxConnections is {options.MaxConnections}; write a number from 1 to 10000.";
        if (options.MaxInviteConnections is < 1 or > 10_000)
            yield return $"MaxInviteConnections is {options.MaxInviteConnections}; write a number from 1 to 10000.";
        if (options.InviteFallbackStatus is < 400 or > 699)
            yield return $"InviteFallbackStatus is {options.InviteFallbackStatus}; write a SIP status from 400 to 699, for example 486 "
                + $"(Busy Here) or 503.";
        if (!(options.Breaker.FailureRatio > 0 && options.Breaker.FailureRatio <= 1))
            yield return "Breaker.FailureRatio must be above 0 and at most 1.";
        if (options.Breaker.MinimumThroughput is < 2 or > 100_000)
            yield return "Breaker.MinimumThroughput must be from 2 to 100000.";
    }

    private static bool InRange(TimeSpan value, double minSeconds, double maxSeconds) =>
        value.TotalSeconds >= minSeconds && value.TotalSeconds <= maxSeconds;
}
