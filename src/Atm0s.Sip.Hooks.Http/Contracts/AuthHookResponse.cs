namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>Answer to <c>POST /auth</c>. A class, not a record, so that the hash is never printed.</summary>
public sealed class AuthHookResponse
{
    /// <summary>Whether the user exists.</summary>
    public required bool Success { get; init; }

    /// <summary>
    /// H(username:realm:password) in hex: 32 digits for MD5, 64 for SHA-256 and SHA-512-256. Null when there is no such user.
    /// </summary>
    public string? Ha1 { get; init; }
}
