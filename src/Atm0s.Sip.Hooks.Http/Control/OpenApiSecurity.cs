using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Atm0s.Sip.Hooks.Http.Control;

/// <summary>Says in the OpenAPI document that the API wants a key.</summary>
internal static class OpenApiSecurity
{
    private const string Scheme = "ApiKey";

    public static void Describe(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Scheme] =
            new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key of the control API." };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    });
}
