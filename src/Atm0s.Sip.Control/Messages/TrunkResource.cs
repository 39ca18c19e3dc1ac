using System.Text.Json;
using System.Text.Json.Serialization;
using Atm0s.Sip.Hooks.Http.Contracts;

namespace Atm0s.Sip.Control.Messages;

/// <summary>A trunk as it is now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Server">Where it is.</param>
/// <param name="State"><c>ready</c>, <c>registering</c>, <c>registered</c>, <c>failed</c> or <c>removed</c>.</param>
/// <param name="StatusCode">Final status of the last REGISTER; 0 before the first.</param>
/// <param name="Expires">Time granted, in seconds.</param>
public sealed record TrunkResource(
    string Name,
    string Server,
    [property: WireNames(typeof(TrunkState))] string State,
    [property: JsonPropertyName("status_code")] int StatusCode,
    int Expires)
{
    internal static TrunkResource From(TrunkInfo trunk) =>
        new(trunk.Name, trunk.Server, JsonNamingPolicy.SnakeCaseLower.ConvertName(trunk.State.ToString()), trunk.StatusCode,
            (int)trunk.Expires.TotalSeconds);
}
