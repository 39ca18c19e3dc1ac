using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Core.Tests.Transport;

/// <summary>Pings that we send over a connection, and what their answers, or none, mean.</summary>
[TestFixture]
[Property("rfc", "5626 §4.4.1")]
public class TcpPingTests
{
    private static readonly TimeSpan PongTime = TimeSpan.FromSeconds(10);

    private FakeTimeProvider _clock = new();
    private RecordingSink _sink = new();
    private TcpSipTransport _transport = null!;
    private Socket _client = null!;
    private SipFlow _flow = null!;

    [SetUp]
    public async Task Connect()
    {
        (_clock, _sink) = (new FakeTimeProvider(), new RecordingSink());
        _transport = await Net.TcpAsync(_sink, IPAddress.Loopback, _clock);
        _client = await Net.TcpClientAsync(_transport.LocalEndPoint);
        await _client.SendAsync(Net.Message("one"));
        _flow = (await _sink.NextAsync()).Flow;
    }

    [TearDown]
    public async Task Close()
    {
        _client.Dispose();
        await _transport.DisposeAsync();
    }

    [Test]
    public async Task PeerThatNeverAnsweredAPing_NeedNot()
    {
        Assert.That(_flow.TryPing(PongTime, isPongSure: false), Is.True);
        Assert.That(await _client.ReceiveAsync(), Is.EqualTo("\r\n\r\n"));
        _clock.Advance(TimeSpan.FromSeconds(60));

        Assert.That(_flow.IsClosed, Is.False);
    }

    [Test]
    public async Task PeerThatHasSaidThatItAnswers_AndDoesNot_IsClosed()
    {
        using var closed = new ClosedConnections();
        _flow.TryPing(PongTime, isPongSure: true);
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.That(_flow.IsClosed, Is.False);
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.That(_flow.IsClosed, Is.True);
        await closed.WaitForAsync("NoPong");
        Assert.That(_flow.TryPing(PongTime, isPongSure: true), Is.False);
    }

    [TestCase("\r\n")]
    [TestCase(null, Description = "any message shows that it is there")]
    public async Task PeerThatAnswers_IsKept_AndClosedWhenItDoesNotAnyMore(string? pong)
    {
        _flow.TryPing(PongTime, isPongSure: true);
        await _client.SendAsync(pong is null ? Net.Message("two") : "\r\n"u8.ToArray());
        // What comes after shows that the answer was read.
        await _client.SendAsync(Net.Message("three"));
        while ((await _sink.NextAsync()).CallId != "three")
        {
        }

        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.That(_flow.IsClosed, Is.False);
        // It has answered once, so from now on it is expected to.
        _flow.TryPing(PongTime, isPongSure: pong is null);
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.That(_flow.IsClosed, Is.True);
    }

    [Test]
    public async Task BlankLineBeforeAnyPing_IsNoAnswer()
    {
        await _client.SendAsync((byte[])[.. "\r\n"u8, .. Net.Message("two")]);
        await _sink.NextAsync();
        _flow.TryPing(PongTime, isPongSure: false);
        _clock.Advance(TimeSpan.FromSeconds(60));

        Assert.That(_flow.IsClosed, Is.False);
    }
}
