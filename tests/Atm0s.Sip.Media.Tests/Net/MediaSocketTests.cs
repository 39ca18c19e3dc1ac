using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.TestKit.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Media.Tests.Net;

/// <summary>What every kind of media socket promises; those of the TestKit are held to what the kernel does.</summary>
[TestFixture("127.0.0.1", SocketKind.Linux)]
[TestFixture("127.0.0.1", SocketKind.Batched)]
[TestFixture("127.0.0.1", SocketKind.Managed)]
[TestFixture("127.0.0.1", SocketKind.Memory)]
[TestFixture("::1", SocketKind.Linux)]
[TestFixture("::1", SocketKind.Batched)]
[TestFixture("::1", SocketKind.Managed)]
[TestFixture("::1", SocketKind.Memory)]
public sealed class MediaSocketTests(string host, SocketKind kind)
{
    private readonly IPAddress _host = IPAddress.Parse(host);
    private readonly byte[] _buffer = new byte[2048];
    private readonly Random _random = new();
    private readonly FakeTimeProvider _time = new();
    private readonly List<IMediaSocket> _open = [];
    private readonly List<Socket> _sockets = [];
    private InMemoryMediaNetwork _memory = null!;
    private SocketBatch? _batch;
    private IMediaSocket _socket = null!;
    private IMediaSocket _peer = null!;

    [SetUp]
    public void SetUp()
    {
        if (kind is SocketKind.Linux or SocketKind.Batched && !OperatingSystem.IsLinux())
            Assert.Ignore("Linux only.");
        if (kind == SocketKind.Batched && (_batch = SocketBatch.TryBegin(NullLogger.Instance)) is null)
            Assert.Ignore("No io_uring here.");
        _memory = new InMemoryMediaNetwork(1);
        _socket = Open();
        _peer = Open();
    }

    [TearDown]
    public void TearDown()
    {
        _batch?.Dispose();
        foreach (var socket in _open)
            socket.Dispose();
        _open.Clear();
        _sockets.Clear();
        Assert.That(_memory.OpenSockets, Is.Zero);
    }

    [Test]
    public void EmptyDatagram_DoesNotHideThoseBehindIt([Values] bool connected)
    {
        if (connected)
            _socket.Connect(Of(_peer));
        _peer.SendTo([], Of(_socket));
        _peer.SendTo([1, 2, 3], Of(_socket));
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
        var stranger = Open();
        for (var i = 0; i < 100; i++)
            stranger.SendTo([9], Of(_socket));
        _peer.SendTo([1], Of(_socket));
        _socket.Connect(Of(_peer));
        for (var i = 0; i < 100; i++)
            Assert.That(Take().Source, Is.EqualTo(Of(stranger)));
        Assert.That(Take().Source, Is.EqualTo(Of(_peer)));
    }

    [Test]
    public void StrangerWhoSendsAfterTheConnect_IsKeptOut_OrNamed()
    {
        var stranger = Open();
        _socket.Connect(Of(_peer));
        stranger.SendTo([9], Of(_socket));
        _peer.SendTo([1], Of(_socket));
        if (kind == SocketKind.Managed)
            Assert.That(Take().Source, Is.EqualTo(Of(stranger)));
        Assert.That(Take().Source, Is.EqualTo(Of(_peer)));
        Assert.That(_socket.Receive(_buffer, out _), Is.EqualTo(MediaReceive.None));
    }

    [Test]
    public void PortThatNobodyListensAt_IsAnErrorOnce_AndTheNextSendIsSent()
    {
        var gone = Of(_peer);
        _peer.Dispose();
        _socket.Connect(gone);
        _socket.Send([1]);
        if (kind != SocketKind.Managed)
            Assert.That(Until(() => _socket.Receive(_buffer, out _) == MediaReceive.Error), "told once");
        Assert.That(_socket.Receive(_buffer, out _), Is.EqualTo(MediaReceive.None));
        for (var i = 0; i < 20; i++)
            _socket.Send([1]);
        var back = Open(gone);
        Assert.That(_socket.Send([7]), Is.True, "the error that is pending is not taken for a failure of this one");
        Assert.That(Take(back).Source, Is.EqualTo(Of(_socket)));
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
        var back = Open(gone);
        Assert.That(() => _socket.Connect(gone), Throws.Nothing);
        back.SendTo([5], Of(_socket));
        Assert.That(Take().Source, Is.EqualTo(gone));
        Assert.That(_socket.Send([7]), Is.True);
        Assert.That(Take(back).Source, Is.EqualTo(Of(_socket)));
    }

    [Test]
    public void Unconnected_IsToldOfNobody_AndKeepsNothingFromTheNext()
    {
        var gone = Of(_peer);
        _peer.Dispose();
        for (var i = 0; i < 200; i++)
        {
            _socket.SendTo([1], gone);
            Assert.That(_socket.Receive(_buffer, out _), Is.EqualTo(MediaReceive.None));
        }

        Assert.That(_socket.SendTo([1], default), Is.False);
        var other = Open();
        Assert.That(_socket.SendTo([1], Of(other)), Is.True);
        Assert.That(Take(other).Source, Is.EqualTo(Of(_socket)));
    }

    [Test]
    public void AddressOfTheOtherFamily_IsNotSentTo()
    {
        var other = _host.AddressFamily == AddressFamily.InterNetwork ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        var address = MediaAddress.From(new IPEndPoint(other, 5000));
        Assert.That(_socket.SendTo([1], address), Is.False);
        _socket.Connect(address);
        Assert.That(_socket.Send([1]), Is.False);
    }

    [Test]
    public void AfterDisconnect_HearsEverybodyOnTheSamePort()
    {
        var before = Of(_socket);
        var stranger = Open();
        _socket.Connect(Of(_peer));
        _peer.SendTo([1], before);
        Assert.That(Take().Source, Is.EqualTo(Of(_peer)));
        _socket.Disconnect();
        stranger.SendTo([9, 9], before);
        Assert.That(Take().Source, Is.EqualTo(Of(stranger)));
        Assert.That(_socket.Send([1]), Is.False, "to whom?");
    }

    [TestCase(2048)]
    [TestCase(3000)]
    public void DatagramThatDoesNotFit_IsAnError_AndHidesNothing(int bytes)
    {
        _peer.SendTo(new byte[bytes], Of(_socket));
        _peer.SendTo([1], Of(_socket));
        Assert.That(Until(() => _socket.Receive(_buffer, out _) == MediaReceive.Error));
        Assert.That(Take().Length, Is.EqualTo(1));
    }

    [TestCase(172, 256)]
    [TestCase(500, 166)]
    [TestCase(1200, 92)]
    public void ReceiveQueue_HoldsWhatTheKernelsDoes(int bytes, int datagrams)
    {
        for (var i = 0; i < 300; i++)
            _peer.SendTo(new byte[bytes], Of(_socket));
        var came = 0;
        for (; _socket.Receive(_buffer, out _) == MediaReceive.Datagram; came++)
        {
        }

        if (kind == SocketKind.Memory)
            Assert.That(came, Is.EqualTo(datagrams));
        else
            Assert.That(came, Is.InRange(1, 300), "what the system is set to");
    }

    /// <summary>A send that the system refuses: to a broadcast address, which needs a right of its own.</summary>
    [Test]
    public void SendThatFails_KeepsNothingFromOthers_AndIsTriedAgainSoon()
    {
        if (kind == SocketKind.Memory || _host.AddressFamily != AddressFamily.InterNetwork)
            return;
        var refused = MediaAddress.From(new IPEndPoint(IPAddress.Broadcast, 4000));
        for (var i = 0; i < 10; i++)
        {
            Assert.That(_socket.SendTo([1], refused), Is.False);
            Assert.That(_socket.SendTo([2], Of(_peer)), Is.True);
            Assert.That(Take(_peer).Length, Is.EqualTo(1));
        }

        Assert.That(_socket.SendTo([1], refused), Is.False);
        _sockets[^2].EnableBroadcast = true;
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(_socket.SendTo([1], MediaAddress.From(new IPEndPoint(IPAddress.Parse("127.255.255.255"), 4000))), Is.True);
    }

    [Test]
    public void Age_IsTheTimeThatItWaited()
    {
        // The system begins to stamp a moment after it was asked to.
        Assert.That(Until(() => AgeAfter(30) is var age && (kind is SocketKind.Linux or SocketKind.Batched ? age is >= 30 and <= 1000 : age == 0)));
    }

    [Test]
    public void Dscp_IsSetInTheSystem()
    {
        Assert.That(_socket.TrySetDscp(46));
        if (kind == SocketKind.Memory || !OperatingSystem.IsLinux())
            return;
        var socket = _sockets[^2];
        var octet = _host.AddressFamily == AddressFamily.InterNetwork
            ? (int)socket.GetSocketOption(SocketOptionLevel.IP, SocketOptionName.TypeOfService)!
            : Read(socket, 41, 67);
        Assert.That(octet, Is.EqualTo(46 << 2));
    }

    [Test]
    public void AfterDispose_NothingThrows()
    {
        _socket.Connect(Of(_peer));
        _socket.Dispose();
        Assert.That(_socket.Receive(_buffer, out _), Is.EqualTo(MediaReceive.None));
        Assert.That(_socket.Send([1]), Is.False);
        Assert.That(_socket.SendTo([1], Of(_peer)), Is.False);
        Assert.That(_socket.TrySetDscp(46), Is.EqualTo(kind == SocketKind.Memory));
        Assert.That(() => _socket.Connect(Of(_peer)), Throws.Nothing);
        Assert.That(() => _socket.Disconnect(), Throws.Nothing);
        Assert.That(() => _socket.Dispose(), Throws.Nothing);
    }

    [Test]
    public void SendAndReceive_AllocateNothing([Values] bool connected)
    {
        _peer.Connect(Of(_socket));
        if (connected)
            _socket.Connect(Of(_peer));
        var datagram = new byte[172];
        var peer = Of(_peer);
        void Exchange(int times)
        {
            for (var i = 0; i < times; i++)
            {
                _peer.Send(datagram);
                if (connected)
                    _socket.Send(datagram);
                else
                    _socket.SendTo(datagram, peer);
                _socket.Receive(_buffer, out _);
                _peer.Receive(_buffer, out _);
            }
        }

        Exchange(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(100);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private double AgeAfter(int milliseconds)
    {
        _peer.SendTo([1], Of(_socket));
        var clock = Stopwatch.StartNew();
        Assert.That(Until(() => clock.ElapsedMilliseconds >= milliseconds));
        return Take().Age.TotalMilliseconds;
    }

    private static int Read(Socket socket, int level, int name)
    {
        var value = new byte[4];
        socket.GetRawSocketOption(level, name, value);
        return BitConverter.ToInt32(value);
    }

    private static MediaAddress Of(IMediaSocket socket) => MediaAddress.From(socket.LocalEndPoint);

    private static bool Until(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(5))
        {
            if (condition())
                return true;
        }

        return false;
    }

    // Bound by its number, as media ports are: a port that the system chose is lost by a disconnect.
    private IMediaSocket Open(MediaAddress at = default)
    {
        for (var i = 0; ; i++)
        {
            var local = at.IsNone ? new IPEndPoint(_host, _random.Next(20000, 30000)) : at.ToEndPoint();
            if (kind == SocketKind.Memory)
            {
                if (!_memory.TryBind(local.Address, local.Port, out var made))
                    continue;
                _open.Add(made);
                return made;
            }

            var socket = new Socket(_host.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            try
            {
                socket.Bind(local);
                _sockets.Add(socket);
                _open.Add(kind switch
                {
                    SocketKind.Linux => new LinuxMediaSocket(socket.SafeHandle, (IPEndPoint)socket.LocalEndPoint!),
                    SocketKind.Batched =>
                        new BatchedSocket(new LinuxMediaSocket(socket.SafeHandle, (IPEndPoint)socket.LocalEndPoint!), _batch!),
                    _ => new ManagedMediaSocket(socket, _time),
                });
                return _open[^1];
            }
            catch (SocketException) when (i < 100)
            {
                socket.Dispose();
            }
        }
    }

    private MediaDatagram Take() => Take(_socket);

    // The loopback delivers before send returns, or a moment later on some systems.
    private MediaDatagram Take(IMediaSocket socket)
    {
        MediaDatagram datagram = default;
        Assert.That(Until(() => socket.Receive(_buffer, out datagram) == MediaReceive.Datagram), "nothing came");
        return datagram;
    }
}
