using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Core.Tests.Transport.Tls;

/// <summary>What strangers may keep open over TLS, and for how long.</summary>
[TestFixture]
[Property("threat", "S5")]
public sealed class TlsLimitTests
{
    private TlsWorld _world = null!;
    private FakeTimeProvider _clock = null!;

    [SetUp]
    public void SetUp() => (_world, _clock) = (new TlsWorld(), new FakeTimeProvider());

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [TestCase(0, Description = "nothing at all")]
    [TestCase(5, Description = "the head of a record")]
    [TestCase(100, Description = "a part of a ClientHello")]
    public async Task HandshakeThatStands_IsClosedIn10Seconds(int bytes)
    {
        using var closed = new ClosedConnections();
        var transport = await _world.ListenAsync(clock: _clock);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        await client.SendAsync(Hello(500).AsMemory(0, bytes));
        await Net.UntilAsync(() => transport.ConnectionCount == 1);
        Assert.That(await AdvanceUntilAsync(() => transport.ConnectionCount == 0), Is.InRange(10, 30));
        await closed.WaitForAsync("NotSecured");
        Assert.That(await client.ReceiveAsync(), Is.Empty);
    }

    [Test]
    public async Task HandshakeOfManyBytes_IsClosed()
    {
        var transport = await _world.ListenAsync(configure: o => o.MaxHandshakeBytes = 8192);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        // One handshake message of 60,000 bytes in records of 16 KiB.
        byte[] head = [22, 3, 1, 0x40, 0];
        byte[] record = [.. head, 1, 0, 0xEA, 0x60, .. new byte[16_380]];
        try
        {
            for (var i = 0; i < 3; i++)
                await client.SendAsync(record);
        }
        catch (SocketException)
        {
            // It is closed already.
        }

        await Net.UntilAsync(() => transport.ConnectionCount == 0);
    }

    [Test]
    public async Task NoTls_IsClosedAtOnce()
    {
        var transport = await _world.ListenAsync(clock: _clock);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        await client.SendAsync(Net.Message("plain"));
        await Net.UntilAsync(() => transport.ConnectionCount == 0);
        Assert.That(_world.Sink.MessagesWaiting, Is.Zero);
    }

    [Test]
    public async Task NothingSaidAfterTheHandshake_IsClosedIn30Seconds()
    {
        var transport = await _world.ListenAsync(clock: _clock);
        await _world.ConnectAsync(transport.LocalEndPoint);
        Assert.That(await AdvanceUntilAsync(() => transport.ConnectionCount == 0), Is.InRange(20, 60));
    }

    [Test]
    public async Task IdleWithoutAnyUse_IsClosedIn60Seconds_AndOneInUseIsNot()
    {
        var transport = await _world.ListenAsync(clock: _clock);
        var client = await _world.ConnectAsync(transport.LocalEndPoint);
        await client.WriteAsync(Net.Message("held"));
        var held = (await _world.Sink.NextAsync()).Flow;
        held.Hold();
        var idle = await _world.ConnectAsync(transport.LocalEndPoint);
        await idle.WriteAsync(Net.Message("idle"));
        await _world.Sink.NextAsync();
        Assert.That(await AdvanceUntilAsync(() => transport.ConnectionCount == 1), Is.InRange(50, 90));
        Assert.That(held.IsClosed, Is.False);
    }

    [Test]
    public async Task HalfAMessage_IsClosedIn15Seconds()
    {
        using var closed = new ClosedConnections();
        var transport = await _world.ListenAsync(clock: _clock);
        var client = await _world.ConnectAsync(transport.LocalEndPoint);
        await client.WriteAsync((byte[])[.. Net.Message("one"), .. Net.Message("two")[..40]]);
        (await _world.Sink.NextAsync()).Flow.Hold();
        Assert.That(await AdvanceUntilAsync(() => transport.ConnectionCount == 0), Is.InRange(10, 40));
        await closed.WaitForAsync("SlowMessage");
    }

    [Test]
    public async Task HalfARecord_IsClosedIn15Seconds_AlsoWhenItIsInUse()
    {
        using var closed = new ClosedConnections();
        var transport = await _world.ListenAsync(clock: _clock);
        using var socket = await Net.TcpClientAsync(transport.LocalEndPoint);
        await using var stream = new System.Net.Security.SslStream(new NetworkStream(socket));
        await stream.AuthenticateAsClientAsync(new System.Net.Security.SslClientAuthenticationOptions
        {
            TargetHost = "localhost", RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        await stream.WriteAsync(Net.Message("one"));
        (await _world.Sink.NextAsync()).Flow.Hold();
        // The head of a record, and of its 1,000 bytes one.
        byte[] half = [23, 3, 3, 3, 0xE8, 1];
        await socket.SendAsync(half);
        Assert.That(await AdvanceUntilAsync(() => transport.ConnectionCount == 0), Is.InRange(10, 40));
        await closed.WaitForAsync("SlowMessage");
    }

    [Test]
    public async Task HalfARecord_BehindAWholeOneInTheSameSegment_IsClosedToo()
    {
        using var closed = new ClosedConnections();
        var transport = await _world.ListenAsync(clock: _clock);
        using var socket = await Net.TcpClientAsync(transport.LocalEndPoint);
        await using var held = new HeldStream(new NetworkStream(socket));
        await using var stream = new System.Net.Security.SslStream(held);
        await stream.AuthenticateAsClientAsync(new System.Net.Security.SslClientAuthenticationOptions
        {
            TargetHost = "localhost", RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        held.IsHeld = true;
        await stream.WriteAsync(Net.Message("one"));
        byte[] half = [23, 3, 3, 3, 0xE8, 1];
        await socket.SendAsync((byte[])[.. held.Held, .. half]);
        (await _world.Sink.NextAsync()).Flow.Hold();
        Assert.That(await AdvanceUntilAsync(() => transport.ConnectionCount == 0), Is.InRange(10, 40));
        await closed.WaitForAsync("SlowMessage");
    }

    [Test]
    public async Task SilentConnectionsOfOneSource_LeaveRoomForAnother()
    {
        var transport = await _world.ListenAsync(listener: o => o.MaxConnectionsPerAddress = 8);
        var silent = new List<Socket>();
        for (var i = 0; i < 20; i++)
            silent.Add(await Net.TcpClientAsync(transport.LocalEndPoint));
        Assert.That(transport.ConnectionCount, Is.LessThanOrEqualTo(8));
        var client = await _world.ConnectAsync(transport.LocalEndPoint);
        await client.WriteAsync(Net.Message("good"));
        Assert.That((await _world.Sink.NextAsync()).CallId, Is.EqualTo("good"));
        silent.ForEach(one => one.Dispose());
    }

    private static byte[] Hello(int length) => [22, 3, 1, (byte)(length >> 8), (byte)length, 1, .. new byte[length]];

    private async Task<int> AdvanceUntilAsync(Func<bool> condition)
    {
        var seconds = 0;
        using var limit = new CancellationTokenSource(Net.Limit);
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            _clock.Advance(TimeSpan.FromSeconds(1));
            seconds++;
            await Task.Delay(20, CancellationToken.None);
        }

        return seconds;
    }
}
