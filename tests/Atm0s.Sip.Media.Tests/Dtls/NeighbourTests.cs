using System.Net;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Tests.Dtls;

/// <summary>
/// A phone behind a NAT is known by the host of its signalling alone: who shares that host with it has no part in its handshake.
/// </summary>
[Property("threat", "M6")]
public sealed class NeighbourTests : DtlsTestBase
{
    private const int PerTick = 40; // more than wait for a handshake
    private const byte HelloVerifyRequest = 3;

    // A record of a handshake that nobody has asked for.
    private static readonly byte[] Junk = [22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 3, 2, 1, 0];

    /// <summary>What a neighbour sends: records, ClientHellos that never bring their cookie back, and fragments of one.</summary>
    private static readonly byte[][] Sent = [Junk, SprayedHelloTests.NullHello(), Fragment()];

    protected override TimeSpan Retransmission => TimeSpan.FromMilliseconds(100);

    [Test]
    public void HandshakeBehindANat_CompletesWhateverANeighbourSends_AndHeGetsNothingOfIt([Range(0, 2)] int what)
    {
        var peer = new IndependentPeer(isClient: true) { ResendMilliseconds = 100 };
        var phone = Add(peer: peer, change: p => p with { Remote = IPEndPoint.Parse("192.168.1.7:4000") });
        using var neighbour = new Neighbour(World, phone, 5000);
        phone.RunUntil(() =>
        {
            neighbour.Send(Sent[what], PerTick);
            return phone.HasKeys && phone.Leg.GetStatistics().PacketsReceived > 0;
        });
        Assert.That(phone.HasKeys, Is.True, $"{phone.Peer.Failure?.Message} {string.Join(", ", phone.Told)}, {phone.Flights} flights");
        neighbour.Send(Junk, PerTick);
        phone.Run(0.1);
        Assert.That(neighbour.TakeAll().Where(datagram => datagram[13] != HelloVerifyRequest), Is.Empty);
        Assert.That(phone.Told, Is.EqualTo((string[])[$"latched {phone.Address}"]));
    }

    [Test]
    public void TwoWhoBeginAtOnce_AreAnsweredEach()
    {
        var phone = Add(change: p => p with { Remote = IPEndPoint.Parse("192.168.1.7:4000") });
        using var first = new Neighbour(World, phone, 5000);
        using var second = new Neighbour(World, phone, 5002);
        for (var i = 0; i < 100 && (first.Got == 0 || second.Got == 0); i++)
        {
            first.Send(SprayedHelloTests.NullHello(), 1);
            second.Send(SprayedHelloTests.NullHello(), 1);
            World.Run(0.02);
            phone.Peer.WaitForOutput();
        }

        Assert.That((first.Got, second.Got), Is.EqualTo((first.Sent, second.Sent)).Or.EqualTo((first.Sent - 1, second.Sent - 1)));
    }

    // The first half of a long ClientHello.
    private static byte[] Fragment()
    {
        byte[] message = [1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 128, 0xFE, 0xFD, .. new byte[126]];
        return [22, 0xFE, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)message.Length, .. message];
    }

    private sealed class Neighbour : IDisposable
    {
        private readonly IMediaSocket _socket;
        private readonly MediaAddress _leg;
        private readonly byte[] _buffer = new byte[2048];
        private readonly List<byte[]> _got = [];

        public Neighbour(Mixing.MediaWorld world, SecurePhone phone, int port)
        {
            Assert.That(world.Network.TryBind(phone.Address.Address, port, out var socket));
            _socket = socket!;
            _leg = MediaAddress.From(phone.Leg.LocalEndPoint);
        }

        public int Sent { get; private set; }

        public int Got => TakeAll().Count;

        public void Send(byte[] datagram, int count)
        {
            TakeAll();
            Sent += count;
            for (var i = 0; i < count; i++)
                _socket.SendTo(datagram, _leg);
        }

        public List<byte[]> TakeAll()
        {
            while (_socket.Receive(_buffer, out var datagram) != MediaReceive.None)
                _got.Add(_buffer[..datagram.Length]);
            return _got;
        }

        public void Dispose() => _socket.Dispose();
    }
}
