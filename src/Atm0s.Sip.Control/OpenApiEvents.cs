using Atm0s.Sip.Control.Messages;
using Atm0s.Sip.Hooks.Http.Contracts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Atm0s.Sip.Control;

/// <summary>The data of the events in the OpenAPI document.</summary>
internal static class OpenApiEvents
{
    private static readonly Type[] Data =
    [
        typeof(SnapshotMessage), typeof(CallHookEvent), typeof(RegistrationResource), typeof(UnregisteredMessage), typeof(TrunkResource),
        typeof(RoomMessage), typeof(TalkingMessage), typeof(BotMessage), typeof(PlayedMessage), typeof(RecordingResource),
        typeof(StreamResource), typeof(RuleMessage), typeof(SettingsChangedMessage), typeof(SettingsRefusedMessage), typeof(MissedMessage),
    ];

    private static readonly Type[] Parts = [typeof(CallHookQuality), typeof(AudioResource), typeof(CallResource), typeof(RoomResource)];

    // The framework writes out here what it names elsewhere.
    private static readonly (Type Whole, string Field, Type Part)[] Named =
    [
        (typeof(CallHookEvent), "quality", typeof(CallHookQuality)),
        (typeof(CallResource), "audio", typeof(AudioResource)),
        (typeof(UnregisteredMessage), "registration", typeof(RegistrationResource)),
        (typeof(SnapshotMessage), "calls", typeof(CallResource)),
        (typeof(SnapshotMessage), "rooms", typeof(RoomResource)),
        (typeof(SnapshotMessage), "registrations", typeof(RegistrationResource)),
        (typeof(SnapshotMessage), "trunks", typeof(TrunkResource)),
        (typeof(SnapshotMessage), "bots", typeof(BotMessage)),
        (typeof(SnapshotMessage), "recordings", typeof(RecordingResource)),
        (typeof(SnapshotMessage), "streams", typeof(StreamResource)),
    ];

    public static async Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var any = new OpenApiSchema
        {
            Description =
                "The data of an event: snapshot has SnapshotMessage, call CallHookEvent, registered RegistrationResource, "
                + "unregistered UnregisteredMessage, trunk TrunkResource, room_opened and room_closed RoomMessage, "
                + "talking TalkingMessage, bot_joined and bot_left BotMessage, played PlayedMessage, recording RecordingResource, "
                + "stream StreamResource, rule_changed RuleMessage, "
                + "settings_changed SettingsChangedMessage, settings_refused SettingsRefusedMessage, missed MissedMessage.",
            AnyOf = [],
        };
        foreach (var type in Parts.Concat(Data))
        {
            var schema = await context.GetOrCreateSchemaAsync(type, null, cancellationToken);
            NameParts(schema, type, context.Document);
            context.Document?.AddComponent(type.Name, schema);
            if (Data.Contains(type))
                any.AnyOf.Add(new OpenApiSchemaReference(type.Name, context.Document));
        }

        if (operation.Responses is { } responses && responses.TryGetValue("200", out var ok)
            && ok.Content is { } content && content.TryGetValue("text/event-stream", out var stream)
            && stream is OpenApiMediaType media)
            media.Schema = any;
    }

    private static void NameParts(OpenApiSchema schema, Type type, OpenApiDocument? document)
    {
        foreach (var (_, field, part) in Named.Where(named => named.Whole == type))
        {
            if (schema.Properties is not { } properties || !properties.TryGetValue(field, out var found))
                continue;
            if (found is OpenApiSchema { Items: not null } list)
                list.Items = new OpenApiSchemaReference(part.Name, document);
            else
                properties[field] = new OpenApiSchemaReference(part.Name, document);
        }
    }
}
