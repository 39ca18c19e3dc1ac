using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Reads answers.</summary>
internal static class HookJson
{
    /// <exception cref="JsonException">Not such an object.</exception>
    public static T Read<T>(byte[] body, JsonTypeInfo<T> type)
        where T : class =>
        JsonSerializer.Deserialize(body, type) ?? throw new JsonException("The answer is null.");
}
