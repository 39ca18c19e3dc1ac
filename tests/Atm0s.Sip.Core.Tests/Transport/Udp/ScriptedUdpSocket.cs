using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Transport.Udp;

namespace Atm0s.Sip.Core.Tests.Transport.Udp;

/// <summary>A socket that fails as the test says, and counts how often it is asked.</summary>
internal sealed class ScriptedUdpSocket() : UdpSocket(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
{
    private readonly BlockingCollection<Func<int>> _script = [];
    private readonly byte[] _source = new IPEndPoint(IPAddress.Loopback, 5070).Serialize().Buffer.ToArray();
    private int _error;
    private byte[] _datagram = [];
    private int _asked;

    /// <summary>Calls of Receive so far.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>What fails of what is sent, by its first byte; and what went, in order.</summary>
    public ConcurrentDictionary<byte, int> Failing { get; } = [];

    public ConcurrentQueue<byte> Sent { get; } = [];

    /// <summary>Times that a batch was sent.</summary>
    public int Batches { get; private set; }

    public override int BatchSize => 64;

    public void Fail(int error, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _script.Add(() =>
            {
                _error = error;
                return 0;
            });
        }
    }

    public void Throw(Exception exception) => _script.Add(() => throw exception);

    public void Deliver(byte[] datagram) => _script.Add(() =>
    {
        _datagram = datagram;
        return 1;
    });

    public override int Receive(out int error)
    {
        Interlocked.Increment(ref _asked);
        _error = 0;
        var count = _script.TryTake(out var step, Net.Limit) ? step() : 0;
        error = _error;
        return count;
    }

    public override UdpDatagram Datagram(int index) => new(_datagram, _datagram.Length, _source);

    public override int Send(ReadOnlySpan<byte> message, SocketAddress to)
    {
        if (Failing.TryGetValue(message[0], out var error))
            return error;
        Sent.Enqueue(message[0]);
        return 0;
    }

    public override int Send(UdpSendBatch batch, int from, out int error)
    {
        Batches++;
        error = 0;
        for (var i = from; i < batch.Count; i++)
        {
            error = Send(batch.Message(i), batch.Flow(i).Address);
            if (error != 0)
                return i - from;
        }

        return batch.Count - from;
    }

    public override void Wake() => _script.Add(() => 0);
}
