using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Media.Net;

/// <summary>
/// A real UDP socket: Poll and ReceiveFrom while unconnected; connected, Receive and Send with the
/// out-SocketError overloads. Only Linux connects: elsewhere nothing dissolves the connection, and sources are filtered here.
/// </summary>
public sealed class UdpMediaSocket : IMediaSocket
{
    private const int Rest = 50; // sends left out after a failed one: an exception costs as much as 20 packets

    private readonly Socket _socket;
    private readonly SocketAddress _source;
    private SocketAddress? _destination;
    private MediaAddress _destinationKey;
    private MediaAddress _peer;
    private bool _connected;
    private int _resting;
    private long _errors;

    internal UdpMediaSocket(Socket socket)
    {
        _socket = socket;
        _source = new SocketAddress(socket.AddressFamily);
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <inheritdoc/>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Errors the network reported, ICMP for the most part.</summary>
    public long Errors => Volatile.Read(ref _errors);

    /// <inheritdoc/>
    public MediaReceive Receive(Span<byte> buffer, out MediaDatagram datagram)
    {
        if (!_connected) return ReceiveFrom(buffer, out datagram);
        var length = _socket.Receive(buffer, SocketFlags.None, out var error);
        datagram = default;
        switch (error)
        {
            case SocketError.Success or SocketError.MessageSize:
                datagram = new MediaDatagram(length, _peer, TimeSpan.Zero);
                return MediaReceive.Datagram;
            case SocketError.WouldBlock:
                return MediaReceive.None;
            default:
                _errors++;
                return MediaReceive.Error;
        }
    }

    /// <inheritdoc/>
    public bool Send(ReadOnlySpan<byte> datagram)
    {
        if (!_connected) return !_peer.IsNone && SendTo(datagram, _peer);
        _socket.Send(datagram, SocketFlags.None, out var error);
        if (error == SocketError.Success) return true;
        _errors++;
        return false;
    }

    /// <inheritdoc/>
    public bool SendTo(ReadOnlySpan<byte> datagram, MediaAddress destination)
    {
        if (destination.IsNone) return false;
        if (_destination is null || destination != _destinationKey)
        {
            var endPoint = destination.ToEndPoint();
            if (endPoint.AddressFamily != _socket.AddressFamily) return false;
            _destination = endPoint.Serialize();
            _destinationKey = destination;
            _resting = 0;
        }

        if (_resting > 0)
        {
            _resting--;
            return false;
        }

        try
        {
            _socket.SendTo(datagram, SocketFlags.None, _destination);
            return true;
        }
        catch (SocketException)
        {
            _errors++;
            _resting = Rest;
            return false;
        }
    }

    /// <inheritdoc/>
    public void Connect(MediaAddress peer)
    {
        _peer = peer;
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _socket.Connect(peer.ToEndPoint());
            _connected = true;
        }
        catch (SocketException)
        {
            // No route, for the moment: stay unconnected and filter.
            _errors++;
            _connected = false;
        }
    }

    /// <inheritdoc/>
    public void Disconnect()
    {
        // A socket that would not let go of its peer stays connected: Receive and Send go on as before.
        if (_connected && LibC.Disconnect(_socket.SafeHandle)) _connected = false;
        if (!_connected) _peer = default;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private MediaReceive ReceiveFrom(Span<byte> buffer, out MediaDatagram datagram)
    {
        datagram = default;
        try
        {
            // Not Available: it says 0 for an empty datagram, and whatever waits behind it would wait for ever.
            if (!_socket.Poll(0, SelectMode.SelectRead)) return MediaReceive.None;
            var length = _socket.ReceiveFrom(buffer, SocketFlags.None, _source);
            var source = MediaAddress.From(_source);
            if (!_peer.IsNone && source != _peer) return MediaReceive.Error;
            datagram = new MediaDatagram(length, source, TimeSpan.Zero);
            return MediaReceive.Datagram;
        }
        catch (SocketException e)
        {
            if (e.SocketErrorCode == SocketError.WouldBlock) return MediaReceive.None;
            _errors++;
            return MediaReceive.Error;
        }
    }
}
