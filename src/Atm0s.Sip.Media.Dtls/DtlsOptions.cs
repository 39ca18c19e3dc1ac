namespace Atm0s.Sip.Media.Dtls;

/// <summary>Bounds of handshakes, for all calls of a server together.</summary>
public sealed record DtlsOptions
{
    /// <summary>Time for a handshake, default 10 s; more than zero. After it the call ends.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Wait before a flight is sent again, default 0.5 s; doubled each time (RFC 6347 §4.2.4.1, which has 1 s and lets impatient protocols
    /// take less).
    /// </summary>
    public TimeSpan RetransmissionTime { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Handshakes at one time, default 64; at least 1. Each has a thread while it lasts. Who finds no place waits; one that is 2 s old
    /// gives way to him. A client whose peer has not answered yet takes none.
    /// </summary>
    public int MaxHandshakes { get; init; } = 64;

    /// <summary>
    /// Of those, handshakes with peers of one network (an IPv4 address or an IPv6 /64), default 16; at least 1. The others wait.
    /// </summary>
    public int MaxHandshakesPerNetwork { get; init; } = 16;

    /// <summary>
    /// Handshakes begun in a second, default 100; at least 1. Each costs some milliseconds of a processor. One network has a quarter.
    /// </summary>
    public int MaxHandshakesPerSecond { get; init; } = 100;

    /// <summary>
    /// Age of the certificate at which calls that begin get another, default 7 days; it is valid for 30. At most 25 days.
    /// </summary>
    public TimeSpan CertificateLifetime { get; init; } = TimeSpan.FromDays(7);
}
