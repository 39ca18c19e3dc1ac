using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Atm0s.Sip.Configuration;
using Atm0s.Sip.Configuration.Formats;
using Atm0s.Sip.Configuration.Tables;

namespace Atm0s.Sip.Tests.Configuration.Pages;

/// <summary>Writes the JSON schema that editors complete and check appsettings.json with.</summary>
internal static class SchemaWriter
{
    private const string TimePattern =
        @"^(infinite|0|-?\d+(\.\d+)? ?(ms|s|m|min|h|d)|(\d+\.)?\d{1,2}:\d{2}(:\d{2}(\.\d{1,7})?)?)$";

    public static string Write() => new JsonObject
    {
        ["$schema"] = "http://json-schema.org/draft-07/schema#",
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["Sip"] = Group(ServerSettings.Table.Describe(new SipServerOptions()), "Settings of the SIP server (Atm0s.Sip)."),
        },
    }.ToJsonString(
        new JsonSerializerOptions
        {
            WriteIndented = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        })
        .ReplaceLineEndings("\n") + "\n";

    private static JsonObject Group(IReadOnlyList<SettingShape> shapes, string description)
    {
        var properties = new JsonObject();
        foreach (var shape in shapes)
            properties[shape.Name] = Of(shape);
        return new JsonObject
        {
            ["description"] = description,
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject Of(SettingShape shape)
    {
        var description = SettingText.Of(shape);
        if (shape.Children.Count > 0 && !shape.IsList)
            return Group(shape.Children, description);
        var value = shape.Children.Count > 0
            ? new JsonObject { ["anyOf"] = new JsonArray(Value(shape), Group(shape.Children, description)) }
            : Value(shape);
        if (!shape.IsList)
            return With(value, shape, description);
        var lists = new JsonArray(new JsonObject { ["type"] = "array", ["items"] = value.DeepClone() });
        if (shape.IsNamed)
            lists.Add(new JsonObject { ["type"] = "object", ["additionalProperties"] = value.DeepClone() });
        lists.Add(new JsonObject { ["type"] = "string" });
        return With(new JsonObject { ["anyOf"] = lists }, shape, description);
    }

    private static JsonObject With(JsonObject schema, SettingShape shape, string description)
    {
        schema["description"] = description;
        if (shape is { IsList: false } && SettingText.DefaultOf(shape) is { } text)
            schema["default"] = shape.Format!.Kind switch
            {
                ValueKind.Number or ValueKind.Size => long.Parse(text, CultureInfo.InvariantCulture),
                ValueKind.Switch => text == "true",
                _ => text,
            };
        return schema;
    }

    private static JsonObject Value(SettingShape shape) => shape.Format!.Kind switch
    {
        ValueKind.Switch => new JsonObject { ["type"] = "boolean" },
        ValueKind.Number => Number(shape.Format),
        ValueKind.Size => new JsonObject
        {
            ["anyOf"] = new JsonArray(
                Number(shape.Format), new JsonObject { ["type"] = "string", ["pattern"] = @"^\d+( ?(KiB|MiB|GiB))?$" }),
        },
        ValueKind.Time => new JsonObject { ["type"] = "string", ["pattern"] = TimePattern },
        ValueKind.Choice => new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Names(shape)]) },
        _ => new JsonObject { ["type"] = shape.Format.IsOptional ? new JsonArray("string", "null") : "string" },
    };

    private static JsonObject Number(ValueFormat format) => new()
    {
        ["type"] = format.IsOptional ? new JsonArray("integer", "null") : "integer",
        ["minimum"] = (long)format.Min!.Value,
        ["maximum"] = (long)format.Max!.Value,
    };

    // The names of RFC 8760 beside our own.
    private static IEnumerable<JsonNode> Names(SettingShape shape) =>
        (shape.Name == "Algorithms" ? [.. shape.Format!.Names, "MD5", "SHA-256"] : shape.Format!.Names).Select(name => (JsonNode)name);
}
