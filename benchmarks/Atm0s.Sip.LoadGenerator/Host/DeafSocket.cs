using System.Net;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.LoadGenerator.Host;

/// <summary>A socket of <see cref="DeafNetwork"/>: nothing comes, and what goes is gone.</summary>
internal sealed class DeafSocket(IPEndPoint local) : IMediaSocket
{
    public IPEndPoint LocalEndPoint => local;

    public bool TrySetDscp(int dscp) => true;

    public MediaReceive Receive(Span<byte> buffer, out MediaDatagram datagram)
    {
        datagram = default;
        return MediaReceive.None;
    }

    public bool Send(ReadOnlySpan<byte> datagram) => true;

    public bool SendTo(ReadOnlySpan<byte> datagram, MediaAddress destination) => true;

    public void Connect(MediaAddress peer)
    {
    }

    public void Disconnect()
    {
    }

    public void Dispose()
    {
    }
}
