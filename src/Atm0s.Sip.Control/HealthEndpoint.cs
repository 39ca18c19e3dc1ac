using Atm0s.Sip.Control.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Atm0s.Sip.Control;

/// <summary><c>GET /health</c>, for anybody; HEAD too, which load balancers send.</summary>
internal static class HealthEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health", Answer)
            .WithName("health").WithTags("Health").WithSummary("Whether the server is there.")
            .Produces<Envelope<string>>();
        endpoints.MapMethods("/health", [HttpMethods.Head], Answer).ExcludeFromDescription();
    }

    private static IResult Answer() =>
        Results.Json(new Envelope<string> { Status = true, Data = "OK" }, ControlJson.Default.EnvelopeString);
}
