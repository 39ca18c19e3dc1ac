using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Tests.Transport;
using Atm0s.Sip.Core.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Core.Tests.Runtime;

/// <summary>From the socket through the shard and back to the socket nothing is allocated for a message once it is warm.</summary>
[NonParallelizable]
[Platform("Linux")]
public sealed class ReceiveAllocationTests
{
    private const int Warm = 2000;
    private const int Measured = 1000;

    private readonly byte[] _answer = "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray();
    private readonly SemaphoreSlim _done = new(0);
    private int _count;
    private int _thread;
    private long _before;
    private long _allocated;
    private bool _isOneThread = true;

    [Test]
    public async Task StatelessOptions_AllocatesNothing([ValueSource(typeof(Net), nameof(Net.Loopbacks))] IPAddress address)
    {
        (_count, _thread, _isOneThread) = (0, 0, true);
        var transport = new UdpSipTransport(
            new SipListenerOptions { EndPoint = new IPEndPoint(address, 0) }, SipLimits.Default, NullLogger.Instance);
        await using var stack = new TestStack(shards: 1, transports: transport) { OnRequest = OnRequest };
        await stack.Stack.StartAsync(CancellationToken.None);
        using var client = Net.UdpClient(address);
        client.ReceiveTimeout = (int)Net.Limit.TotalMilliseconds;
        var request = Net.Message("one");
        var buffer = new byte[1024];
        for (var i = 0; i < Warm + Measured + 1; i++)
        {
            client.SendTo(request, transport.LocalEndPoint);
            client.Receive(buffer);
        }

        Assert.That(await _done.WaitAsync(Net.Limit), Is.True);
        Assert.That(_isOneThread, Is.True, "Another thread ran the shard.");
        Assert.That(_allocated, Is.Zero);
    }

    private void OnRequest(SipShard shard, SipFlow flow, SipMessage request)
    {
        _isOneThread &= _count == 0 || _thread == Environment.CurrentManagedThreadId;
        _thread = Environment.CurrentManagedThreadId;
        if (_count == Warm)
            _before = GC.GetAllocatedBytesForCurrentThread();
        if (_count == Warm + Measured)
        {
            _allocated = GC.GetAllocatedBytesForCurrentThread() - _before;
            _done.Release();
        }

        _count++;
        SipShard.RespondStateless(flow, request, _answer);
    }
}
