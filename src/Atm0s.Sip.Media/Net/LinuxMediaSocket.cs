using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atm0s.Sip.Media.Native;

namespace Atm0s.Sip.Media.Net;

/// <summary>
/// A UDP socket of Linux. All of it goes past <see cref="Socket"/>, which throws for an ICMP error and after one refuses to connect
/// again; here an error is a value. The kernel names the source of every datagram, on a connected socket too: those that came before the
/// connect may be anybody's.
/// </summary>
internal sealed unsafe class LinuxMediaSocket : IMediaSocket
{
    private const int DontWait = 0x40;  // MSG_DONTWAIT
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL
    private const int Truncated = 0x20; // MSG_TRUNC
    private const int WouldBlock = 11; // EAGAIN

    private const int MaxDrained = 4096;

    private readonly Socket _socket;
    private readonly ParkedSockets? _parked;
    private readonly SafeSocketHandle _handle;
    private readonly AddressFamily _family;
    private readonly bool _isStamped;
    private readonly byte[] _name = new byte[SocketName.MaxLength]; // of the last destination
    private MediaAddress _destination;
    private int _nameLength;
    private MediaAddress _peer;
    private bool _connected;
    private int _isEnded;

    /// <param name="socket">Bound, not blocking.</param>
    /// <param name="parked">Takes the socket at the end; null closes it.</param>
    public LinuxMediaSocket(Socket socket, ParkedSockets? parked = null)
        : this(socket, parked, ArrivalStamp.TryEnable(socket))
    {
    }

    private LinuxMediaSocket(Socket socket, ParkedSockets? parked, bool isStamped)
    {
        _socket = socket;
        _parked = parked;
        _handle = socket.SafeHandle;
        _family = socket.AddressFamily;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        _isStamped = isStamped;
    }

    /// <summary>Goes on with a socket that was parked: hears everybody again, and nothing of what came before.</summary>
    public static LinuxMediaSocket Resume(Socket socket, ParkedSockets parked)
    {
        var resumed = new LinuxMediaSocket(socket, parked, isStamped: true) { _connected = true };
        resumed.Drain();
        resumed.Disconnect();
        return resumed;
    }

    public IPEndPoint LocalEndPoint { get; }

    [SkipLocalsInit]
    public MediaReceive Receive(Span<byte> buffer, out MediaDatagram datagram)
    {
        datagram = default;
        if (_isEnded != 0)
            return MediaReceive.None;
        var name = stackalloc byte[SocketName.MaxLength];
        var control = stackalloc ulong[ArrivalStamp.ControlLength / sizeof(ulong)];
        fixed (byte* data = buffer)
        {
            var vector = new IoVector { Data = data, Length = (nuint)buffer.Length };
            var message = new MessageHeader
            {
                Name = name,
                NameLength = SocketName.MaxLength,
                Vectors = &vector,
                VectorCount = 1,
                Control = (byte*)control,
                ControlLength = _isStamped ? ArrivalStamp.ControlLength : 0u,
            };
            var length = ReceiveMessage(&message);
            if (length < 0)
                return Marshal.GetLastPInvokeError() == WouldBlock ? MediaReceive.None : MediaReceive.Error;
            if ((message.Flags & Truncated) != 0 || length == buffer.Length)
                return MediaReceive.Error;
            datagram = new MediaDatagram(
                (int)length,
                SocketName.Read(new ReadOnlySpan<byte>(name, (int)message.NameLength)),
                ArrivalStamp.AgeOf(new ReadOnlySpan<byte>(control, (int)message.ControlLength)));
            return MediaReceive.Datagram;
        }
    }

    public bool Send(ReadOnlySpan<byte> datagram)
    {
        if (!_connected)
            return !_peer.IsNone && SendTo(datagram, _peer);
        return Send(datagram, null, 0);
    }

    public bool SendTo(ReadOnlySpan<byte> datagram, MediaAddress destination)
    {
        if (destination != _destination)
        {
            _destination = destination;
            _nameLength = destination.IsNone ? 0 : SocketName.Write(destination, _family, _name);
        }

        if (_nameLength == 0)
            return false;
        fixed (byte* name = _name)
            return Send(datagram, name, (uint)_nameLength);
    }

    public void Connect(MediaAddress peer)
    {
        if (_isEnded != 0)
            return;
        _peer = peer;
        var name = stackalloc byte[SocketName.MaxLength];
        var length = SocketName.Write(peer, _family, new Span<byte>(name, SocketName.MaxLength));
        // Without a route, for the moment, it stays as it was: unconnected it hears more than it needs, which is filtered by the source.
        if (length > 0 && Connect(name, length))
            _connected = true;
    }

    public void Disconnect()
    {
        var unspecified = stackalloc byte[16];
        new Span<byte>(unspecified, 16).Clear();
        // A socket that would not let go of its peer stays connected: Receive and Send go on as before.
        if (_connected && _isEnded == 0 && Connect(unspecified, 16))
            _connected = false;
        if (!_connected)
            _peer = default;
    }

    public bool TrySetDscp(int dscp) => Dscp.TrySet(_socket, dscp);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isEnded, 1) != 0)
            return;
        var name = stackalloc byte[SocketName.MaxLength];
        var length = SocketName.Write(MediaAddress.From(LocalEndPoint), _family, new Span<byte>(name, SocketName.MaxLength));
        if (_parked is not null && length > 0 && Connect(name, length))
            _parked.Park(_socket, LocalEndPoint);
        else
            _socket.Dispose();
    }

    // What came while it was not connected to itself. One datagram a call, of which nothing is wanted.
    private void Drain()
    {
        Span<byte> none = stackalloc byte[1];
        for (var i = 0; i < MaxDrained && Receive(none, out _) != MediaReceive.None; i++)
        {
        }
    }

    private bool Connect(byte* name, int length)
    {
        try
        {
            return LibC.Connect(_handle, name, (uint)length) == 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private nint ReceiveMessage(MessageHeader* message)
    {
        try
        {
            return LibC.ReceiveMessage(_handle, message, DontWait);
        }
        catch (ObjectDisposedException)
        {
            Marshal.SetLastPInvokeError(WouldBlock);
            return -1;
        }
    }

    private bool Send(ReadOnlySpan<byte> datagram, byte* name, uint nameLength)
    {
        if (_isEnded != 0)
            return false;
        try
        {
            fixed (byte* data = datagram)
            {
                // An ICMP error that was pending is told in place of the first try, which then has sent nothing.
                return LibC.SendTo(_handle, data, (nuint)datagram.Length, DontWait | NoSignal, name, nameLength) >= 0
                    || (Marshal.GetLastPInvokeError() != WouldBlock
                        && LibC.SendTo(_handle, data, (nuint)datagram.Length, DontWait | NoSignal, name, nameLength) >= 0);
            }
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
