using System.Text.Json.Serialization;

namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>Body of <c>POST /register</c> and <c>POST /unregister</c>.</summary>
public sealed record RegistrationHookRequest
{
    /// <summary>The authenticated user.</summary>
    public required string Username { get; init; }

    /// <summary>Realm the user authenticated in.</summary>
    public required string Realm { get; init; }

    /// <summary>Id of the registration; what calls to the phone are addressed to.</summary>
    [JsonPropertyName("session_id")]
    public required string SessionId { get; init; }
}
