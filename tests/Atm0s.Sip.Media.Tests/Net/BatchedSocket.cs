using System.Net;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Tests.Net;

/// <summary>A socket as a media thread uses it, each tick of which has one datagram.</summary>
internal sealed class BatchedSocket(LinuxMediaSocket socket, SocketBatch batch) : IMediaSocket
{
    public IPEndPoint LocalEndPoint => socket.LocalEndPoint;

    public bool TrySetDscp(int dscp) => socket.TrySetDscp(dscp);

    public MediaReceive Receive(Span<byte> buffer, out MediaDatagram datagram)
    {
        batch.BeginFetch();
        batch.Ask(socket);
        batch.Fetch();
        return socket.Receive(buffer, out datagram);
    }

    public bool Send(ReadOnlySpan<byte> datagram) => socket.Send(datagram) && batch.Flush() == 0;

    public bool SendTo(ReadOnlySpan<byte> datagram, MediaAddress destination) => socket.SendTo(datagram, destination);

    public void Connect(MediaAddress peer) => socket.Connect(peer);

    public void Disconnect() => socket.Disconnect();

    public void Dispose() => socket.Dispose();
}
