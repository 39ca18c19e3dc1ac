using System.Text.Json.Serialization;

namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>Body of <c>POST /auth</c>: which hash belongs to this user?</summary>
public sealed record AuthHookRequest
{
    /// <summary>User name the phone presented.</summary>
    public required string Username { get; init; }

    /// <summary>Realm of the challenge; part of the hash.</summary>
    public required string Realm { get; init; }

    /// <summary>Id that the registration gets when it is accepted; for a call, the call's id.</summary>
    [JsonPropertyName("session_id")]
    public required string SessionId { get; init; }

    /// <summary>Digest algorithm of the wanted hash, for example <c>SHA-256</c>; null, and left out, for MD5.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Algorithm { get; init; }
}
