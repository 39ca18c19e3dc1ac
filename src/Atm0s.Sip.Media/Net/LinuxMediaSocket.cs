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
    internal const int DontWait = 0x40;  // MSG_DONTWAIT
    internal const int NoSignal = 0x4000; // MSG_NOSIGNAL
    internal const int WouldBlock = 11; // EAGAIN
    private const int Truncated = 0x20; // MSG_TRUNC

    private const int MaxDrained = 4096;
    private const int FamilyIPv4 = 2;
    private const int FamilyIPv6 = 10;
    private const int Datagram = 2; // SOCK_DGRAM
    private const int CloseOnExecute = 0x80000; // SOCK_CLOEXEC
    private const int LevelIPv4 = 0;
    private const int LevelIPv6 = 41;
    private const int OnlyIPv6 = 26; // IPV6_V6ONLY
    private const int LevelSocket = 1;
    private const int ReceiveBuffer = 8; // SO_RCVBUF

    // Bytes, which the system doubles, and cuts to net.core.rmem_max: 10,000 small packets a second have to wait for a tick that is late.
    private const int ReceiveBufferSize = 1 << 19;

    private readonly SafeHandle _handle;
    private readonly ParkedSockets? _parked;
    private readonly AddressFamily _family;
    private readonly byte[] _name = new byte[SocketName.MaxLength]; // of the last destination
    private MediaAddress _destination;
    private int _nameLength;
    private MediaAddress _peer;
    private bool _connected;
    private FetchedDatagram? _fetched;
    private int _isEnded;

    /// <param name="handle">Bound.</param>
    /// <param name="local">Where it is bound.</param>
    /// <param name="parked">Takes the socket at the end; null closes it.</param>
    public LinuxMediaSocket(SafeHandle handle, IPEndPoint local, ParkedSockets? parked = null)
        : this(handle, local, parked, ArrivalStamp.TryEnable(handle))
    {
    }

    private LinuxMediaSocket(SafeHandle handle, IPEndPoint local, ParkedSockets? parked, bool isStamped)
    {
        _handle = handle;
        _parked = parked;
        _family = local.AddressFamily;
        LocalEndPoint = local;
        IsStamped = isStamped;
    }

    /// <summary>Opens a socket. Past <see cref="Socket"/>, which takes three times as long.</summary>
    /// <param name="local">Address and port; port 0 lets the system choose.</param>
    /// <param name="parked">Takes it at its end; null closes it.</param>
    /// <param name="socket">The socket, when there is one.</param>
    public static MediaBindResult Open(IPEndPoint local, ParkedSockets? parked, out IMediaSocket? socket)
    {
        socket = null;
        var isIPv6 = local.AddressFamily == AddressFamily.InterNetworkV6;
        var handle = LibC.Socket(isIPv6 ? FamilyIPv6 : FamilyIPv4, Datagram | CloseOnExecute, 0);
        if (handle.IsInvalid)
            return Failed(handle);
        LibC.TrySetOption(handle, LevelSocket, ReceiveBuffer, ReceiveBufferSize);
        var name = stackalloc byte[SocketName.MaxLength];
        var length = (uint)SocketName.Write(MediaAddress.From(local), local.AddressFamily, new Span<byte>(name, SocketName.MaxLength));
        if ((isIPv6 && !LibC.TrySetOption(handle, LevelIPv6, OnlyIPv6, 1)) || LibC.Bind(handle, name, length) != 0)
            return Failed(handle);
        if (local.Port == 0)
        {
            if (LibC.GetName(handle, name, &length) != 0)
                return Failed(handle);
            local = SocketName.Read(new ReadOnlySpan<byte>(name, (int)length)).ToEndPoint();
        }

        socket = new LinuxMediaSocket(handle, local, parked);
        return MediaBindResult.Bound;
    }

    /// <summary>Goes on with a socket that was parked: hears everybody again, and nothing of what came before.</summary>
    public static LinuxMediaSocket Resume(SafeHandle handle, IPEndPoint local, ParkedSockets parked)
    {
        var resumed = new LinuxMediaSocket(handle, local, parked, isStamped: true) { _connected = true };
        resumed.Drain();
        resumed.Disconnect();
        return resumed;
    }

    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Whether the system tells when a datagram came.</summary>
    internal bool IsStamped { get; }

    [SkipLocalsInit]
    public MediaReceive Receive(Span<byte> buffer, out MediaDatagram datagram)
    {
        datagram = default;
        if (_isEnded != 0)
            return MediaReceive.None;
        if (_fetched is not null && Interlocked.Exchange(ref _fetched, null) is { } fetched && fetched.Batch == SocketBatch.Current)
            return Read(fetched, buffer, out datagram);
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
                ControlLength = IsStamped ? ArrivalStamp.ControlLength : 0u,
            };
            var length = ReceiveMessage(&message);
            if (length < 0)
                return Marshal.GetLastPInvokeError() == WouldBlock ? MediaReceive.None : MediaReceive.Error;
            if ((message.Flags & Truncated) != 0 || length == buffer.Length)
                return MediaReceive.Error;
            datagram = Describe(
                (int)length,
                new ReadOnlySpan<byte>(name, (int)message.NameLength),
                new ReadOnlySpan<byte>(control, (int)message.ControlLength));
            return MediaReceive.Datagram;
        }
    }

    public bool Send(ReadOnlySpan<byte> datagram)
    {
        if (!_connected)
            return !_peer.IsNone && SendTo(datagram, _peer);
        return (_isEnded == 0 && SocketBatch.Current is { } batch && batch.TrySend(this, datagram)) || TrySendNow(datagram);
    }

    /// <summary>Sends to the peer, whatever waits to be sent together.</summary>
    internal bool TrySendNow(ReadOnlySpan<byte> datagram) => Send(datagram, null, 0);

    /// <summary>Keeps the descriptor from being closed until <see cref="LetGo"/>.</summary>
    /// <returns>False when the socket has ended.</returns>
    internal bool TryHold(out int descriptor)
    {
        descriptor = -1;
        if (_isEnded != 0)
            return false;
        try
        {
            var isHeld = false;
            _handle.DangerousAddRef(ref isHeld);
            descriptor = (int)_handle.DangerousGetHandle();
            return isHeld;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Ends what <see cref="TryHold"/> began.</summary>
    internal void LetGo() => _handle.DangerousRelease();

    /// <summary>Gives it what <see cref="Receive"/> is to tell next.</summary>
    internal void Give(FetchedDatagram fetched) => Volatile.Write(ref _fetched, fetched);

    /// <summary>Takes that away again, unless it was told or is another's.</summary>
    internal void TakeBack(FetchedDatagram fetched) => Interlocked.CompareExchange(ref _fetched, null, fetched);

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

    public bool TrySetDscp(int dscp)
    {
        if (_isEnded != 0)
            return false;
        try
        {
            return _family == AddressFamily.InterNetwork
                ? LibC.TrySetOption(_handle, LevelIPv4, Dscp.TypeOfService, Dscp.OctetOf(dscp))
                : LibC.TrySetOption(_handle, LevelIPv6, Dscp.TrafficClass, Dscp.OctetOf(dscp));
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isEnded, 1) != 0)
            return;
        var name = stackalloc byte[SocketName.MaxLength];
        var length = SocketName.Write(MediaAddress.From(LocalEndPoint), _family, new Span<byte>(name, SocketName.MaxLength));
        if (_parked is { IsFull: false } && length > 0 && Connect(name, length))
            _parked.Park(_handle, LocalEndPoint);
        else
            _handle.Dispose();
    }

    private static MediaDatagram Describe(int length, ReadOnlySpan<byte> name, ReadOnlySpan<byte> control) =>
        new(length, SocketName.Read(name), ArrivalStamp.AgeOf(control));

    private static MediaReceive Read(FetchedDatagram fetched, Span<byte> buffer, out MediaDatagram datagram)
    {
        datagram = default;
        var length = fetched.Result;
        if (length < 0)
            return length == -WouldBlock ? MediaReceive.None : MediaReceive.Error;
        if ((fetched.Header->Flags & Truncated) != 0 || length >= Math.Min(buffer.Length, FetchedDatagram.MaxLength))
            return MediaReceive.Error;
        fetched.Data.CopyTo(buffer);
        datagram = Describe(length, fetched.Name, fetched.Control);
        return MediaReceive.Datagram;
    }

    private static MediaBindResult Failed(DescriptorHandle handle)
    {
        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        return error switch
        {
            12 or 23 or 24 or 105 => MediaBindResult.OutOfSockets, // ENOMEM, ENFILE, EMFILE, ENOBUFS
            96 or 97 or 99 => MediaBindResult.AddressUnavailable, // EPFNOSUPPORT, EAFNOSUPPORT, EADDRNOTAVAIL
            _ => MediaBindResult.PortUnavailable,
        };
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
        SocketBatch.Current?.SendAll(); // what was for the peer before
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
