using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.Control;

/// <summary>Lets nobody command who has no key.</summary>
internal sealed class ApiKeyFilter : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.RequestServices.GetRequiredService<ApiKeyCheck>().IsAllowed(http.Request))
            return next(context);
        // RFC 6750 §3
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return ValueTask.FromResult<object?>(Answers.Refuse(http, 401, "UNAUTHORIZED", "The API key is missing or wrong."));
    }
}
