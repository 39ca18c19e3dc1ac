using Atm0s.Sip.Rooms;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.Control;

/// <summary>
/// Says what a server can't do in its state: one that does not run answers 503, one whose rooms are the host's own 409 where only embedded
/// rooms will do.
/// </summary>
internal sealed class ServerStateFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var server = http.RequestServices.GetRequiredService<ISipServer>();
        try
        {
            return await next(context);
        }
        catch (InvalidOperationException) when (!server.IsRunning && !http.Response.HasStarted)
        {
            return NotRunning(http);
        }
        catch (HostRoomsException exception) when (!http.Response.HasStarted)
        {
            return Answers.Refuse(http, 409, "NOT_POSSIBLE", exception.Message);
        }
    }

    /// <summary>It does not run: come again.</summary>
    public static IResult NotRunning(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "5";
        return Answers.Refuse(http, 503, "NOT_RUNNING", "The SIP server is not running.");
    }
}
