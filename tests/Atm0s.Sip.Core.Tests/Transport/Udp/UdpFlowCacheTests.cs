using System.Net;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Udp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Core.Tests.Transport.Udp;

/// <summary>Flows by the address that the system writes.</summary>
public sealed class UdpFlowCacheTests
{
    [TestCase("192.0.2.7", 5060)]
    [TestCase("127.0.0.1", 65535)]
    [TestCase("2001:db8::7", 1)]
    [TestCase("fe80::1%3", 5060)]
    [TestCase("::ffff:192.0.2.7", 5060)]
    public void Get_IsTheSourceAndStaysTheSame(string address, int port)
    {
        var source = new IPEndPoint(IPAddress.Parse(address), port);
        var cache = NewCache(source.Address);
        var flow = cache.Get(Raw(source));

        Assert.That(flow.RemoteEndPoint, Is.EqualTo(source));
        Assert.That(flow.RemoteEndPoint.Address.ToString(), Is.EqualTo(address));
        Assert.That(cache.Get(Raw(source)), Is.SameAs(flow));
        Assert.That(Raw(flow.Address), Is.EqualTo(Raw(source)));
    }

    [Test]
    public void Get_SameAddressOnAnotherLink_IsAnotherFlow()
    {
        var one = new IPEndPoint(IPAddress.Parse("fe80::1%3"), 5060);
        var other = new IPEndPoint(IPAddress.Parse("fe80::1%4"), 5060);
        var cache = NewCache(one.Address);

        Assert.That(cache.Get(Raw(one)), Is.Not.EqualTo(cache.Get(Raw(other))));
        Assert.That(cache.Get(Raw(other)).RemoteEndPoint.Address.ScopeId, Is.EqualTo(4));
    }

    [Test]
    public void Get_OfAFloodOfSources_IsRightForEach_AndForgetsTheFirst()
    {
        var cache = NewCache(IPAddress.Any);
        var first = new IPEndPoint(IPAddress.Parse("10.9.9.9"), 5060);
        var flow = cache.Get(Raw(first));
        for (var i = 0; i < 200_000; i++)
        {
            var source = new IPEndPoint(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), 1024 + (i % 1000));
            if (!cache.Get(Raw(source)).RemoteEndPoint.Equals(source))
                Assert.Fail($"{source} is somebody else's flow.");
        }

        var again = cache.Get(Raw(first));
        Assert.That(again, Is.Not.SameAs(flow));
        Assert.That(again, Is.EqualTo(flow));
    }

    private static UdpFlowCache NewCache(IPAddress address) => new(
        new UdpSipTransport(new SipListenerOptions { EndPoint = new IPEndPoint(address, 5060) }, SipLimits.Default, NullLogger.Instance));

    private static byte[] Raw(IPEndPoint source) => Raw(source.Serialize());

    private static byte[] Raw(SocketAddress address) => address.Buffer.Span[..address.Size].ToArray();
}
