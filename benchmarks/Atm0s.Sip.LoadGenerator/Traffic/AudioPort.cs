using Atm0s.Sip.LoadGenerator.Native;

namespace Atm0s.Sip.LoadGenerator.Traffic;

/// <summary>The audio of all calls, on one socket: each has an address of its own, and is known by the server's port.</summary>
internal sealed class AudioPort : IDisposable
{
    private const int Slots = 20; // The packets of all calls are spread over 20 ms.
    private readonly UdpPort _socket;
    private readonly byte[] _speech = new byte[160];
    private readonly AudioLeg?[] _byServerPort = new AudioLeg[65536];
    private readonly List<AudioLeg>[] _bySlot = [.. Enumerable.Range(0, Slots).Select(_ => new List<AudioLeg>())];
    private readonly Stack<AudioLeg> _free = [];
    private int _made;
    private long _tick;
    private long _start;

    /// <param name="isUsed">False: the port is told in offers, and what comes to it is dropped by the kernel.</param>
    public AudioPort(bool isUsed)
    {
        IsUsed = isUsed;
        _socket = new UdpPort(receiveBuffer: isUsed ? 8 << 20 : 4096);
        new Random(8).NextBytes(_speech);
        for (var i = 0; i < _speech.Length; i++)
            _speech[i] = (byte)(0xD5 ^ (_speech[i] & 0x9F)); // a-law, soft
    }

    public bool IsUsed { get; }

    public int Port => _socket.Port;

    public long Sent => _socket.Sent;

    public long Drops => IsUsed ? _socket.Drops : 0;

    /// <summary>How late packets were sent at worst, in nanoseconds.</summary>
    public long MaxLateness { get; private set; }

    public PollEntry ForPoll => _socket.ForPoll;

    /// <summary>When there is something to send.</summary>
    public long Next => IsUsed && _made > _free.Count ? _start + (_tick * Clock.Millisecond) : long.MaxValue;

    public AudioLeg Open()
    {
        var leg = _free.TryPop(out var used) ? used : new AudioLeg(_made++);
        leg.Reset();
        return leg;
    }

    public void Start(AudioLeg leg, int remotePort, long now)
    {
        if (remotePort is <= 0 or > 65535)
            return;
        leg.Start(remotePort, now);
        _byServerPort[remotePort] = leg;
        _bySlot[leg.Index % Slots].Add(leg);
    }

    public void Close(AudioLeg leg)
    {
        if (_byServerPort[leg.RemotePort] == leg)
            _byServerPort[leg.RemotePort] = null;
        _bySlot[leg.Index % Slots].Remove(leg);
        leg.Reset();
        _free.Push(leg);
    }

    /// <summary>Sends what is due.</summary>
    public void Send(long now)
    {
        if (Next == long.MaxValue)
        {
            (_start, _tick) = (now, 0);
            return;
        }

        for (; Next <= now; _tick++)
        {
            MaxLateness = Math.Max(MaxLateness, now - Next);
            foreach (var leg in _bySlot[(int)(_tick % Slots)])
            {
                if (leg.IsTalking)
                    _socket.Commit(leg.Write(_socket.Next, _speech), leg.Address, new SocketAddress4(Loopback.Server, leg.RemotePort));
            }
        }

        _socket.Flush();
    }

    /// <summary>Takes what has come.</summary>
    /// <returns>Whether there may be more.</returns>
    public bool Receive(long now)
    {
        var count = _socket.Receive();
        for (var i = 0; i < count; i++)
            _byServerPort[_socket.From(i).Port]?.OnPacket(_socket.Message(i), now);
        return count > 0;
    }

    public void Forget() => MaxLateness = 0;

    public void Dispose() => _socket.Dispose();
}
