using Microsoft.AspNetCore.Http;

namespace Atm0s.Sip.Dashboard.Assets;

/// <summary>The same headers on the data, which nobody keeps.</summary>
internal sealed class SecurityHeadersFilter : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var headers = context.HttpContext.Response.Headers;
        SecurityHeaders.Add(headers);
        headers.CacheControl = "no-store";
        return next(context);
    }
}
