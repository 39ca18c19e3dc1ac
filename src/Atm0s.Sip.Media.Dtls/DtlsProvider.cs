using Atm0s.Sip.Media.Dtls.Handshakes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Media.Dtls;

/// <summary>
/// Makes keys by DTLS 1.2 (RFC 6347, RFC 5764) with a certificate of its own: ECDSA on P-256, signed by itself, since the fingerprint in
/// the description is what a peer goes by. Any thread.
/// </summary>
public sealed class DtlsProvider : IDtlsProvider
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly DtlsOptions _options;
    private readonly HandshakeFactory _factory;
    private DtlsIdentity? _identity;

    /// <summary>Makes a provider; the certificate is made when it is first needed.</summary>
    /// <param name="options">Bounds; null takes the defaults.</param>
    /// <param name="timeProvider">Age of certificates, rate and length of handshakes; null takes the system's.</param>
    /// <param name="logger">Told of handshakes that fail; null for nobody.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public DtlsProvider(DtlsOptions? options = null, TimeProvider? timeProvider = null, ILogger? logger = null)
    {
        _options = options ?? new DtlsOptions();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_options.HandshakeTimeout, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_options.HandshakeTimeout, TimeSpan.FromMinutes(10), nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.RetransmissionTime, TimeSpan.FromMilliseconds(1), nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_options.RetransmissionTime, TimeSpan.FromMinutes(1), nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxHandshakes, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxHandshakesPerNetwork, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxHandshakesPerSecond, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_options.CertificateLifetime, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_options.CertificateLifetime, TimeSpan.FromDays(25), nameof(options));
        _time = timeProvider ?? TimeProvider.System;
        _factory = new HandshakeFactory(_options, _time, logger ?? NullLogger.Instance);
    }

    /// <inheritdoc/>
    public IDtlsIdentity Identity
    {
        get
        {
            lock (_gate)
            {
                if (_identity is null || _time.GetUtcNow() - _identity.Made >= _options.CertificateLifetime)
                    _identity = new DtlsIdentity(_factory, _time.GetUtcNow());
                return _identity;
            }
        }
    }

    /// <summary>Handshakes under way.</summary>
    public int Handshakes => _factory.Places.UnderWay;

    /// <summary>Makes another certificate for the calls that begin from now on; those that go on keep theirs.</summary>
    public void Renew()
    {
        lock (_gate)
            _identity = new DtlsIdentity(_factory, _time.GetUtcNow());
    }
}
