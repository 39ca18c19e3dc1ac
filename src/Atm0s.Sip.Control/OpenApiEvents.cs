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
        typeof(RoomMessage), typeof(SettingsChangedMessage), typeof(SettingsRefusedMessage), typeof(MissedMessage),
    ];

    public static async Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var one = new OpenApiSchema
        {
            Description =
                "The data of an event: snapshot has SnapshotMessage, call CallHookEvent, registered RegistrationResource, "
                + "unregistered UnregisteredMessage, trunk TrunkResource, room_opened and room_closed RoomMessage, "
                + "settings_changed SettingsChangedMessage, settings_refused SettingsRefusedMessage, missed MissedMessage.",
            AnyOf = [],
        };
        foreach (var type in Data)
        {
            var schema = await context.GetOrCreateSchemaAsync(type, null, cancellationToken);
            context.Document?.AddComponent(type.Name, schema);
            one.AnyOf.Add(new OpenApiSchemaReference(type.Name, context.Document));
        }

        if (operation.Responses is { } responses && responses.TryGetValue("200", out var ok)
            && ok.Content is { } content && content.TryGetValue("text/event-stream", out var stream)
            && stream is OpenApiMediaType media)
            media.Schema = one;
    }
}
