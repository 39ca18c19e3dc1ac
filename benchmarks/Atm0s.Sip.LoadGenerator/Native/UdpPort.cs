using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.LoadGenerator.Native;

/// <summary>
/// One UDP socket on the loopback interface that sends from any of its addresses and hears them all, many datagrams a system call.
/// One thread at a time.
/// </summary>
internal sealed unsafe class UdpPort : IDisposable
{
    /// <summary>The longest datagram.</summary>
    public const int MaxDatagram = 4096;

    private const int Batch = 64;
    private readonly int _socket;
    private readonly byte* _memory;
    private readonly DatagramBatch _out;
    private readonly DatagramBatch _in;
    private int _waiting;

    /// <summary>Opens it.</summary>
    /// <param name="port">0 lets the system choose.</param>
    /// <param name="receiveBuffer">In bytes; what does not fit is dropped by the kernel and told in <see cref="Drops"/>.</param>
    /// <exception cref="Win32Exception">The socket could not be had.</exception>
    public UdpPort(int port = 0, int receiveBuffer = 8 << 20)
    {
        _socket = Check(LibC.Socket(LibC.InterNetwork, LibC.Datagram | LibC.CloseOnExec | LibC.NonBlocking, 0));
        var device = stackalloc byte[] { (byte)'l', (byte)'o', 0 };
        Check(LibC.SetOption(_socket, LibC.SocketLevel, LibC.BindToDevice, device, 3));
        if (LibC.SetOption(_socket, LibC.SocketLevel, LibC.ReceiveBufferForce, &receiveBuffer, sizeof(int)) < 0)
            Check(LibC.SetOption(_socket, LibC.SocketLevel, LibC.ReceiveBuffer, &receiveBuffer, sizeof(int)));
        var send = 4 << 20;
        Check(LibC.SetOption(_socket, LibC.SocketLevel, LibC.SendBuffer, &send, sizeof(int)));
        var local = new SocketAddress4(0, port);
        Check(LibC.Bind(_socket, &local, sizeof(SocketAddress4)));
        var length = sizeof(SocketAddress4);
        Check(LibC.GetName(_socket, &local, &length));
        Port = local.Port;
        _memory = (byte*)NativeMemory.AllocZeroed(2 * DatagramBatch.Size(Batch, MaxDatagram));
        _out = new DatagramBatch(_memory, Batch, MaxDatagram, withSource: true);
        _in = new DatagramBatch(_memory + DatagramBatch.Size(Batch, MaxDatagram), Batch, MaxDatagram, withSource: false);
    }

    public int Port { get; }

    public long Sent { get; private set; }

    public long SentBytes { get; private set; }

    /// <summary>Datagrams that the system did not take.</summary>
    public long Refused { get; private set; }

    public long Received { get; private set; }

    public long ReceivedBytes { get; private set; }

    /// <summary>Datagrams that came and found the receive buffer full.</summary>
    public long Drops
    {
        get
        {
            var info = stackalloc uint[9];
            var length = 9 * sizeof(uint);
            return LibC.GetOption(_socket, LibC.SocketLevel, LibC.MemoryInfo, info, &length) == 0 && length == 36 ? info[8] : 0;
        }
    }

    /// <summary>Where the next datagram is written.</summary>
    public Span<byte> Next
    {
        get
        {
            if (_waiting == Batch)
                Flush();
            return _out.Buffer(_waiting);
        }
    }

    /// <summary>Queues what was written to <see cref="Next"/>.</summary>
    public void Commit(int length, uint source, SocketAddress4 destination)
    {
        _out.Set(_waiting++, length, source, destination);
        SentBytes += length;
    }

    /// <summary>Queues a copy.</summary>
    public void Send(ReadOnlySpan<byte> datagram, uint source, SocketAddress4 destination)
    {
        datagram.CopyTo(Next);
        Commit(datagram.Length, source, destination);
    }

    /// <summary>Sends what is queued.</summary>
    public void Flush()
    {
        for (var done = 0; done < _waiting;)
        {
            var sent = LibC.SendMany(_socket, _out.Entries + done, _waiting - done, 0);
            if (sent > 0)
            {
                done += sent;
                Sent += sent;
                continue;
            }

            Refused++;
            done++;
        }

        _waiting = 0;
    }

    /// <summary>Takes what has come, up to a batch.</summary>
    /// <returns>How many datagrams can be read.</returns>
    public int Receive()
    {
        _in.Reset();
        var count = Math.Max(LibC.ReceiveMany(_socket, _in.Entries, Batch, 0, null), 0);
        Received += count;
        for (var i = 0; i < count; i++)
            ReceivedBytes += _in.Entries[i].Length;
        return count;
    }

    /// <summary>A datagram of the last <see cref="Receive"/>.</summary>
    public ReadOnlySpan<byte> Message(int index) => _in.Buffer(index)[..(int)_in.Entries[index].Length];

    /// <summary>Where it came from.</summary>
    public SocketAddress4 From(int index) => _in.Names[index];

    /// <summary>What is polled for.</summary>
    public PollEntry ForPoll => new() { Socket = _socket, Wanted = LibC.PollIn };

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = LibC.Close(_socket);
        NativeMemory.Free(_memory);
    }

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());
}
