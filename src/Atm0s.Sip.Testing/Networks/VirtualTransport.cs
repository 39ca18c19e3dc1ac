using System.Net;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;

namespace Atm0s.Sip.Testing.Networks;

/// <summary>
/// A listener on a <see cref="VirtualNetwork"/>: datagrams, or with TCP connections that nothing is lost on. Both ends of a connection are
/// listeners.
/// </summary>
internal sealed class VirtualTransport : ISipTransport
{
    private readonly VirtualNetwork _network;
    private readonly SipLimits _limits;
    private readonly Dictionary<IPEndPoint, VirtualFlow> _connections = [];
    private ISipTransportSink? _sink;

    internal VirtualTransport(VirtualNetwork network, SipListenerOptions options, SipLimits limits)
    {
        _network = network;
        _limits = limits;
        Options = options;
        LocalEndPoint = options.EndPoint;
    }

    /// <inheritdoc/>
    public SipListenerOptions Options { get; }

    /// <inheritdoc/>
    public SipTransportProtocol Protocol => Options.Protocol;

    /// <inheritdoc/>
    public IPEndPoint LocalEndPoint { get; private set; }

    /// <inheritdoc/>
    public ValueTask StartAsync(ISipTransportSink sink, CancellationToken cancellationToken)
    {
        _sink = sink;
        LocalEndPoint = _network.Open(this, Options.EndPoint);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public SipFlow? TryGetFlow(IPEndPoint remote) => FlowTo(remote);

    /// <inheritdoc/>
    public SipFlow? TryGetFlow(IPEndPoint remote, TlsPeer? peer) => FlowTo(remote, peer: peer);

    internal IReadOnlyDictionary<IPAddress, TlsIdentity> Certificates => _network.Certificates;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _sink = null;
        _network.Close(this);
        return ValueTask.CompletedTask;
    }

    internal void Receive(Packet packet)
    {
        if (!_network.HasTurns)
        {
            TakeIn(packet);
            return;
        }

        using var turn = ShardTurn.Begin();
        TakeIn(packet);
    }

    internal void Send(IPEndPoint remote, ReadOnlySpan<byte> message) => _network.Send(Protocol, LocalEndPoint, remote, message);

    /// <summary>The connection to a peer is gone.</summary>
    internal void CloseConnection(IPEndPoint remote)
    {
        if (!_connections.Remove(remote, out var flow))
            return;
        flow.Close();
        _sink?.OnFlowClosed(flow);
    }

    internal bool IsSecure => _network.IsSecure || Protocol.IsSecure();

    internal int ConnectionCount => _connections.Count;

    /// <summary>Peers of the connections that nobody depends on.</summary>
    internal IEnumerable<IPEndPoint> IdleConnections => [.. _connections.Where(c => !c.Value.IsHeld).Select(c => c.Key)];

    private void TakeIn(Packet packet)
    {
        if (_sink is not { } sink)
            return;
        // A ping (RFC 5626 §4.4.1), or over UDP nothing at all (RFC 3261 §7.5).
        if (packet.Text == "\r\n\r\n")
            return;
        if (!SipParser.TryParse(packet.Bytes, _limits, isStream: false, out var message, out var refusal))
        {
            sink.OnRefused(refusal, packet.Bytes.Length);
            return;
        }

        message.RemoteEndPoint = packet.Source;
        if (refusal != SipRefusal.None)
            sink.OnRefused(refusal, packet.Bytes.Length);
        var flow = FlowTo(packet.Source, isAccepted: true);
        flow.HasHeard = true;
        sink.OnMessage(flow, message);
    }

    private VirtualFlow FlowTo(IPEndPoint remote, bool isAccepted = false, TlsPeer? peer = null)
    {
        if (Protocol == SipTransportProtocol.Udp)
            return new VirtualFlow(this, remote);
        if (!_connections.TryGetValue(remote, out var flow))
            _connections.Add(remote, flow = new VirtualFlow(this, remote, isAccepted, Protocol == SipTransportProtocol.Tls ? peer : null));
        return flow;
    }
}
