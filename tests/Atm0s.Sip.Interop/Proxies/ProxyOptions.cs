namespace Atm0s.Sip.Interop.Proxies;

/// <summary>How a proxy is set up.</summary>
internal sealed record ProxyOptions
{
    /// <summary>One that asks nobody for anything.</summary>
    public static ProxyOptions Plain { get; } = new();

    /// <summary>Whether it asks for a password (407) for calls and registrations.</summary>
    public bool Challenges { get; init; }

    /// <summary>Its name in Record-Route; null for its address.</summary>
    public string? HostName { get; init; }

    /// <summary>Seconds after which it closes a TCP connection that is not used.</summary>
    public int ConnectionLifetime { get; init; } = 120;

    /// <summary>Where its certificate, its key and the roots that it trusts are, in PEM, when it speaks TLS; null when it does not.</summary>
    public (string Certificate, string Key, string Roots)? Tls { get; init; }
}
