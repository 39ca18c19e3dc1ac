using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Tests.Net;

/// <summary>Real sockets on the loopback: what every kind of media socket promises.</summary>
[TestFixture("127.0.0.1", true)]
[TestFixture("127.0.0.1", false)]
[TestFixture("::1", true)]
[TestFixture("::1", false)]
public sealed class MediaSocketTests(string host, bool native)
{
    private readonly IPAddress _host = IPAddress.Parse(host);
    private readonly byte[] _buffer = new byte[2048];
    private IMediaSocket _socket = null!;
    private UdpClient _peer = null!;

    [SetUp]
    public void SetUp()
    {
        if (native && !OperatingSystem.IsLinux())
            Assert.Ignore("Linux only.");
        var socket = Bind();
        _socket = native ? new LinuxMediaSocket(socket) : new ManagedMediaSocket(socket);
        _peer = NewPeer();
    }

    [TearDown]
    public void TearDown()
    {
        _socket?.Dispose();
        _peer?.Dispose();
    }

    [Test]
    public void EmptyDatagram_DoesNotHideThoseBehindIt([Values] bool connected)
    {
        if (connected)
            _socket.Connect(Of(_peer));
        _peer.Send([], _socket.LocalEndPoint);
        _peer.Send([1, 2, 3], _socket.LocalEndPoint);
        Assert.That(Take().Length, Is.Zero);
        Assert.That(Take().Length, Is.EqualTo(3));
        Assert.That(_socket.Receive(_buffer, out _), Is.EqualTo(MediaReceive.None));
    }

    [Test]
    public void NothingWaiting_IsNone([Values] bool connected)
    {
        if (connected)
            _socket.Connect(Of(_peer));
        Assert.That(_socket.Receive(_buffer, out var nothing), Is.EqualTo(MediaReceive.None));
        Assert.That(nothing, Is.EqualTo(default(MediaDatagram)));
    }

    [Test]
    public void Source_IsTheTrueOne_AlsoOfWhatCameBeforeTheConnect()
    {
        using var stranger = NewPeer();
        for (var i = 0; i < 100; i++)
            stranger.Send([9], _socket.LocalEndPoint);
        _peer.Send([1], _socket.LocalEndPoint);
        _socket.Connect(Of(_peer));
        for (var i = 0; i < 100; i++)
            Assert.That(Take().Source, Is.EqualTo(Of(stranger)));
        Assert.That(Take().Source, Is.EqualTo(Of(_peer)));
    }

    [Test]
    public void PortThatNobodyListensAt_IsAnError_AndItGoesOnAsSoonAsSomebodyDoes()
    {
        var gone = Of(_peer);
        _peer.Dispose();
        _socket.Connect(gone);
        for (var i = 0; i < 20; i++)
        {
            _socket.Send([1]);
            _socket.Receive(_buffer, out _);
        }

        using var back = new UdpClient(gone.ToEndPoint());
        Assert.That(_socket.Send([7]), Is.True, "the pending error is not taken for a failure of this one");
        Assert.That(back.ReceiveAsync().Wait(5000), Is.True);
    }

    [Test]
    public void Connect_AfterAnIcmpError_StillConnects()
    {
        var gone = Of(_peer);
        _peer.Dispose();
        _socket.Connect(gone);
        for (var i = 0; i < 5; i++)
            _socket.Send([1]);
        _socket.Disconnect();
        using var back = new UdpClient(gone.ToEndPoint());
        Assert.That(() => _socket.Connect(gone), Throws.Nothing);
        for (var i = 0; i < 3; i++)
            _socket.Receive(_buffer, out _);
        back.Send([5], _socket.LocalEndPoint);
        Assert.That(Take().Source, Is.EqualTo(gone));
        Assert.That(_socket.Send([7]), Is.True);
        Assert.That(back.ReceiveAsync().Wait(5000), Is.True);
    }

    [Test]
    public void SendToNobody_NeverThrows_AndKeepsNothingFromTheNext()
    {
        var gone = Of(_peer);
        _peer.Dispose();
        for (var i = 0; i < 200; i++)
        {
            _socket.SendTo([1], gone);
            _socket.Receive(_buffer, out _);
        }

        Assert.That(_socket.SendTo([1], default), Is.False);
        using var other = NewPeer();
        Assert.That(_socket.SendTo([1], Of(other)), Is.True);
    }

    [Test]
    public void AddressOfTheOtherFamily_IsNotSentTo()
    {
        var other = _host.AddressFamily == AddressFamily.InterNetwork ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        var address = MediaAddress.From(new IPEndPoint(other, 5000));
        _socket.Connect(address);
        Assert.That(_socket.SendTo([1], address), Is.False);
        Assert.That(_socket.Send([1]), Is.False);
        _peer.Send([1], _socket.LocalEndPoint);
        Assert.That(Take().Source, Is.EqualTo(Of(_peer)));
    }

    [Test]
    public void AfterDisconnect_HearsEverybodyOnTheSamePort()
    {
        var before = _socket.LocalEndPoint;
        using var stranger = NewPeer();
        _socket.Connect(Of(_peer));
        _peer.Send([1], before);
        Assert.That(Take().Source, Is.EqualTo(Of(_peer)));
        _socket.Disconnect();
        stranger.Send([9, 9], before);
        Assert.That(Take().Source, Is.EqualTo(Of(stranger)));
        Assert.That(_socket.Send([1]), Is.False, "to whom?");
    }

    [Test]
    public void DatagramThatDoesNotFit_IsAnError_AndHidesNothing()
    {
        _peer.Send(new byte[5000], _socket.LocalEndPoint);
        _peer.Send([1], _socket.LocalEndPoint);
        Assert.That(Take().Length, Is.EqualTo(1));
    }

    [Test]
    public void AfterDispose_NothingThrows()
    {
        _socket.Connect(Of(_peer));
        _socket.Dispose();
        Assert.That(_socket.Receive(_buffer, out _), Is.EqualTo(MediaReceive.None));
        Assert.That(_socket.Send([1]), Is.False);
        Assert.That(_socket.SendTo([1], Of(_peer)), Is.False);
        Assert.That(() => _socket.Connect(Of(_peer)), Throws.Nothing);
        Assert.That(() => _socket.Disconnect(), Throws.Nothing);
        Assert.That(() => _socket.Dispose(), Throws.Nothing);
    }

    private static MediaAddress Of(UdpClient client) => MediaAddress.From((IPEndPoint)client.Client.LocalEndPoint!);

    // Bound by its number, as media ports are: a port that the system chose is lost by a disconnect.
    private Socket Bind()
    {
        var random = new Random();
        for (var i = 0; ; i++)
        {
            var socket = new Socket(_host.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            try
            {
                socket.Bind(new IPEndPoint(_host, random.Next(20000, 30000)));
                return socket;
            }
            catch (SocketException) when (i < 100)
            {
                socket.Dispose();
            }
        }
    }

    private UdpClient NewPeer() => new(new IPEndPoint(_host, 0));

    // The loopback delivers before send returns, or a moment later on some systems.
    private MediaDatagram Take()
    {
        var deadline = Stopwatch.StartNew();
        while (deadline.Elapsed < TimeSpan.FromSeconds(5))
        {
            if (_socket.Receive(_buffer, out var datagram) == MediaReceive.Datagram)
                return datagram;
        }

        throw new AssertionException("Nothing came.");
    }
}
