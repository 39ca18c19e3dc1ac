using System.Net;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.TestKit.Network;

/// <summary>A listener on a <see cref="VirtualNetwork"/>; behaves as UDP does.</summary>
public sealed class VirtualTransport : ISipTransport
{
    private readonly VirtualNetwork _network;
    private readonly SipLimits _limits;
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
    public SipTransportProtocol Protocol => SipTransportProtocol.Udp;

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
    public SipFlow? TryGetFlow(IPEndPoint remote) => new VirtualFlow(this, remote);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _sink = null;
        _network.Close(LocalEndPoint);
        return ValueTask.CompletedTask;
    }

    internal void Receive(Packet packet)
    {
        if (_sink is not { } sink)
            return;
        if (!SipParser.TryParse(packet.Bytes, _limits, isStream: false, out var message, out var refusal))
        {
            sink.OnRefused(refusal, packet.Bytes.Length);
            return;
        }

        message.RemoteEndPoint = packet.Source;
        if (refusal != SipRefusal.None)
            sink.OnRefused(refusal, packet.Bytes.Length);
        sink.OnMessage(new VirtualFlow(this, packet.Source), message);
    }

    internal void Send(IPEndPoint remote, ReadOnlySpan<byte> message) => _network.Send(LocalEndPoint, remote, message);
}
