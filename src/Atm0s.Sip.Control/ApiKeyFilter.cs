using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Control;

/// <summary>Lets nobody command who has no key. Who guesses waits for each answer.</summary>
internal sealed class ApiKeyFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var check = http.RequestServices.GetRequiredService<ApiKeyCheck>();
        var hasKey = ApiKeyCheck.HasKey(http.Request);
        var mayCompare = !hasKey
            || http.RequestServices.GetRequiredService<WrongKeys>().MayCompare(http.Connection.RemoteIpAddress);
        if (mayCompare && check.IsAllowed(http.Request))
            return await next(context);
        // RFC 6750 §3
        http.Response.Headers.WWWAuthenticate = "Bearer";
        if (hasKey && (!mayCompare || !await SlowDownAsync(http)))
        {
            // RFC 6585 §4
            http.Response.Headers.RetryAfter = "60";
            http.Response.Headers.Connection = "close";
            return Answers.Refuse(http, 429, "TOO_MANY_WRONG_KEYS", "Too many wrong API keys.");
        }

        return Answers.Refuse(http, 401, "UNAUTHORIZED", "The API key is missing or wrong.");
    }

    // False when so many are waiting that this one can't.
    private static async Task<bool> SlowDownAsync(HttpContext http)
    {
        var wrong = http.RequestServices.GetRequiredService<WrongKeys>();
        var source = http.Connection.RemoteIpAddress;
        var count = wrong.Note(source);
        var logger = http.RequestServices.GetRequiredService<ILogger<WrongKeys>>();
        if (count == 1 && wrong.TryLog())
            ControlLog.WrongKey(logger, source?.ToString() ?? "an unknown address");
        else if (count == WrongKeys.Free + 1 && wrong.TryLog())
            ControlLog.ManyWrongKeys(logger, source?.ToString() ?? "an unknown address", count);
        if (count <= WrongKeys.Free)
            return true;
        if (!wrong.TryHoldBack())
            return false;
        try
        {
            await Task.Delay(WrongKeys.Pause, http.RequestServices.GetRequiredService<TimeProvider>(), http.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            wrong.Release();
        }

        return true;
    }
}
