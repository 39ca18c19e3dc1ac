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
    /// Handshakes at one time, default 64; at least 1. Each has a thread while it lasts. A ClientHello that finds none is dropped, and
    /// comes
    /// again.
    /// </summary>
    public int MaxHandshakes { get; init; } = 64;

    /// <summary>Handshakes begun in a second, default 100; at least 1. Each costs some milliseconds of a processor.</summary>
    public int MaxHandshakesPerSecond { get; init; } = 100;

    /// <summary>
    /// Age of the certificate at which calls that begin get another, default 7 days; it is valid for 30. At most 25 days.
    /// </summary>
    public TimeSpan CertificateLifetime { get; init; } = TimeSpan.FromDays(7);
}
