using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>
/// JSON of the hook messages, without reflection: bare objects, snake_case, unknown fields of a message ignored, duplicates refused.
/// </summary>
/// <remarks>For use on both sides: <c>JsonSerializer.Deserialize(body, HookContracts.Wire.InviteHookRequest)</c>.</remarks>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AuthHookRequest))]
[JsonSerializable(typeof(AuthHookResponse))]
[JsonSerializable(typeof(RegistrationHookRequest))]
[JsonSerializable(typeof(RegistrationHookResponse))]
[JsonSerializable(typeof(InviteHookRequest))]
[JsonSerializable(typeof(InviteHookResponse))]
[JsonSerializable(typeof(CallHookEvent))]
[JsonSerializable(typeof(RoomHookEvent))]
public sealed partial class HookContracts : JsonSerializerContext
{
    /// <summary>The messages as they are on the wire.</summary>
    public static HookContracts Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        AllowDuplicateProperties = false,
        MaxDepth = 16,
        // Bodies go as application/json, never into HTML: "+84" need not become "\u002B84".
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
