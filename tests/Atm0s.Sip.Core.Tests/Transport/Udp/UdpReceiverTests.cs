using System.Net;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Udp;

namespace Atm0s.Sip.Core.Tests.Transport.Udp;

/// <summary>What the system may say to a receiving thread, and what may break under it: it goes on.</summary>
public sealed class UdpReceiverTests
{
    private const int NoBuffers = 105; // ENOBUFS
    private const int NotPermitted = 1; // EPERM

    private RecordingSink _sink = null!;
    private ListLog _log = null!;
    private ScriptedUdpSocket _socket = null!;
    private UdpReceiver _receiver = null!;

    [SetUp]
    public void SetUp()
    {
        _sink = new RecordingSink();
        _log = new ListLog();
        _socket = new ScriptedUdpSocket();
        var transport = new UdpSipTransport(
            new SipListenerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 5060) }, SipLimits.Default, _log);
        _receiver = new UdpReceiver(transport, _socket, _sink, SipLimits.Default, TimeProvider.System, _log);
        _receiver.Start();
    }

    [TearDown]
    public async Task TearDown()
    {
        _receiver.Stop();
        await _receiver.Ended.WaitAsync(Net.Limit);
        _socket.Dispose();
    }

    [Test]
    public async Task Errors_AreOutlivedAndToldOnce()
    {
        _socket.Fail(NoBuffers, 3);
        _socket.Fail(NotPermitted, 3);
        _socket.Deliver(Net.Message("after"));

        Assert.That((await _sink.NextAsync()).CallId, Is.EqualTo("after"));
        Assert.That(_log.CountOf(1001), Is.EqualTo(1));
    }

    [Test]
    public async Task ErrorThatComesAgainAndAgain_DoesNotSpin()
    {
        _socket.Fail(NoBuffers, 10_000);
        await Net.UntilAsync(() => _socket.Asked >= 8);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Net.UntilAsync(() => _socket.Asked >= 10);

        // 128 ms and 256 ms by then.
        Assert.That(clock.ElapsedMilliseconds, Is.GreaterThan(100));
        Assert.That(_socket.Asked, Is.LessThan(100));
    }

    [Test]
    public async Task Stop_DuringAPause_IsPrompt()
    {
        _socket.Fail(NoBuffers, 10_000);
        await Net.UntilAsync(() => _socket.Asked >= 10);
        _receiver.Stop();

        await _receiver.Ended.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.That(_socket.Asked, Is.LessThan(20));
    }

    [Test]
    public async Task Exception_IsCriticalAndTheThreadGoesOn([Values] bool logThrows)
    {
        _log.Throws = logThrows;
        for (var i = 0; i < 3; i++)
        {
            _socket.Throw(new InvalidOperationException("broken"));
            _socket.Deliver(Net.Message($"after{i}"));
            Assert.That((await _sink.NextAsync()).CallId, Is.EqualTo($"after{i}"));
        }

        Assert.That(_log.Lines.Count(line => line is { Id: 1020, Level: Microsoft.Extensions.Logging.LogLevel.Critical }), Is.EqualTo(3));
    }

    [Test]
    public async Task Refusal_OfTheSink_EndsNothing()
    {
        _sink.Inside = static () => throw new InvalidCastException("broken");
        _socket.Deliver(Net.Message("bad"));
        await Net.UntilAsync(() => _log.CountOf(1021) == 1);
        _sink.Inside = null;
        _socket.Deliver(Net.Message("good"));

        Assert.That((await _sink.NextAsync()).CallId, Is.EqualTo("good"));
    }
}
