using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Tests.Net;

/// <summary>Real sockets on the loopback.</summary>
public sealed class UdpMediaSocketTests
{
    private readonly byte[] _buffer = new byte[2048];
    private IMediaSocket _socket = null!;
    private UdpClient _peer = null!;

    [SetUp]
    public void SetUp()
    {
        var network = new UdpMediaNetwork();
        IMediaSocket? socket = null;
        for (var port = 47000; socket is null && port < 47999; port++) network.TryBind(IPAddress.Loopback, port, out socket);
        _socket = socket ?? throw new InvalidOperationException("No port is free.");
        _peer = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
    }

    [TearDown]
    public void TearDown()
    {
        _socket.Dispose();
        _peer.Dispose();
    }

    [Test]
    public void EmptyDatagram_DoesNotHideThoseBehindIt([Values] bool connected)
    {
        if (connected) _socket.Connect(Of(_peer));
        _peer.Send([], _socket.LocalEndPoint);
        _peer.Send([1, 2, 3], _socket.LocalEndPoint);
        Assert.That(Take(), Is.Zero);
        Assert.That(Take(), Is.EqualTo(3));
        Assert.That(_socket.Receive(_buffer, out _), Is.EqualTo(MediaReceive.None));
    }

    [Test]
    public void NothingWaiting_IsNone([Values] bool connected)
    {
        if (connected) _socket.Connect(Of(_peer));
        Assert.That(_socket.Receive(_buffer, out var nothing), Is.EqualTo(MediaReceive.None));
        Assert.That(nothing, Is.EqualTo(default(MediaDatagram)));
    }

    [Test]
    public void PortThatNobodyListensAt_IsAnErrorAndNoException()
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
        Assert.That(() => _socket.Send([7]) || _socket.Send([7]), Is.True, "the error is told once, then it goes on");
    }

    [Test]
    public void SendToNobody_NeverThrows()
    {
        var gone = Of(_peer);
        _peer.Dispose();
        for (var i = 0; i < 200; i++)
        {
            _socket.SendTo([1], gone);
            _socket.Receive(_buffer, out _);
        }

        Assert.That(_socket.SendTo([1], default), Is.False);
    }

    [Test]
    public void Connected_HearsItsPeerOnly_AndAfterDisconnect_EverybodyOnTheSamePort()
    {
        var before = _socket.LocalEndPoint.Port;
        using var stranger = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Connect(Of(_peer));
        stranger.Send([9], _socket.LocalEndPoint);
        _peer.Send([1], _socket.LocalEndPoint);
        Assert.That(Take(), Is.EqualTo(1));
        Assert.That(_buffer[0], Is.EqualTo(1));

        _socket.Disconnect();
        stranger.Send([9, 9], new IPEndPoint(IPAddress.Loopback, before));
        Assert.That(Take(out var source), Is.EqualTo(2));
        Assert.That(source, Is.EqualTo(Of(stranger)));
    }

    [Test]
    public void OversizedDatagram_IsCut()
    {
        _peer.Send(new byte[5000], _socket.LocalEndPoint);
        Assert.That(Take(), Is.EqualTo(2048));
    }

    private static MediaAddress Of(UdpClient client) => MediaAddress.From((IPEndPoint)client.Client.LocalEndPoint!);

    private int Take() => Take(out _);

    // The loopback delivers before send returns, or a moment later on some systems.
    private int Take(out MediaAddress source)
    {
        var deadline = System.Diagnostics.Stopwatch.StartNew();
        while (deadline.Elapsed < TimeSpan.FromSeconds(5))
        {
            var result = _socket.Receive(_buffer, out var datagram);
            source = datagram.Source;
            if (result == MediaReceive.Datagram) return datagram.Length;
        }

        throw new AssertionException("Nothing came.");
    }
}
