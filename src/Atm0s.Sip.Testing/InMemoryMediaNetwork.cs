using System.Diagnostics.CodeAnalysis;
using System.Net;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Testing.Networks;

namespace Atm0s.Sip.Testing;

/// <summary>
/// RTP and RTCP in memory, with sockets that do what those of the kernel do (Linux). Without a clock a datagram is there at once and has
/// no age. Chance is seeded. Any thread.
/// </summary>
/// <param name="seed">Seed of chance.</param>
/// <param name="clock">Its time is that of delays and arrivals; null: no time passes.</param>
public sealed class InMemoryMediaNetwork(int seed, MediaClock? clock = null) : IMediaNetwork
{
    private const int SmallBuffer = 256;
    private const int LargeBuffer = 4096;
    private const int SmallBuffersPerSocket = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<MediaAddress, InMemoryMediaSocket> _sockets = [];
    private readonly PriorityQueue<InMemoryDatagram, (TimeSpan Arrival, long Number)> _underWay = new();
    private readonly Stack<byte[]> _small = new();
    private readonly Stack<byte[]> _large = new();
    private readonly Random _random = new(seed);
    private long _number;

    /// <summary>What happens to datagrams that are sent from now on.</summary>
    public MediaConditions Conditions { get; set; } = new();

    /// <summary>Why no socket can be had; null (default) when they can.</summary>
    public MediaBindResult? Refusal { get; set; }

    /// <summary>Binds asked for, granted or not.</summary>
    public int Binds { get; private set; }

    /// <summary>Sockets that are open.</summary>
    public int OpenSockets
    {
        get
        {
            lock (_gate)
                return _sockets.Count;
        }
    }

    private TimeSpan Now => clock?.Now ?? TimeSpan.Zero;

    /// <inheritdoc/>
    public MediaBindResult Bind(IPAddress address, int port, out IMediaSocket? socket)
    {
        lock (_gate)
        {
            socket = null;
            Binds++;
            if (Refusal is { } refusal)
                return refusal;
            var made = new InMemoryMediaSocket(this, new IPEndPoint(address, port));
            if (!_sockets.TryAdd(made.Address, made))
                return MediaBindResult.PortUnavailable;
            socket = made;
            for (var i = 0; i < SmallBuffersPerSocket; i++) // so that ticks which are measured need not make them
                _small.Push(new byte[SmallBuffer]);
            return MediaBindResult.Bound;
        }
    }

    /// <summary>Binds a socket, and says only whether it is there.</summary>
    /// <param name="address">Local address.</param>
    /// <param name="port">Local port.</param>
    /// <param name="socket">The socket.</param>
    public bool TryBind(IPAddress address, int port, [NotNullWhen(true)] out IMediaSocket? socket)
    {
        Bind(address, port, out socket);
        return socket is not null;
    }

    /// <summary>The differentiated services code point that an open socket was given, 0 without.</summary>
    /// <param name="local">Where it is bound.</param>
    public int DscpOf(IPEndPoint local)
    {
        lock (_gate)
            return _sockets[MediaAddress.From(local)].Dscp;
    }

    /// <summary>Sends as if from this address, whoever is there.</summary>
    /// <param name="source">Where it claims to come from.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="datagram">The payload.</param>
    public void Send(MediaAddress source, MediaAddress destination, ReadOnlySpan<byte> datagram)
    {
        lock (_gate)
            Route(source, destination, datagram);
    }

    /// <summary>For what a socket does: all that is due has arrived, and nobody else does anything.</summary>
    internal Lock.Scope Enter()
    {
        var scope = _gate.EnterScope();
        while (_underWay.TryPeek(out var datagram, out var due) && due.Arrival <= Now)
        {
            _underWay.Dequeue();
            Deliver(datagram);
        }

        return scope;
    }

    internal void Close(InMemoryMediaSocket socket)
    {
        if (_sockets.TryGetValue(socket.Address, out var there) && there == socket)
            _sockets.Remove(socket.Address);
    }

    internal void Route(MediaAddress source, MediaAddress destination, ReadOnlySpan<byte> datagram)
    {
        var conditions = Conditions;
        if (conditions.Loss > 0 && _random.NextDouble() < conditions.Loss)
            return;
        var arrival = Now + conditions.Delay + (conditions.Jitter * (conditions.Jitter > TimeSpan.Zero ? _random.NextDouble() : 0));
        if (conditions.KeepsOrder && _sockets.TryGetValue(destination, out var socket))
            socket.LastArrival = arrival = arrival > socket.LastArrival ? arrival : socket.LastArrival;
        var isSmall = datagram.Length <= SmallBuffer;
        var buffer = (isSmall ? _small : _large).TryPop(out var used) ? used : new byte[isSmall ? SmallBuffer : LargeBuffer];
        datagram.CopyTo(buffer);
        var sent = new InMemoryDatagram(source, destination, buffer, datagram.Length, arrival);
        if (arrival <= Now)
            Deliver(sent);
        else
            _underWay.Enqueue(sent, (arrival, _number++));
    }

    internal TimeSpan AgeOf(InMemoryDatagram datagram) => Now - datagram.Arrival;

    internal void Recycle(InMemoryDatagram datagram) => (datagram.Buffer.Length == SmallBuffer ? _small : _large).Push(datagram.Buffer);

    private void Deliver(InMemoryDatagram datagram)
    {
        var there = _sockets.GetValueOrDefault(datagram.Destination);
        if (there is not null && there.Takes(datagram))
            return;
        // ICMP port unreachable; it reaches a connected socket only.
        if ((there is null || there.IsClosedTo(datagram.Source)) && _sockets.TryGetValue(datagram.Source, out var sender))
            sender.OnUnreachable(datagram.Destination);
        Recycle(datagram);
    }
}
