using System.Diagnostics.Metrics;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Requests;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transactions;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Ways;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip;

/// <summary>
/// What a server takes from the world around it. Tests replace the clock, the network and chance; hosts replace the log and the Opus
/// library.
/// </summary>
public sealed record SipServerEnvironment
{
    /// <summary>The system's clock, sockets, randomness, and no log.</summary>
    public static SipServerEnvironment Default { get; } = new();

    /// <summary>Source of time.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Log.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>
    /// Makes the meters (docs/observability.md); null makes meters that belong to nobody. With dependency injection it is the host's.
    /// </summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>Source of tags, branches, Call-IDs and session ids.</summary>
    public ISipIdGenerator Ids { get; init; } = new RandomSipIds();

    /// <summary>Where shards and handlers run.</summary>
    public SipScheduler Scheduler { get; init; } = SipScheduler.ThreadPool;

    /// <summary>
    /// Opus libraries to try where <see cref="MediaOptions.OpusProviders"/> names none; the first that loads is taken. Empty means libopus,
    /// then Concentus.
    /// </summary>
    public IReadOnlyList<IOpusCodecProvider> OpusProviders { get; init; } = [];

    /// <summary>Makes the transport of a listener; null makes real sockets.</summary>
    public Func<SipListenerOptions, ISipTransport>? TransportFactory { get; init; }

    /// <summary>Where RTP goes; null takes real sockets.</summary>
    public IMediaNetwork? MediaNetwork { get; init; }

    /// <summary>
    /// Makes the keys of calls that agree on them by DTLS (RFC 5763), as browsers do: the package Atm0s.Sip.Media.Dtls. Null, the default:
    /// no such calls.
    /// </summary>
    public IDtlsProvider? Dtls { get; init; }

    /// <summary>What drives the mixing; null takes threads of its own.</summary>
    public MediaClock? MediaClock { get; init; }

    /// <summary>
    /// Finds the hosts of trunks and called addresses, and those that phones name as places of their audio. The system's resolver.
    /// </summary>
    public IHostResolver HostResolver { get; init; } = new SystemHostResolver();

    internal ISipTransport CreateTransport(SipListenerOptions listener, SipLimits limits)
    {
        if (TransportFactory is { } make)
            return make(listener);
        var logger = new PlainLogger(LoggerFactory.CreateLogger<SipServer>());
        return listener.Protocol == SipTransportProtocol.Udp
            ? new UdpSipTransport(listener, limits, logger, TimeProvider)
            : new TcpSipTransport(listener, limits, TimeProvider, logger, MeterFactory);
    }
}
