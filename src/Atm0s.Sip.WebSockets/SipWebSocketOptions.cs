namespace Atm0s.Sip.WebSockets;

/// <summary>
/// Settings of SIP over WebSocket. A value that cannot work stops the start with a sentence that says what to write instead. Addresses,
/// ports, certificates and limits of HTTP are those of the host's web server.
/// <para>
/// Behind a reverse proxy the host has to use the forwarded headers middleware: without it all pages have the address of the proxy, and
/// whatever goes by address takes them for one: trust and trunks, connections per address, rates, the brake on wrong passwords.
/// </para>
/// </summary>
public sealed class SipWebSocketOptions
{
    /// <summary>
    /// Origins whose pages may connect, besides those of this server itself, for example <c>https://phone.example.com</c> (RFC 6455 §10.2);
    /// <c>*</c> lets all in. Empty by default: a page must come from the scheme, host and port that it connects to, and
    /// without TLS that host must be an address or localhost: a name that is not proven may be anybody's that leads here. Programs other than
    /// browsers send no Origin and are not asked for one. Behind a proxy that ends TLS or renames the host add the origin here, or use the
    /// forwarded headers middleware.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>
    /// Connections that may be open at one time, 1 to 1,000,000, default 10,000. Beyond, the connection that never said anything for the
    /// longest time gives way to the new one; then one that is silent for 10 s and that no registration or call depends on; when there is
    /// none, the new one is answered 503.
    /// </summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>
    /// Connections from one address, or one IPv6 /64, 1 to 1,000,000, default 256. Beyond, the one of them that never said anything for the
    /// longest time gives way; when all have spoken, the new one is answered 503.
    /// </summary>
    public int MaxConnectionsPerAddress { get; set; } = 256;

    /// <summary>A connection on which no message ever came is closed after so long. 1 s to 10 minutes, default 30 s.</summary>
    public TimeSpan FirstMessageTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A connection is closed when no message came over it for so long and no registration or call depends on it. 1 s to 24 hours, default
    /// 60 s: a page that wants to be called registers.
    /// </summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Time in which a message must be complete once it has begun. 1 s to 5 minutes, default 15 s.</summary>
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A connection whose peer takes nothing of what we send for so long is closed. 1 s to 5 minutes, default 15 s.
    /// </summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How often a connection is pinged (RFC 6455 §5.5.2), so that proxies keep it and a peer that is gone is found out. 1 s to 1 hour,
    /// default 30 s.
    /// </summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A connection whose peer does not answer a ping in so long is closed. 1 s to 5 minutes, default 20 s.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Memory for what waits to be sent over one connection, bytes. 64 KiB to 16 MiB, default 256 KiB: four of the largest messages. A peer
    /// that lets more pile up is closed.
    /// </summary>
    public int MaxSendBytes { get; set; } = 256 * 1024;

    /// <summary>
    /// Memory for what waits to be sent and for half-received messages of all connections together, bytes. 1 MiB to 16 GiB, default 64 MiB.
    /// A connection that would need more than is left is closed.
    /// </summary>
    public long MaxBufferedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// Host that goes into Via and Contact instead of the address that the connection came to. Default null. Browsers answer over their
    /// connection whatever it says.
    /// </summary>
    public string? AdvertisedHost { get; set; }
}
