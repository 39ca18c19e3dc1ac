using System.Net.Sockets;
using System.Net;
using Atm0s.Sip.Media.Net;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Media.Tests.Net;

/// <summary>Ports stay bound between two calls: deaf, for half a minute, and never more than the limit.</summary>
[TestFixture("127.0.0.1")]
[TestFixture("::1")]
public sealed class ParkedSocketsTests(string host)
{
    private readonly IPAddress _host = IPAddress.Parse(host);
    private readonly FakeTimeProvider _time = new();
    private readonly byte[] _buffer = new byte[2048];
    private readonly List<IDisposable> _open = [];

    [SetUp]
    public void SetUp()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Linux only.");
    }

    [TearDown]
    public void TearDown()
    {
        foreach (var open in _open)
            open.Dispose();
        _open.Clear();
    }

    [Test]
    public void SocketThatComesBack_HearsNothingOfTheTimeBetween_AndEverybodyAgain()
    {
        var parked = NewParking(10);
        var peer = Stranger();
        var first = Bind(parked);
        first.Connect(MediaAddress.From((IPEndPoint)peer.LocalEndPoint!));
        var local = first.LocalEndPoint;
        peer.SendTo([1], local); // waits in it when it ends
        first.Dispose();
        peer.SendTo([2], local);
        Assert.That(parked.Count, Is.EqualTo(1));

        var again = LinuxMediaSocket.Resume(parked.TryTake(local)!, local, parked);
        _open.Add(again);
        Assert.That(again.LocalEndPoint, Is.EqualTo(local));
        Assert.That(again.Receive(_buffer, out _), Is.EqualTo(MediaReceive.None));
        peer.SendTo([3, 4], local);
        Assert.That(again.Receive(_buffer, out var datagram), Is.EqualTo(MediaReceive.Datagram));
        Assert.That(datagram.Length, Is.EqualTo(2));
        Assert.That(again.SendTo([5], datagram.Source), Is.True);
    }

    [Test]
    public void WhoSendsToAParkedPort_IsRefusedAsByAClosedOne()
    {
        var parked = NewParking(10);
        var socket = Bind(parked);
        var local = socket.LocalEndPoint;
        socket.Dispose();
        var peer = Stranger();
        peer.Connect(local);
        peer.Send([1]);
        Assert.That(() => peer.Receive(_buffer), Throws.InstanceOf<SocketException>()
            .With.Property(nameof(SocketException.SocketErrorCode)).EqualTo(SocketError.ConnectionRefused));
    }

    [Test]
    public void EndedSocket_DoesNothingToTheOneThatGoesOn()
    {
        var parked = NewParking(10);
        var peer = Stranger();
        var ended = Bind(parked);
        ended.Dispose();
        var local = ended.LocalEndPoint;
        var next = LinuxMediaSocket.Resume(parked.TryTake(local)!, local, parked);
        _open.Add(next);
        peer.SendTo([1], local);
        ended.Dispose();
        ended.Connect(new MediaAddress(0, 0xFFFF_7F00_0001, 0, 9));
        ended.Disconnect();
        Assert.That(ended.Receive(_buffer, out _), Is.EqualTo(MediaReceive.None));
        Assert.That(ended.Send([1]), Is.False);
        Assert.That(ended.SendTo([1], MediaAddress.From((IPEndPoint)peer.LocalEndPoint!)), Is.False);
        Assert.That(next.Receive(_buffer, out _), Is.EqualTo(MediaReceive.Datagram));
        Assert.That(parked.Count, Is.Zero);
    }

    [Test]
    public void WhoComesNotBackWithinHalfAMinute_IsClosed()
    {
        var parked = NewParking(10);
        Bind(parked).Dispose();
        _time.Advance(TimeSpan.FromSeconds(20));
        Bind(parked).Dispose();
        Assert.That(parked.Count, Is.EqualTo(2));
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.That(parked.Count, Is.EqualTo(1));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.That(parked.Count, Is.Zero);
    }

    [Test]
    public void MoreThanTheLimit_AreClosed_AndTheEndClosesAll()
    {
        var parked = NewParking(3);
        var sockets = Enumerable.Range(0, 5).Select(_ => Bind(parked)).ToArray();
        foreach (var socket in sockets)
            socket.Dispose();
        Assert.That(parked.Count, Is.EqualTo(3));
        foreach (var socket in sockets[3..])
            AssertFree(socket.LocalEndPoint);
        parked.Dispose();
        foreach (var socket in sockets)
            AssertFree(socket.LocalEndPoint);
        var late = Bind(parked);
        late.Dispose();
        AssertFree(late.LocalEndPoint);
    }

    [Test]
    public void Network_GivesTheSamePortsAgain_AndManyCallsKeepNothingMore()
    {
        using var network = new UdpMediaNetwork();
        var free = Bind(null);
        var port = free.LocalEndPoint.Port;
        free.Dispose();
        var peer = Stranger();
        for (var i = 0; i < 1000; i++)
        {
            Assert.That(network.Bind(_host, port, out var socket), Is.EqualTo(MediaBindResult.Bound));
            Assert.That(socket!.SendTo([1], MediaAddress.From((IPEndPoint)peer.LocalEndPoint!)), Is.True);
            socket.Dispose();
        }

        network.Dispose();
        AssertFree(new IPEndPoint(_host, port));
    }

    private ParkedSockets NewParking(int limit)
    {
        var parked = new ParkedSockets(limit, _time);
        _open.Add(parked);
        return parked;
    }

    private LinuxMediaSocket Bind(ParkedSockets? parked)
    {
        // A port that the system chose would be given up with the peer; those of calls are asked for.
        using var chosen = Stranger();
        var local = chosen.LocalEndPoint!;
        chosen.Dispose();
        Assert.That(LinuxMediaSocket.Open((IPEndPoint)local, parked, out var socket), Is.EqualTo(MediaBindResult.Bound));
        var bound = (LinuxMediaSocket)socket!;
        _open.Add(bound);
        return bound;
    }

    private Socket Stranger()
    {
        var socket = new Socket(_host.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 };
        socket.Bind(new IPEndPoint(_host, 0));
        _open.Add(socket);
        return socket;
    }

    private static void AssertFree(IPEndPoint local)
    {
        using var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        Assert.That(() => socket.Bind(local), Throws.Nothing);
    }
}
