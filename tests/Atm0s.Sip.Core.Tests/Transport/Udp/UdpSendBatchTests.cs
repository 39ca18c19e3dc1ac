using System.Net;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Udp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Core.Tests.Transport.Udp;

/// <summary>What is sent at the end of a turn.</summary>
public sealed class UdpSendBatchTests
{
    private const int NotPermitted = 1; // EPERM

    private readonly List<int> _failed = [];
    private ScriptedUdpSocket _socket = null!;
    private UdpSendBatch _batch = null!;
    private UdpSipFlow _flow = null!;

    [SetUp]
    public void SetUp()
    {
        _failed.Clear();
        _socket = new ScriptedUdpSocket();
        _batch = new UdpSendBatch(_socket, (_, error) => _failed.Add(error));
        var transport = new UdpSipTransport(new SipListenerOptions(), SipLimits.Default, NullLogger.Instance);
        _flow = (UdpSipFlow)transport.TryGetFlow(new IPEndPoint(IPAddress.Loopback, 5070))!;
    }

    [TearDown]
    public void TearDown() => _socket.Dispose();

    [Test]
    public void All_GoInOneCall()
    {
        Add(1, 2, 3);
        _batch.Flush();

        Assert.That(_socket.Sent, Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That((_socket.Batches, _batch.Count), Is.EqualTo((1, 0)));
    }

    [TestCase(new byte[] { 1 })]
    [TestCase(new byte[] { 3 })]
    [TestCase(new byte[] { 5 })]
    [TestCase(new byte[] { 1, 2, 4 })]
    [TestCase(new byte[] { 1, 2, 3, 4, 5 })]
    public void ThoseThatFail_LoseNoOther(byte[] failing)
    {
        foreach (var first in failing)
            _socket.Failing[first] = NotPermitted;
        Add(1, 2, 3, 4, 5);
        _batch.Flush();

        Assert.That(_socket.Sent, Is.EqualTo(new byte[] { 1, 2, 3, 4, 5 }.Except(failing)));
        Assert.That(_failed, Is.EqualTo(Enumerable.Repeat(NotPermitted, failing.Length)));
    }

    [Test]
    public void MoreThanThereIsRoomFor_GoesBetween()
    {
        byte[] all = [.. Enumerable.Range(0, 200).Select(i => (byte)i)];
        Add(all);
        _batch.Flush();

        Assert.That(_socket.Sent, Is.EqualTo(all));
        Assert.That(_socket.Batches, Is.EqualTo(4));
    }

    [Test]
    public void TooLong_IsNotTaken()
    {
        Assert.That(_batch.TryAdd(_flow, new byte[UdpSendBatch.SlotLength]), Is.True);
        Assert.That(_batch.TryAdd(_flow, new byte[UdpSendBatch.SlotLength + 1]), Is.False);
    }

    private void Add(params byte[] firsts)
    {
        foreach (var first in firsts)
            Assert.That(_batch.TryAdd(_flow, new[] { first }), Is.True);
    }
}
