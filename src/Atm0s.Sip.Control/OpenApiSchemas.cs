using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using Atm0s.Sip.Hooks.Http.Contracts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Atm0s.Sip.Control;

/// <summary>
/// Makes the schemas as strict as the endpoints: numbers are numbers, what is required is not null, and names are listed.
/// </summary>
internal static class OpenApiSchemas
{
    public static Task TightenAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        // The framework assumes that numbers may come as text; ours may not.
        if (schema.Type is { } type && (type & (JsonSchemaType.Integer | JsonSchemaType.Number)) != 0)
        {
            schema.Type = type & ~JsonSchemaType.String;
            schema.Pattern = null;
        }

        foreach (var name in schema.Required ?? new HashSet<string>())
        {
            if (schema.Properties is { } properties && properties.TryGetValue(name, out var found)
                && found is OpenApiSchema { Type: { } required } property)
                property.Type = required & ~JsonSchemaType.Null;
        }

        if (Names(context.JsonPropertyInfo?.AttributeProvider) is { Count: > 0 } names)
            schema.Enum = [.. names.Select(static name => (JsonNode)JsonValue.Create(name))];
        return Task.CompletedTask;
    }

    private static List<string> Names(System.Reflection.ICustomAttributeProvider? property)
    {
        var names = new List<string>();
        foreach (var attribute in property?.GetCustomAttributes(inherit: false) ?? [])
        {
            if (attribute is AllowedValuesAttribute allowed)
                names.AddRange(allowed.Values.OfType<string>());
            else if (attribute is WireNamesAttribute wire)
                names.AddRange(Enum.GetNames(wire.Source).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
        }

        return names;
    }
}
