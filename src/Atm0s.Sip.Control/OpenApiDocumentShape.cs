using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace Atm0s.Sip.Control;

/// <summary>The frame of the OpenAPI document: its title, its server, and the key it wants.</summary>
internal static class OpenApiDocumentShape
{
    private const string Scheme = "ApiKey";

    private static readonly Dictionary<string, string> Tags = new(StringComparer.Ordinal)
    {
        ["Health"] = "Whether the server is there.",
        ["Invite"] = "Calls out, as the original makes them: answered in its envelope, refused in plain text.",
        ["Calls"] = "The calls there are, and what can be done to them.",
        ["Rooms"] = "The rooms that have members.",
        ["Recordings"] = "The recordings that go on.",
        ["Streams"] = "The audio that goes to programs over WebSocket.",
        ["Registrations"] = "The phones that are registered.",
        ["Trunks"] = "Carriers and PBXs.",
        ["Events"] = "What happens.",
    };

    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer(ShapeAsync);
        options.AddOperationTransformer(OpenApiOperations.CompleteAsync);
        options.AddSchemaTransformer(OpenApiSchemas.TightenAsync);
    }

    private static Task ShapeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info.Title = "Control API of Atm0s.Sip";
        document.Info.License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" };
        foreach (var tag in document.Tags ?? new HashSet<OpenApiTag>())
            tag.Description = tag.Name is { } name ? Tags.GetValueOrDefault(name) : null;
        foreach (var server in document.Servers ?? [])
            server.Url = server.Url?.TrimEnd('/');
        if (context.ApplicationServices.GetRequiredService<IOptions<SipControlOptions>>().Value.ApiKeys.Count == 0)
            return Task.CompletedTask;
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Scheme] =
            new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key of the control API." };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }
}
