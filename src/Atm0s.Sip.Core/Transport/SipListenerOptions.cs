using System.Net;

namespace Atm0s.Sip.Core.Transport;

/// <summary>One place to listen.</summary>
public sealed class SipListenerOptions
{
    /// <summary>Transport protocol. Default UDP.</summary>
    public SipTransportProtocol Protocol { get; set; } = SipTransportProtocol.Udp;

    /// <summary>Address and port; port 0 lets the system choose. Default 0.0.0.0:5060.</summary>
    public IPEndPoint EndPoint { get; set; } = new(IPAddress.Any, 5060);

    /// <summary>
    /// Host that goes into Via and Contact instead of the local address, for a server behind NAT or a load balancer. Default null.
    /// </summary>
    public string? AdvertisedHost { get; set; }

    /// <summary>Port that goes into Via and Contact. Default null: the one it listens on.</summary>
    public int? AdvertisedPort { get; set; }

    /// <summary>
    /// Networks whose phones reach the server at its own address: they see that one, and not <see cref="AdvertisedHost"/> and
    /// <see cref="AdvertisedPort"/>. Empty by default.
    /// </summary>
    public IReadOnlyList<IPNetwork> LocalNetworks { get; set; } = [];

    /// <summary>
    /// Threads that receive, each with a socket of its own on the same port (UDP on Linux; elsewhere it is 1). 1 to 64, default 1. The
    /// system deals sources out to the sockets, so that the order of each source stays. More help where one processor is busy with
    /// receiving alone. Other processes of the same user can then share the port too.
    /// </summary>
    public int ReceiveThreads { get; set; } = 1;

    /// <summary>
    /// Bytes of received datagrams that the system keeps until they are read (UDP). 4,096 to 1 GiB, default 4 MiB: a burst of some 3,000
    /// messages while the process collects garbage. Linux gives no more than the sysctl <c>net.core.rmem_max</c>.
    /// </summary>
    public int ReceiveBufferSize { get; set; } = 4 << 20;

    /// <summary>
    /// Connections that others may have open at one time (TCP). Default 10,000. Beyond, the connection that never said anything for the
    /// longest time is closed for the new one; then one that is silent for 10 s and that no registration, call or trunk depends on; when
    /// there is none, the new one is closed.
    /// </summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>
    /// Connections from one address, or one IPv6 /64 (TCP). Default 256. Beyond, the one of them that never said anything for the longest
    /// time is closed for the new one; when all have spoken, the new one is closed.
    /// </summary>
    public int MaxConnectionsPerAddress { get; set; } = 256;

    /// <summary>Time in which a message must be complete once it has begun (TCP). Default 15 s.</summary>
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A connection on which nothing ever came is closed after so long (TCP). Default 30 s: a client that connects has something to say.
    /// </summary>
    public TimeSpan FirstMessageTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A connection is closed when nothing came over it for so long (TCP). Default 10 minutes. Not one that a call, a registration or a
    /// trunk depends on: that is closed when the system finds that its peer is gone.
    /// </summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A connection whose peer takes nothing of what we send for so long is closed (TCP). 1 s to 5 minutes, default 15 s: who does not read
    /// its answers has no use for them.
    /// </summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Memory for what waits to be sent over one connection, bytes (TCP). 64 KiB to 16 MiB, default 256 KiB: four of the largest messages.
    /// It is used only while the peer reads more slowly than we send. A message beyond is not sent.
    /// </summary>
    public int MaxSendBytes { get; set; } = 256 * 1024;

    /// <summary>
    /// Memory for what waits to be sent and for half-received messages of all connections together, bytes (TCP). 1 MiB to 16 GiB, default
    /// 64 MiB. When it is used up, a message that cannot be sent at once is lost, and a connection that has sent half a message is closed;
    /// peers that read and send whole messages notice nothing.
    /// </summary>
    public long MaxBufferedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>TLS of this listener; null, the default, takes that of the server.</summary>
    public Tls.SipTlsOptions? Tls { get; set; }

    /// <summary>
    /// Reads <c>udp://192.0.2.1:5060</c>, <c>tcp://[::1]:5060</c>, <c>tls://0.0.0.0:5061</c> and their like; without a port 5060 is
    /// meant, and
    /// 5061 for TLS.
    /// </summary>
    /// <param name="uri">The text.</param>
    /// <exception cref="FormatException">Says what is wrong.</exception>
    public static SipListenerOptions Parse(string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var colon = uri.IndexOf("://", StringComparison.Ordinal);
        var protocol = colon < 0 ? null : uri[..colon].ToLowerInvariant() switch
        {
            "udp" => SipTransportProtocol.Udp,
            "tcp" => SipTransportProtocol.Tcp,
            "tls" => SipTransportProtocol.Tls,
            _ => (SipTransportProtocol?)null,
        };
        if (protocol is null)
            throw new FormatException(
                $"\"{uri}\" is no place to listen: write udp://ADDRESS:PORT, tcp://ADDRESS:PORT or tls://ADDRESS:PORT.");
        var address = uri[(colon + 3)..];
        if (!IPEndPoint.TryParse(address, out var endPoint))
            throw new FormatException(
                $"\"{address}\" is no address to listen at: write an IP address and port, for example 0.0.0.0:5060 or [::]:5060.");
        // An IPv6 address without brackets is all address.
        var hasPort = address.StartsWith('[') ? address.Contains("]:", StringComparison.Ordinal) : address.AsSpan().Count(':') == 1;
        var place = hasPort ? endPoint : new IPEndPoint(endPoint.Address, protocol.Value.DefaultPort());
        return new SipListenerOptions { Protocol = protocol.Value, EndPoint = place };
    }

    /// <summary>The same with other <see cref="LocalNetworks"/>, and with <see cref="Tls"/> where it has none.</summary>
    internal SipListenerOptions With(IReadOnlyList<IPNetwork> networks, Tls.SipTlsOptions tls)
    {
        var copy = (SipListenerOptions)MemberwiseClone();
        copy.LocalNetworks = networks;
        copy.Tls ??= tls;
        return copy;
    }

    /// <summary>As text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => $"{Protocol.ToName()}://{EndPoint}";
}
