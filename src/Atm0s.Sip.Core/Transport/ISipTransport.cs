using System.Net;

namespace Atm0s.Sip.Core.Transport;

/// <summary>One listener: receives messages, and knows ways to send.</summary>
public interface ISipTransport : IAsyncDisposable
{
    /// <summary>Settings it was made from.</summary>
    SipListenerOptions Options { get; }

    /// <summary>Transport protocol.</summary>
    SipTransportProtocol Protocol { get; }

    /// <summary>Where it listens; after the start with the port that the system chose.</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>
    /// What receives here, for who asks whether it still does: a thread, or a loop that accepts connections. Empty where that is not known.
    /// </summary>
    IReadOnlyList<ReceiverState> Receivers => [];

    /// <summary>
    /// Where it listens, as a URI, for example <c>udp://127.0.0.1:5060</c>; null where something else accepts its connections.
    /// </summary>
    string? ListenUri => $"{Protocol.ToName()}://{LocalEndPoint}";

    /// <summary>When the first of its certificates ends; null where there is none.</summary>
    DateTimeOffset? CertificateEnds => null;

    /// <summary>Opens the listener and starts to receive.</summary>
    /// <param name="sink">Gets everything received.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The address can't be used.</exception>
    ValueTask StartAsync(ISipTransportSink sink, CancellationToken cancellationToken);

    /// <summary>A way to an address. Over TCP an existing connection, or one that is being opened: what is sent meanwhile waits.</summary>
    /// <param name="remote">Address and port.</param>
    /// <returns>Null when this listener cannot reach it, for example an IPv6 address from an IPv4 listener.</returns>
    SipFlow? TryGetFlow(IPEndPoint remote);

    /// <summary>
    /// A way to an address, over TLS to a peer that is known by name: a connection is used for those alone whom it has authenticated
    /// (RFC 5922 §7.3, RFC 5923 §8.1).
    /// </summary>
    /// <param name="remote">Address and port.</param>
    /// <param name="peer">Who must be there; null when only its address is known. Without TLS it means nothing.</param>
    /// <returns>Null when this listener cannot reach it.</returns>
    SipFlow? TryGetFlow(IPEndPoint remote, Tls.TlsPeer? peer) => TryGetFlow(remote);

    /// <summary>Reads the files of its certificates again; open connections stay. Nothing where there are none.</summary>
    /// <exception cref="IOException">A file can't be used: what was stays. The message says which and why.</exception>
    void RenewCertificates()
    {
    }
}
