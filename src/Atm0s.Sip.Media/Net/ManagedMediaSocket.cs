using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Media.Net;

/// <summary>
/// A UDP socket by what .NET has: where there is no <see cref="LinuxMediaSocket"/>. It is never connected, since nothing would dissolve
/// the connection.
/// </summary>
internal sealed class ManagedMediaSocket : IMediaSocket
{
    // After a send that failed: an exception costs as much as some packets. Nothing of RTCP is lost by it, which comes every few seconds.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly SocketAddress _source;
    private SocketAddress? _destinationName;
    private MediaAddress _destination;
    private MediaAddress _peer;
    private long? _failedAt;

    public ManagedMediaSocket(Socket socket, TimeProvider time)
    {
        _socket = socket;
        _time = time;
        _source = new SocketAddress(socket.AddressFamily);
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
    }

    public IPEndPoint LocalEndPoint { get; }

    public MediaReceive Receive(Span<byte> buffer, out MediaDatagram datagram)
    {
        datagram = default;
        try
        {
            // Not Available: it says 0 for an empty datagram, and whatever waits behind it would wait for ever.
            if (!_socket.Poll(0, SelectMode.SelectRead))
                return MediaReceive.None;
            var length = _socket.ReceiveFrom(buffer, SocketFlags.None, _source);
            if (length == buffer.Length) // some systems cut in silence what does not fit
                return MediaReceive.Error;
            datagram = new MediaDatagram(length, MediaAddress.From(_source), TimeSpan.Zero);
            return MediaReceive.Datagram;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.WouldBlock ? MediaReceive.None : MediaReceive.Error;
        }
        catch (Exception e) when (e is ObjectDisposedException or InvalidOperationException)
        {
            return MediaReceive.None;
        }
    }

    public bool Send(ReadOnlySpan<byte> datagram) => SendTo(datagram, _peer);

    public bool SendTo(ReadOnlySpan<byte> datagram, MediaAddress destination)
    {
        if (destination.IsNone)
            return false;
        if (_destinationName is null || destination != _destination)
        {
            var endPoint = destination.ToEndPoint();
            if (endPoint.AddressFamily != _socket.AddressFamily)
                return false;
            _destinationName = endPoint.Serialize();
            _destination = destination;
            _failedAt = null;
        }

        if (_failedAt is { } failedAt && _time.GetElapsedTime(failedAt) < Rest)
            return false;
        try
        {
            _socket.SendTo(datagram, SocketFlags.None, _destinationName);
            _failedAt = null;
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            _failedAt = _time.GetTimestamp();
            return false;
        }
    }

    public void Connect(MediaAddress peer) => _peer = peer;

    public void Disconnect() => _peer = default;

    public bool TrySetDscp(int dscp) => Dscp.TrySet(_socket, dscp);

    public void Dispose() => _socket.Dispose();
}
