using System.Net;

namespace Atm0s.Sip.Hooks;

/// <summary>One phone that can be reached: a contact bound to a user (RFC 3261 §10).</summary>
public sealed record RegistrationInfo
{
    /// <summary>Id of this registration; stays the same while the phone refreshes it. What calls to the phone are addressed to.</summary>
    public required string SessionId { get; init; }

    /// <summary>The authenticated user.</summary>
    public required string Username { get; init; }

    /// <summary>Realm the user authenticated in.</summary>
    public required string Realm { get; init; }

    /// <summary>Contact URI the phone gave.</summary>
    public required string Contact { get; init; }

    /// <summary>Address the phone registered from; calls to it take the same way back.</summary>
    public required IPEndPoint Source { get; init; }

    /// <summary>How long the registration lasts unless refreshed.</summary>
    public required TimeSpan Expires { get; init; }

    /// <summary>The phone's User-Agent, or null.</summary>
    public string? UserAgent { get; init; }

    /// <summary>True when the phone was registered already and refreshed.</summary>
    public bool IsRefresh { get; init; }
}
