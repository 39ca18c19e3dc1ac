using System.Net;
using Atm0s.Sip.Media.Net;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Media.Tests.Net;

/// <summary>Many sockets in one batch; what each of them promises is held by <see cref="MediaSocketTests"/>.</summary>
public sealed class SocketBatchTests
{
    private readonly byte[] _buffer = new byte[2048];
    private readonly Random _random = new();
    private readonly List<LinuxMediaSocket> _open = [];
    private SocketBatch _batch = null!;

    [SetUp]
    public void SetUp()
    {
        if (!OperatingSystem.IsLinux() || SocketBatch.TryBegin(NullLogger.Instance) is not { } batch)
        {
            Assert.Ignore("No io_uring here.");
            return;
        }

        _batch = batch;
    }

    [TearDown]
    public void TearDown()
    {
        _batch?.Dispose();
        foreach (var socket in _open)
            socket.Dispose();
        _open.Clear();
    }

    [Test]
    public void Datagrams_GoOutTogether_InTheirOrder_ToThePeerOfEach()
    {
        var (a, b, c) = (Open(), Open(), Open());
        a.Connect(Of(c));
        b.Connect(Of(c));
        foreach (var text in (byte[])[1, 2, 3])
        {
            Assert.That(a.Send([text]) && b.Send([text, text]));
        }

        Assert.That(c.Receive(_buffer, out _), Is.EqualTo(MediaReceive.None), "not yet");
        Assert.That(_batch.Flush(), Is.Zero);
        Assert.That(Enumerable.Range(0, 6).Select(_ => Take(c)), Is.EqualTo(new[] { (1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2) }));
    }

    [Test]
    public void MoreThanABatchHolds_IsSentAllTheSame([Values(10, 2000)] int bytes)
    {
        var (a, b) = (Open(), Open());
        a.Connect(Of(b));
        for (var i = 0; i < SocketBatch.Capacity + 20; i++)
            Assert.That(a.Send(new byte[bytes]));
        Assert.That(_batch.Flush(), Is.Zero);
        var received = 0;
        while (b.Receive(_buffer, out _) == MediaReceive.Datagram)
            received++;
        Assert.That(received, Is.EqualTo(SocketBatch.Capacity + 20));
    }

    [Test]
    public void EachSocket_FindsItsOwn_AndThenWhatIsBehindIt()
    {
        var sockets = Enumerable.Range(0, SocketBatch.Capacity).Select(_ => Open()).ToArray();
        var peer = Open();
        for (var i = 0; i < sockets.Length; i += 2)
        {
            peer.SendTo([(byte)i], Of(sockets[i]));
            peer.SendTo([(byte)i, 0], Of(sockets[i]));
        }

        Fetch(sockets);
        for (var i = 0; i < sockets.Length; i++)
        {
            if (i % 2 == 0)
                Assert.That((Take(sockets[i]), Take(sockets[i])), Is.EqualTo(((i, 1), (i, 2))));
            Assert.That(sockets[i].Receive(_buffer, out _), Is.EqualTo(MediaReceive.None));
        }
    }

    [Test]
    public void FetchedByAnotherThread_IsNotTold_AndTheNextIs()
    {
        var (a, peer) = (Open(), Open());
        peer.SendTo([1], Of(a));
        peer.SendTo([2], Of(a));
        Fetch(a);
        var found = 0;
        var thread = new Thread(() => found = Take(a).Value);
        thread.Start();
        thread.Join();
        Assert.That(found, Is.EqualTo(2));
        Assert.That(a.Receive(_buffer, out _), Is.EqualTo(MediaReceive.None));
    }

    [Test]
    public void PeerThatIsGone_CostsTheOthersNothing()
    {
        var (a, gone, b, c) = (Open(), Open(), Open(), Open());
        a.Connect(Of(gone));
        b.Connect(Of(c));
        gone.Dispose();
        for (var i = 0; i < 4; i++)
        {
            a.Send([1]);
            b.Send([2]);
            Assert.That(_batch.Flush(), Is.Zero, "the error is that of the datagram before");
            Assert.That(Take(c).Value, Is.EqualTo(2));
        }
    }

    [Test]
    public void SocketThatEnds_WithADatagramToBeSent_SendsIt_AndIsClosed()
    {
        var (a, b) = (Open(), Open());
        a.Connect(Of(b));
        a.Send([1]);
        a.Dispose();
        Assert.That(_batch.Flush(), Is.Zero);
        Assert.That(Take(b).Value, Is.EqualTo(1));
        Fetch(a);
        Assert.That(a.Receive(_buffer, out _), Is.EqualTo(MediaReceive.None));
        var again = Open(a.LocalEndPoint.Port);
        Assert.That(again.LocalEndPoint.Port, Is.EqualTo(a.LocalEndPoint.Port), "the descriptor is not held");
    }

    [Test]
    public void AnotherPeer_GetsWhatComesAfterwards_Alone()
    {
        var (a, b, c) = (Open(), Open(), Open());
        a.Connect(Of(b));
        a.Send([1]);
        a.Connect(Of(c));
        a.Send([2]);
        _batch.Flush();
        Assert.That((Take(b).Value, Take(c).Value), Is.EqualTo((1, 2)));
        Assert.That(b.Receive(_buffer, out _) == MediaReceive.None && c.Receive(_buffer, out _) == MediaReceive.None);
    }

    [Test]
    public void AfterItsEnd_SocketsWorkAsEver()
    {
        var (a, b) = (Open(), Open());
        a.Connect(Of(b));
        b.SendTo([1], Of(a));
        Fetch(a);
        _batch.Dispose();
        Assert.That(SocketBatch.Current, Is.Null);
        Assert.That(a.Receive(_buffer, out _), Is.EqualTo(MediaReceive.None), "lost with the batch");
        a.Send([3]);
        Assert.That(Take(b).Value, Is.EqualTo(3));
    }

    private void Fetch(params ReadOnlySpan<LinuxMediaSocket> sockets)
    {
        _batch.BeginFetch();
        foreach (var socket in sockets)
            _batch.Ask(socket);
        _batch.Fetch();
    }

    private (int Value, int Length) Take(LinuxMediaSocket socket) =>
        socket.Receive(_buffer, out var datagram) == MediaReceive.Datagram ? (_buffer[0], datagram.Length) : (-1, 0);

    private static MediaAddress Of(LinuxMediaSocket socket) => MediaAddress.From(socket.LocalEndPoint);

    private LinuxMediaSocket Open(int port = 0)
    {
        for (var i = 0; ; i++)
        {
            var local = new IPEndPoint(IPAddress.Loopback, port != 0 ? port : _random.Next(20000, 30000));
            var result = LinuxMediaSocket.Open(local, null, out var socket);
            if (result == MediaBindResult.Bound)
            {
                _open.Add((LinuxMediaSocket)socket!);
                return _open[^1];
            }

            Assert.That(i, Is.LessThan(100), result.ToString());
        }
    }
}
