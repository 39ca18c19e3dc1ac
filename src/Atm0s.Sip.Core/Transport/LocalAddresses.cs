using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Core.Transport;

/// <summary>
/// For a listener on any address: which of our addresses the system uses towards a peer. Asked of the routing table and remembered, up to a
/// limit.
/// </summary>
internal sealed class LocalAddresses(IPEndPoint bound)
{
    private const int Capacity = 4096;

    private readonly ConcurrentDictionary<IPAddress, IPAddress> _known = new();

    public IPEndPoint Towards(IPEndPoint remote)
    {
        if (!IsAny(bound.Address))
            return bound;
        if (!_known.TryGetValue(remote.Address, out var local))
        {
            local = AskRoutingTable(remote) ?? bound.Address;
            // Forgetting everything now and then keeps a flood of spoofed sources from growing it.
            if (_known.Count >= Capacity)
                _known.Clear();
            _known[remote.Address] = local;
        }

        return new IPEndPoint(local, bound.Port);
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    // Connecting a UDP socket sends nothing; it only makes the system choose a route.
    private static IPAddress? AskRoutingTable(IPEndPoint remote)
    {
        try
        {
            using var probe = new Socket(remote.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            probe.Connect(remote.Address, remote.Port == 0 ? 5060 : remote.Port);
            return (probe.LocalEndPoint as IPEndPoint)?.Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
