using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Core.Transport.Udp;

/// <summary>
/// A UDP socket where recvmmsg is missing: one call for each message, and exceptions where Linux has numbers. It waits in a poll, for there
/// are systems that let nobody out of a receive.
/// </summary>
internal sealed class PlainUdpSocket : UdpSocket
{
    private const int Batch = 16;
    private const int SlotLength = 65_536;

    private readonly Socket _socket;
    private readonly byte[] _data = GC.AllocateUninitializedArray<byte>(Batch * SlotLength, pinned: true);
    private readonly SocketAddress[] _sources = new SocketAddress[Batch];
    private readonly int[] _lengths = new int[Batch];

    /// <param name="socket">A bound socket; owned.</param>
    public PlainUdpSocket(Socket socket)
        : base(socket)
    {
        _socket = socket;
        for (var i = 0; i < Batch; i++)
            _sources[i] = new SocketAddress(socket.AddressFamily);
    }

    public override int BatchSize => Batch;

    public override int Receive(out int error)
    {
        error = 0;
        var count = 0;
        try
        {
            if (!_socket.Poll(LongestWait, SelectMode.SelectRead))
                return 0;
            do
            {
                _lengths[count] = ReceiveInto(count);
                count++;
            }
            while (count < Batch && _socket.Poll(0, SelectMode.SelectRead));
        }
        catch (SocketException exception)
        {
            error = count == 0 && !IsWorthNothing(exception.SocketErrorCode) ? exception.NativeErrorCode : 0;
        }

        return count;
    }

    public override UdpDatagram Datagram(int index)
    {
        var source = _sources[index];
        return new UdpDatagram(
            _data.AsSpan(index * SlotLength, Math.Min(_lengths[index], SlotLength)), _lengths[index], source.Buffer.Span[..source.Size]);
    }

    public override int Send(ReadOnlySpan<byte> message, SocketAddress to)
    {
        try
        {
            _socket.SendTo(message, SocketFlags.None, to);
            return 0;
        }
        catch (SocketException exception)
        {
            return exception.NativeErrorCode;
        }
    }

    public override int Send(UdpSendBatch batch, int from, out int error)
    {
        error = 0;
        for (var i = from; i < batch.Count; i++)
        {
            error = Send(batch.Message(i), batch.Flow(i).Address);
            if (error != 0)
                return i - from;
        }

        return batch.Count - from;
    }

    // An empty datagram to itself, which means nothing to anybody.
    public override void Wake()
    {
        try
        {
            var here = (IPEndPoint)_socket.LocalEndPoint!;
            var loopback = here.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;
            var isAny = here.Address.Equals(IPAddress.Any) || here.Address.Equals(IPAddress.IPv6Any);
            _socket.SendTo([], SocketFlags.None, isAny ? new IPEndPoint(loopback, here.Port) : here);
        }
        catch (SocketException)
        {
            // Then the wait ends by itself.
        }
    }

    private int ReceiveInto(int index)
    {
        try
        {
            return _socket.ReceiveFrom(_data.AsSpan(index * SlotLength, SlotLength), SocketFlags.None, _sources[index]);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.MessageSize)
        {
            // Windows: how long it was, nobody says.
            return SlotLength + 1;
        }
    }

    private static bool IsWorthNothing(SocketError error) =>
        error is SocketError.Interrupted or SocketError.WouldBlock or SocketError.TimedOut;
}
