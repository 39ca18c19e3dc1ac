using System.Text.Json;
using System.Text.Json.Serialization;
using Atm0s.Sip.Hooks.Http.Contracts;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>JSON of what only the hook client reads, with the rules of <see cref="HookContracts"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OriginalInviteAnswer))]
internal sealed partial class OriginalJson : JsonSerializerContext
{
    public static OriginalJson Wire { get; } = new(new JsonSerializerOptions(HookContracts.Wire.Options) { TypeInfoResolver = null });
}
