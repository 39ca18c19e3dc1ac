using Atm0s.Sip.Core.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Core.Tests.Transport.Tls;

/// <summary>Connections whose peer has stopped in the middle of a message of TLS itself: our end of them can't be told.</summary>
[TestFixture]
[Property("threat", "S5")]
public sealed class InterruptedTlsTests
{
    // RFC 8446 §4.6.3: the head of a KeyUpdate, whose one byte does not come.
    private static readonly byte[] HalfAKeyUpdate = [24, 0, 0, 1];

    private TlsWorld _world = null!;
    private FakeTimeProvider _clock = null!;

    [SetUp]
    public void SetUp() => (_world, _clock) = (new TlsWorld(), new FakeTimeProvider());

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public async Task HalfAKeyUpdate_IsClosedInTime_AndNothingElseSuffers()
    {
        using var closed = new ClosedConnections();
        var transport = await _world.ListenAsync(clock: _clock);
        using var client = await RawTlsClient.ConnectAsync(transport.LocalEndPoint);
        client.SendHandshake(HalfAKeyUpdate);
        // That it was read is not seen from here: the connection is closed in a while, whatever has come of it.
        await AdvanceUntilAsync(() => transport.ConnectionCount == 0);
        await closed.WaitForAsync("NeverSpoke");
        await AssertThatItServesAsync(transport);
    }

    [Test]
    public async Task HalfAKeyUpdateAfterAMessage_IsClosedInTime()
    {
        var transport = await _world.ListenAsync(clock: _clock);
        using var client = await RawTlsClient.ConnectAsync(transport.LocalEndPoint);
        client.Send(Net.Message("one"));
        var flow = (await _world.Sink.NextAsync()).Flow;
        client.SendHandshake(HalfAKeyUpdate);
        await AdvanceUntilAsync(() => transport.ConnectionCount == 0);
        Assert.That(flow.IsClosed, Is.True);
        await AssertThatItServesAsync(transport);
    }

    [Test]
    public async Task SendingIntoHalfAKeyUpdate_ThrowsNothing()
    {
        var transport = await _world.ListenAsync(clock: _clock);
        using var client = await RawTlsClient.ConnectAsync(transport.LocalEndPoint);
        client.Send(Net.Message("one"));
        var flow = (await _world.Sink.NextAsync()).Flow;
        client.SendHandshake(HalfAKeyUpdate);
        for (var i = 0; i < 200 && flow.TrySend(Net.Message("answer")); i++)
            await Task.Yield();
        await AdvanceUntilAsync(() => transport.ConnectionCount == 0);
        await AssertThatItServesAsync(transport);
    }

    private async Task AssertThatItServesAsync(TcpSipTransport transport)
    {
        using var other = await RawTlsClient.ConnectAsync(transport.LocalEndPoint);
        other.Send(Net.Message("other"));
        Assert.That((await _world.Sink.NextAsync()).CallId, Is.EqualTo("other"));
    }

    private Task<int> AdvanceUntilAsync(Func<bool> condition) => Net.AdvanceUntilAsync(_clock, TimeSpan.FromSeconds(1), condition);
}
