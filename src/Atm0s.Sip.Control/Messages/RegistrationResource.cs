using System.Text.Json.Serialization;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Control.Messages;

/// <summary>A registered phone.</summary>
public sealed record RegistrationResource
{
    /// <summary>What calls to it are addressed to.</summary>
    [JsonPropertyName("session_id")]
    public required string SessionId { get; init; }

    /// <summary>The user.</summary>
    public required string Username { get; init; }

    /// <summary>Realm of the user.</summary>
    public required string Realm { get; init; }

    /// <summary>Contact URI of the phone.</summary>
    public required string Contact { get; init; }

    /// <summary>Address it registered from.</summary>
    public required string Source { get; init; }

    /// <summary>Time granted, in seconds.</summary>
    public required int Expires { get; init; }

    /// <summary>The phone's product.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("user_agent")]
    public string? UserAgent { get; init; }

    internal static RegistrationResource From(RegistrationInfo registration) => new()
    {
        SessionId = registration.SessionId,
        Username = registration.Username,
        Realm = registration.Realm,
        Contact = registration.Contact,
        Source = registration.Source.ToString(),
        Expires = (int)registration.Expires.TotalSeconds,
        UserAgent = registration.UserAgent,
    };
}
