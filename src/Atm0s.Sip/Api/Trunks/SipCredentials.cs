namespace Atm0s.Sip;

/// <summary>
/// A user name and password for a server that challenges us. A class, not a record, so that the password is never printed.
/// </summary>
/// <param name="username">User name.</param>
/// <param name="password">Password.</param>
/// <param name="realm">Only answer challenges of this realm; null answers any that the called server itself makes.</param>
public sealed class SipCredentials(string username, string password, string? realm = null)
{
    /// <summary>User name.</summary>
    public string Username { get; } = username ?? throw new ArgumentNullException(nameof(username));

    /// <summary>Password.</summary>
    public string Password { get; } = password ?? throw new ArgumentNullException(nameof(password));

    /// <summary>Only challenges of this realm are answered; null means any.</summary>
    public string? Realm { get; } = realm;

    /// <summary>Does not show the password.</summary>
    public override string ToString() => $"{Username} (password not shown)";
}
