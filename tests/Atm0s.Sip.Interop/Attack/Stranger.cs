using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Interop.Attack;

/// <summary>Somebody with no call, on a host of his own, who sends RTP to ports of the server and counts what comes to him.</summary>
internal sealed class Stranger : IAsyncDisposable
{
    /// <summary>What he says.</summary>
    public const double ToneHz = 3100;

    private const int Header = 12;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _end = new();
    private readonly byte[] _packet = new byte[Header + 160];
    private Task _spraying = Task.CompletedTask;
    private ushort _sequence;
    private int _sent;

    /// <summary>Binds a socket, on a host of his own when none is given.</summary>
    public Stranger(IPEndPoint? local = null)
    {
        _socket.Bind(local ?? new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0));
        _socket.Blocking = false;
        for (var i = 0; i < 160; i++)
            _packet[Header + i] = ALawTable.Encode((short)(8000 * Math.Sin(Math.Tau * ToneHz * i / 8000)));
    }

    /// <summary>Synchronization source of his packets.</summary>
    public uint Ssrc { get; set; } = 0xBADBAD;

    /// <summary>Packets sent.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Datagrams that came to him, up to now.</summary>
    public int Received()
    {
        var count = 0;
        Span<byte> buffer = stackalloc byte[2048];
        while (true)
        {
            try
            {
                _socket.Receive(buffer, SocketFlags.None, out var error);
                if (error == SocketError.WouldBlock)
                    return count;
                count += error == SocketError.Success ? 1 : 0;
            }
            catch (SocketException)
            {
                return count;
            }
        }
    }

    /// <summary>Sends a burst of audio at once.</summary>
    public void Burst(IPEndPoint target, int packets)
    {
        for (var i = 0; i < packets; i++)
            Send(target, NextAudio());
    }

    /// <summary>Sends a key of RFC 4733, pressed and released.</summary>
    public void PressKey(IPEndPoint target, byte payloadType, byte key)
    {
        Span<byte> packet = stackalloc byte[Header + 4];
        for (var i = 1; i <= 6; i++)
        {
            WriteHeader(packet, payloadType);
            packet[Header] = key;
            packet[Header + 1] = i > 3 ? (byte)0x8A : (byte)0x0A;
            BinaryPrimitives.WriteUInt16BigEndian(packet[(Header + 2)..], (ushort)(160 * i));
            Send(target, packet);
        }
    }

    /// <summary>Sends any datagram.</summary>
    public void Send(IPEndPoint target, ReadOnlySpan<byte> datagram)
    {
        try
        {
            _socket.SendTo(datagram, target);
            _sent++;
        }
        catch (SocketException)
        {
            // A full buffer, or the ICMP of an earlier one.
        }
    }

    /// <summary>Sends audio to all targets from now on, so many packets a second to each.</summary>
    public void Spray(IPEndPoint[] targets, int rate) => _spraying = Task.Run(async () =>
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!_end.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            for (var i = 0; i < Math.Max(1, rate / 200); i++)
            {
                NextAudio();
                foreach (var target in targets)
                    Send(target, _packet);
            }
        }
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _spraying;
        _socket.Dispose();
        _end.Dispose();
    }

    private ReadOnlySpan<byte> NextAudio()
    {
        WriteHeader(_packet, 8);
        return _packet;
    }

    private void WriteHeader(Span<byte> packet, byte payloadType)
    {
        packet[0] = 0x80;
        packet[1] = payloadType;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], _sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], _sequence * 160u);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], Ssrc);
        _sequence++;
    }
}
