using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.Control;

/// <summary>Examples in the OpenAPI document.</summary>
internal static class OpenApiExamples
{
    /// <summary>Gives an endpoint's body an example.</summary>
    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder endpoint, string json) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            foreach (var (_, content) in operation.RequestBody?.Content ?? new Dictionary<string, Microsoft.OpenApi.OpenApiMediaType>())
                content.Example = JsonNode.Parse(json);
            return Task.CompletedTask;
        });
}
