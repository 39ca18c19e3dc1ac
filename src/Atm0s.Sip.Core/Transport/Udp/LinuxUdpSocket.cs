using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atm0s.Sip.Core.Transport.Linux;

namespace Atm0s.Sip.Core.Transport.Udp;

/// <summary>A UDP socket of Linux: recvmmsg and sendmmsg, so that a call into the kernel serves many messages.</summary>
internal sealed unsafe class LinuxUdpSocket : UdpSocket
{
    private const int Batch = 64;

    // Slots an odd number of cache lines apart: at powers of two the heads of all messages would fight for the same lines of the cache.
    private const int Slack = 11 * 64;

    private const int SocketLevel = 1; // SOL_SOCKET
    private const int ReceiveTimeout = 20; // SO_RCVTIMEO
    private const short Writable = 4; // POLLOUT
    private const int LongestFullWait = 5; // ms
    private const int NeverMind = 3;

    private readonly SafeSocketHandle _handle;
    private readonly int _file;
    private readonly int _slotLength;
    private readonly byte[] _data;
    private readonly byte[] _names = GC.AllocateArray<byte>(Batch * UdpSendBatch.NameLength, pinned: true);
    private readonly MultiMessage[] _in = GC.AllocateArray<MultiMessage>(Batch, pinned: true);
    private readonly IoVector[] _inVectors = GC.AllocateArray<IoVector>(Batch, pinned: true);
    private readonly MultiMessage[] _out = GC.AllocateArray<MultiMessage>(UdpSendBatch.Capacity, pinned: true);
    private readonly IoVector[] _outVectors = GC.AllocateArray<IoVector>(UdpSendBatch.Capacity, pinned: true);
    private int _used;

    /// <param name="socket">A bound socket; owned.</param>
    /// <param name="maxMessageSize">Longest message that is read whole.</param>
    public LinuxUdpSocket(Socket socket, int maxMessageSize)
        : base(socket)
    {
        _slotLength = ((maxMessageSize + 63) / 64 * 64) + Slack;
        _data = GC.AllocateUninitializedArray<byte>(Batch * _slotLength, pinned: true);
        for (var i = 0; i < Batch; i++)
        {
            _inVectors[i] = new IoVector { Data = At(_data, i * _slotLength), Length = (nuint)_slotLength };
            _in[i].Header = new MessageHeader
            {
                Name = At(_names, i * UdpSendBatch.NameLength),
                NameLength = UdpSendBatch.NameLength,
                Vectors = At(_inVectors, i),
                VectorCount = 1,
            };
        }

        // A struct timeval: .NET's own time-out polls.
        socket.SetRawSocketOption(
            SocketLevel, ReceiveTimeout, MemoryMarshal.AsBytes<long>([(long)LongestWait.TotalSeconds, LongestWait.Microseconds]));
        _handle = socket.SafeHandle;
        // Held until the receiving thread disposes of it: the number of a file that was closed may be another's by then.
        var isHeld = false;
        _handle.DangerousAddRef(ref isHeld);
        _file = (int)_handle.DangerousGetHandle();
    }

    public override int BatchSize => Batch;

    public override int Receive(out int error)
    {
        // What the last call has written over.
        for (var i = 0; i < _used; i++)
            _in[i].Header.NameLength = UdpSendBatch.NameLength;

        error = 0;
        var count = LibC.ReceiveMessages(_file, At(_in, 0), Batch, LibC.WaitForOne | LibC.Truncated, null);
        _used = Math.Max(count, 0);
        if (count >= 0)
            return count;
        error = Marshal.GetLastPInvokeError();
        if (error is Errors.Interrupted or Errors.WouldBlock)
            error = 0;
        return 0;
    }

    public override UdpDatagram Datagram(int index)
    {
        ref var message = ref _in[index];
        var length = (int)message.Length;
        return new UdpDatagram(
            _data.AsSpan(index * _slotLength, Math.Min(length, _slotLength)),
            length,
            _names.AsSpan(index * UdpSendBatch.NameLength, (int)Math.Min(message.Header.NameLength, UdpSendBatch.NameLength)));
    }

    public override int Send(ReadOnlySpan<byte> message, SocketAddress to)
    {
        for (var tries = 0; ; tries++)
        {
            nint sent;
            fixed (byte* data = message, name = to.Buffer.Span)
                sent = LibC.SendTo(_handle, data, (nuint)message.Length, LibC.DontWait | LibC.NoSignal, name, (uint)to.Size);
            if (sent >= 0)
                return 0;
            var error = Marshal.GetLastPInvokeError();
            if (tries == NeverMind || !MayTryAgain(error))
                return error;
        }
    }

    public override int Send(UdpSendBatch batch, int from, out int error)
    {
        for (var i = from; i < batch.Count; i++)
        {
            var message = batch.Message(i);
            var name = batch.Name(i);
            _outVectors[i] = new IoVector { Data = At(message), Length = (nuint)message.Length };
            _out[i].Header = new MessageHeader
            {
                Name = At(name), NameLength = (uint)name.Length, Vectors = At(_outVectors, i), VectorCount = 1,
            };
        }

        for (var tries = 0; ; tries++)
        {
            error = 0;
            var sent = LibC.SendMessages(_file, At(_out, from), (uint)(batch.Count - from), LibC.DontWait | LibC.NoSignal);
            if (sent > 0)
                return sent;
            error = sent < 0 ? Marshal.GetLastPInvokeError() : Errors.WouldBlock;
            if (tries == NeverMind || !MayTryAgain(error))
                return 0;
        }
    }

    public override void Wake() => _ = LibC.Shutdown(_handle, 0);

    public override void Dispose()
    {
        _handle.DangerousRelease();
        base.Dispose();
    }

    // The kernel's send buffer is full for some milliseconds at most, or the network card is not worth waiting for.
    private bool MayTryAgain(int error)
    {
        if (error == Errors.Interrupted)
            return true;
        if (error != Errors.WouldBlock)
            return false;
        var isHeld = false;
        try
        {
            _handle.DangerousAddRef(ref isHeld);
            var request = new PollRequest { File = _file, Wanted = Writable };
            return LibC.Poll(&request, 1, LongestFullWait) > 0;
        }
        finally
        {
            if (isHeld)
                _handle.DangerousRelease();
        }
    }

    // Only of arrays that do not move.
    private static T* At<T>(T[] pinned, int index)
        where T : unmanaged => (T*)Unsafe.AsPointer(ref pinned[index]);

    private static byte* At(Span<byte> pinned) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(pinned));
}
