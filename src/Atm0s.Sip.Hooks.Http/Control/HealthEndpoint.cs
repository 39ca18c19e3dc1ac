using Atm0s.Sip.Hooks.Http.Control.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Atm0s.Sip.Hooks.Http.Control;

/// <summary><c>GET /health</c>, for anybody.</summary>
internal static class HealthEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods(
            "/health", [HttpMethods.Get, HttpMethods.Head], () => Results.Json(new Envelope<string> { Status = true, Data = "OK" }, ControlJson.Default.EnvelopeString))
            .WithName("health").WithTags("Health").WithSummary("Whether the server is there.")
            .Produces<Envelope<string>>();
}
