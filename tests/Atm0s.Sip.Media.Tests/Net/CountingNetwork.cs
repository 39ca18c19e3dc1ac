using System.Net;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Tests.Net;

/// <summary>A network that counts how often it is asked for datagrams.</summary>
internal sealed class CountingNetwork(IMediaNetwork network) : IMediaNetwork
{
    public int Receives { get; set; }

    public MediaBindResult Bind(IPAddress address, int port, out IMediaSocket? socket)
    {
        var result = network.Bind(address, port, out socket);
        if (socket is not null)
            socket = new Counting(this, socket);
        return result;
    }

    private sealed class Counting(CountingNetwork network, IMediaSocket socket) : IMediaSocket
    {
        public IPEndPoint LocalEndPoint => socket.LocalEndPoint;

        public MediaReceive Receive(Span<byte> buffer, out MediaDatagram datagram)
        {
            network.Receives++;
            return socket.Receive(buffer, out datagram);
        }

        public bool Send(ReadOnlySpan<byte> datagram) => socket.Send(datagram);

        public bool SendTo(ReadOnlySpan<byte> datagram, MediaAddress destination) => socket.SendTo(datagram, destination);

        public void Connect(MediaAddress peer) => socket.Connect(peer);

        public void Disconnect() => socket.Disconnect();

        public bool TrySetDscp(int dscp) => socket.TrySetDscp(dscp);

        public void Dispose() => socket.Dispose();
    }
}
