namespace Atm0s.Sip.Configuration.Tables;

/// <summary>Credentials while they are read, one part after the other. No record: it would print the password.</summary>
internal sealed class CredentialDraft
{
    public string Username { get; set; } = "";

    public string Password { get; set; } = "";

    public string? Realm { get; set; }

    public static CredentialDraft Of(SipCredentials? credentials) => new()
    {
        Username = credentials?.Username ?? "",
        Password = credentials?.Password ?? "",
        Realm = credentials?.Realm,
    };

    public SipCredentials? Make() => Username.Length + Password.Length == 0 ? null : new SipCredentials(Username, Password, Realm);
}
