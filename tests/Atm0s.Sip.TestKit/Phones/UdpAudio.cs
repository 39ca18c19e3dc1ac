using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Atm0s.Sip.Media.Srtp;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.TestKit.Phones;

/// <summary>
/// The audio of a phone on a real socket: says a tone in PCMA, 20 ms a packet, and keeps what it hears. <see cref="UdpAudioClock"/> drives
/// it.
/// </summary>
public sealed class UdpAudio : IDisposable, IAsyncDisposable
{
    private const int Samples = 160;
    private const int Header = 12;
    private const int Tag = 16; // of SRTP, the longest
    private const int MaxLately = 100;

    private readonly Lock _gate = new();
    private readonly List<float> _heard = [];
    private readonly Queue<byte[]> _lately = new();
    private readonly byte[] _in = new byte[2048];
    private readonly byte[] _out = new byte[Header + Samples];
    private readonly double _amplitude;
    private readonly double _hz;
    private readonly Socket _rtcp;
    private Socket _socket;
    private readonly byte[] _secured = new byte[Header + Samples + Tag];
    private SrtpSender? _sender;
    private SrtpReceiver? _receiver;
    private byte[]? _kept;
    private IPEndPoint? _remote;
    private ushort _sequence;
    private uint _timestamp;
    private long _sample;
    private int _lastSequence = -1;
    private int _received;
    private int _lost;
    private int _unauthentic;

    /// <summary>Binds a socket.</summary>
    /// <param name="host">Own address; null is 127.0.0.1.</param>
    /// <param name="hz">The tone it says.</param>
    /// <param name="dbfs">Level of its peak.</param>
    public UdpAudio(IPAddress? host = null, double hz = 440, double dbfs = -12)
    {
        (_hz, _amplitude) = (hz, 32767 * Math.Pow(10, dbfs / 20));
        Ssrc = (uint)Random.Shared.Next();
        (_socket, _rtcp) = BindPair(host ?? IPAddress.Loopback);
        LocalEndPoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    /// <summary>Where it hears.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Its synchronization source.</summary>
    public uint Ssrc { get; set; }

    /// <summary>Payload type of what it says. Default 8.</summary>
    public byte PayloadType { get; set; } = 8;

    /// <summary>Whether it says anything. Default true, once it was sent somewhere.</summary>
    public bool IsSpeaking { get; set; } = true;

    /// <summary>Whether each packet goes out twice, and every second pair in the wrong order, as a bad line makes it.</summary>
    public bool DoublesAndSwaps { get; set; }

    /// <summary>Packets that it has sent.</summary>
    public int Sent { get; private set; }

    /// <summary>What it has sent lately, as it went out: 100 packets, the oldest first.</summary>
    public IReadOnlyList<byte[]> SentLately
    {
        get
        {
            lock (_gate)
                return [.. _lately];
        }
    }

    /// <summary>Packets heard.</summary>
    public int Received => Volatile.Read(ref _received);

    /// <summary>Packets missing in what was heard, by their sequence numbers.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>RTP that came and was not protected with the keys of <see cref="Secure"/>.</summary>
    public int Unauthentic => Volatile.Read(ref _unauthentic);

    /// <summary>Protects what it says from now on, and hears only what is protected.</summary>
    /// <param name="send">Key of what it says.</param>
    /// <param name="receive">Key of what it hears.</param>
    public void Secure(SrtpKey send, SrtpKey receive)
    {
        lock (_gate)
            (_sender, _receiver) = (new SrtpSender(send), new SrtpReceiver(receive));
    }

    /// <summary>Sends anything from its own address, as somebody who can feign it.</summary>
    public void SendRaw(ReadOnlySpan<byte> datagram, IPEndPoint remote)
    {
        lock (_gate)
            _socket.SendTo(datagram, remote);
    }

    /// <summary>Speaks to an address from now on.</summary>
    public void SendTo(IPEndPoint remote)
    {
        lock (_gate)
            _remote = remote;
    }

    /// <summary>Samples heard up to now.</summary>
    public int HeardSamples
    {
        get
        {
            lock (_gate)
                return _heard.Count;
        }
    }

    /// <summary>What it heard, in the order it came.</summary>
    /// <param name="from">Samples left out at the beginning.</param>
    public WavFile Heard(int from = 0)
    {
        lock (_gate)
            return new WavFile(8000, [.. CollectionsMarshal.AsSpan(_heard)[Math.Min(from, _heard.Count)..]]);
    }

    /// <summary>Closes its socket, as a phone that crashed: the system answers packets with ICMP from now on.</summary>
    public void CloseSocket()
    {
        lock (_gate)
            _socket.Dispose();
    }

    /// <summary>Opens the socket again, on the same port.</summary>
    public void OpenSocket()
    {
        lock (_gate)
            _socket = Bind(LocalEndPoint);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseSocket();
        _rtcp.Dispose();
        _sender?.Dispose();
        _receiver?.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Tick()
    {
        lock (_gate)
        {
            try
            {
                if (_remote is { } remote && IsSpeaking)
                    Say(remote);
                EndPoint source = LocalEndPoint;
                while (_socket.Available > 0)
                    Hear(_in.AsSpan(0, _socket.ReceiveFrom(_in, ref source)), (IPEndPoint)source);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // Closed, or refused by a port that is gone.
            }
        }
    }

    // RFC 3550 §11: RTCP comes to the odd port above; it is nobody else's.
    private static (Socket Rtp, Socket Rtcp) BindPair(IPAddress host)
    {
        while (true)
        {
            var rtp = Bind(new IPEndPoint(host, 0));
            var port = ((IPEndPoint)rtp.LocalEndPoint!).Port;
            try
            {
                if (port % 2 == 0)
                    return (rtp, Bind(new IPEndPoint(host, port + 1)));
            }
            catch (SocketException)
            {
                // Taken: another pair.
            }

            rtp.Dispose();
        }
    }

    private static Socket Bind(IPEndPoint local)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
        socket.Bind(local);
        return socket;
    }

    private void Say(IPEndPoint remote)
    {
        var packet = NextPacket();
        Sent++;
        _lately.Enqueue(packet.ToArray());
        if (_lately.Count > MaxLately)
            _lately.Dequeue();
        if (!DoublesAndSwaps)
        {
            _socket.SendTo(packet, remote);
            return;
        }

        // Every fourth packet waits for the one after it.
        if (_kept is null && _sequence % 4 == 1)
        {
            _kept = packet.ToArray();
            return;
        }

        foreach (var each in new[] { packet.ToArray(), _kept })
        {
            if (each is null)
                continue;
            _socket.SendTo(each, remote);
            _socket.SendTo(each, remote);
        }

        _kept = null;
    }

    private ReadOnlySpan<byte> NextPacket()
    {
        _out[0] = 0x80;
        _out[1] = PayloadType;
        BinaryPrimitives.WriteUInt16BigEndian(_out.AsSpan(2), _sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(_out.AsSpan(4), _timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(_out.AsSpan(8), Ssrc);
        _timestamp += Samples;
        for (var i = 0; i < Samples; i++)
            _out[Header + i] = ALawTable.Encode((short)(_amplitude * Math.Sin(Math.Tau * _hz * _sample++ / 8000)));
        if (_sender is null)
            return _out;
        var length = _out.Length;
        _out.CopyTo(_secured.AsSpan());
        return _sender.TryProtectRtp(_secured, ref length) ? _secured.AsSpan(0, length) : [];
    }

    private void Hear(Span<byte> packet, IPEndPoint source)
    {
        // Late packets for whoever had this port before are nobody's.
        if (_remote is not null && !source.Equals(_remote))
            return;
        if (packet.Length < Header || packet[0] >> 6 != 2)
            return;
        if (_receiver is not null)
        {
            if (_receiver.UnprotectRtp(packet, out var length) != SrtpVerdict.Accepted)
            {
                _unauthentic++;
                return;
            }

            packet = packet[..length];
        }

        var sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (_lastSequence >= 0 && (ushort)(sequence - _lastSequence) is > 1 and < 1000 and var step)
            _lost += step - 1;
        _lastSequence = sequence;
        _received++;
        if ((packet[1] & 0x7F) != PayloadType)
            return;
        foreach (var code in packet[Header..])
            _heard.Add(ALawTable.Decode(code) / 32768f);
    }
}
