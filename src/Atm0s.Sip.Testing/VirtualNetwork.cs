using System.Net;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.Testing.Networks;

namespace Atm0s.Sip.Testing;

/// <summary>Datagrams between virtual listeners, in virtual time. Chance is seeded, so every run is the same.</summary>
/// <param name="timeProvider">The clock of the world.</param>
/// <param name="seed">Seed of loss, duplication and reordering.</param>
public sealed class VirtualNetwork(TimeProvider timeProvider, int seed)
{
    private static readonly SipTransportProtocol[] Streams = [SipTransportProtocol.Tcp, SipTransportProtocol.Tls];

    private readonly Random _random = new(seed);
    private readonly long _start = timeProvider.GetTimestamp();
    private readonly Dictionary<(SipTransportProtocol Protocol, IPEndPoint EndPoint), VirtualTransport> _listeners = [];
    private readonly PriorityQueue<(SipTransportProtocol Protocol, Packet Packet), (TimeSpan Due, long Order)> _packets = new();
    private long _order;

    /// <summary>How packets are treated from now on.</summary>
    public LinkConditions Conditions { get; set; } = new();

    /// <summary>Every packet sent, lost ones too: for tests that look at the wire.</summary>
    public List<Packet> Sent { get; } = [];

    /// <summary>Called for every packet; false loses it. Default: none is lost by it.</summary>
    public Func<Packet, bool> Filter { get; set; } = static _ => true;

    /// <summary>
    /// Which certificate is shown over TLS from an address, as if it were trusted. Empty by default: nobody shows one. There is no
    /// cryptography
    /// here; what can be tested is which way is taken, and for whom.
    /// </summary>
    public Dictionary<IPAddress, TlsIdentity> Certificates { get; } = [];

    /// <summary>
    /// Whether whom a packet wakes runs before the next one is delivered, as on a receiving thread, instead of when the scheduler comes to
    /// it. Each has its own order of things, and both must be right. Default: for every second seed; for all with
    /// <c>VIRTUAL_TURNS=1</c>.
    /// </summary>
    public bool HasTurns { get; set; } = seed % 2 == 0 || Environment.GetEnvironmentVariable("VIRTUAL_TURNS") == "1";

    /// <summary>
    /// Whether every way counts as encrypted, as those over TLS do: then keys of SRTP may stand in descriptions (RFC 4568 §8.3). Default
    /// false: by its protocol.
    /// </summary>
    public bool IsSecure { get; set; }

    private TimeSpan Now => timeProvider.GetElapsedTime(_start);

    /// <summary>Makes the transport of a listener.</summary>
    public ISipTransport CreateTransport(SipListenerOptions options) => new VirtualTransport(this, options, SipLimits.Default);

    /// <summary>Delivers what is due now.</summary>
    public void DeliverDue()
    {
        while (_packets.TryPeek(out var next, out var key) && key.Due <= Now)
        {
            _packets.Dequeue();
            if (_listeners.TryGetValue((next.Protocol, next.Packet.Destination), out var listener))
                listener.Receive(next.Packet);
        }
    }

    /// <summary>Breaks the TCP or TLS connection between two listeners; both sides hear of it.</summary>
    public void BreakConnection(IPEndPoint one, IPEndPoint other)
    {
        foreach (var protocol in Streams)
        {
            _listeners.GetValueOrDefault((protocol, one))?.CloseConnection(other);
            _listeners.GetValueOrDefault((protocol, other))?.CloseConnection(one);
        }
    }

    /// <summary>
    /// Breaks the connections of a listener that nothing of its own depends on, as it does itself when they are silent for long.
    /// </summary>
    public void BreakIdleConnections(IPEndPoint listener)
    {
        foreach (var protocol in Streams)
        {
            foreach (var peer in _listeners.GetValueOrDefault((protocol, listener))?.IdleConnections ?? [])
                BreakConnection(listener, peer);
        }
    }

    /// <summary>Number of TCP and TLS connections that a listener has.</summary>
    public int ConnectionsOf(IPEndPoint listener) =>
        Streams.Sum(protocol => _listeners.GetValueOrDefault((protocol, listener))?.ConnectionCount ?? 0);

    internal IPEndPoint Open(VirtualTransport transport, IPEndPoint wanted)
    {
        var endPoint = wanted;
        for (var port = 5060; endPoint.Port == 0 || _listeners.ContainsKey((transport.Protocol, endPoint)); port++)
            endPoint = new IPEndPoint(wanted.Address, port);
        _listeners.Add((transport.Protocol, endPoint), transport);
        return endPoint;
    }

    internal void Close(VirtualTransport transport) => _listeners.Remove((transport.Protocol, transport.LocalEndPoint));

    internal void Send(SipTransportProtocol protocol, IPEndPoint source, IPEndPoint destination, ReadOnlySpan<byte> bytes)
    {
        var packet = new Packet(Now, source, destination, bytes.ToArray()) { Protocol = protocol };
        Sent.Add(packet);
        if (!Filter(packet))
            return;
        if (protocol != SipTransportProtocol.Udp)
        {
            _packets.Enqueue((protocol, packet), (Now + Conditions.Delay, _order++));
            return;
        }

        if (Chance(Conditions.Loss))
            return;
        Enqueue(packet);
        if (Chance(Conditions.Duplication))
            Enqueue(packet);
    }

    private void Enqueue(Packet packet)
    {
        var due = Now + Conditions.Delay + (Chance(Conditions.Reordering) ? Conditions.HeldBack : TimeSpan.Zero);
        _packets.Enqueue((SipTransportProtocol.Udp, packet), (due, _order++));
    }

    private bool Chance(double share) => share > 0 && _random.NextDouble() < share;
}
