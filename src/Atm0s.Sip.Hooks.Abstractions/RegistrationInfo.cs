using System.Net;

namespace Atm0s.Sip.Hooks;

/// <summary>One phone that can be reached: a contact bound to a user (RFC 3261 §10).</summary>
public sealed record RegistrationInfo
{
    /// <summary>Id of this registration; stays the same while the phone refreshes it. What calls to the phone are addressed to.</summary>
    public required string SessionId { get; init; }

    /// <summary>
    /// The user that is registered: the number or name in To, which is the authenticated user or one of his numbers. Calls to him find the
    /// registration by this.
    /// </summary>
    public required string Username { get; init; }

    /// <summary>User name of the credentials; null when the phone's address was trusted.</summary>
    public string? Login { get; init; }

    /// <summary>The To URI of the REGISTER: the address of record (RFC 3261 §10).</summary>
    public string? AddressOfRecord { get; init; }

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

    /// <summary>
    /// Proxies between the phone and us, nearest to us first (RFC 3327); calls to the phone go through them. Empty by default.
    /// </summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>Which device it is, <c>urn:uuid:...</c> as a rule (RFC 5626 §4.1); null when it does not say.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Which of the device's connections it is (RFC 5626 §4.2); null when it does not say.</summary>
    public int? RegId { get; init; }

    /// <summary>True when the phone was registered already and refreshed.</summary>
    public bool IsRefresh { get; init; }
}
