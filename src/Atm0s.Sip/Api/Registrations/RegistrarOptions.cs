namespace Atm0s.Sip;

/// <summary>Settings of the registrar (RFC 3261 §10.3).</summary>
public sealed class RegistrarOptions
{
    /// <summary>Whether phones may register here. Default true; when false REGISTER is answered 405.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Shortest registration, asked-for times below are answered 423 with Min-Expires. 1 s to 1 hour, default 30 s.</summary>
    public TimeSpan MinExpires { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest registration granted; longer wishes are cut to it. Default 2 hours.</summary>
    public TimeSpan MaxExpires { get; set; } = TimeSpan.FromHours(2);

    /// <summary>Granted when the phone names no time (RFC 3261 §10.2.1.1 leaves it to us). Default 1 hour.</summary>
    public TimeSpan DefaultExpires { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Contacts one user may have at a time, 1 to 1000. Default 10; a further one takes the place of the oldest.</summary>
    public int MaxContactsPerUser { get; set; } = 10;

    /// <summary>Registrations in all, default 100,000. A new one beyond is answered 503 with Retry-After.</summary>
    public int MaxRegistrations { get; set; } = 100_000;
}
