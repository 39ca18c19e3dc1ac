using System.Net;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit.Net;

namespace Atm0s.Sip.Media.Tests.Engine;

/// <summary>Somebody who sends well-formed RTP to the ports of others, and looks what comes back.</summary>
internal sealed class Stranger : IDisposable
{
    private readonly IMediaSocket _socket;
    private readonly byte[] _packet = new byte[172];
    private readonly byte[] _buffer = new byte[2048];

    public Stranger(InMemoryMediaNetwork network, string host, int port)
    {
        Assert.That(network.TryBind(IPAddress.Parse(host), port, out var socket));
        _socket = socket!;
    }

    public IPEndPoint Address => _socket.LocalEndPoint;

    public ushort Sequence { get; set; }

    public uint Ssrc { get; set; } = 666;

    /// <summary>Datagrams that came.</summary>
    public int Received
    {
        get
        {
            while (_socket.Receive(_buffer, out _) != MediaReceive.None)
                field++;
            return field;
        }
    }

    /// <summary>Sends 20 ms of a tone of 1000 Hz.</summary>
    public void Say(RtpLeg to)
    {
        RtpHeader.Write(_packet, 8, false, Sequence, Sequence * 160u, Ssrc);
        ALaw.Encode(Tone.Make(1000, 8000, 160, 16000, Sequence++ * 160), _packet.AsSpan(12));
        _socket.SendTo(_packet, MediaAddress.From(to.LocalEndPoint));
    }

    /// <summary>Sends the end of a key.</summary>
    public void PressKey(RtpLeg to)
    {
        var packet = new byte[16];
        RtpHeader.Write(packet, 101, true, Sequence++, Sequence * 1000u, Ssrc);
        (packet[12], packet[13], packet[14], packet[15]) = (5, 0x80 | 10, 2, 0);
        _socket.SendTo(packet, MediaAddress.From(to.LocalEndPoint));
    }

    public void Dispose() => _socket.Dispose();
}
