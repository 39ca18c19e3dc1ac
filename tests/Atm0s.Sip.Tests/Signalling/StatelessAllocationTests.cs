using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Tests.Costs;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>
/// A flood of what strangers may ask leaves nothing to collect: it is answered out of a buffer of the thread (RFC 3261 §8.2.7).
/// </summary>
[SingleThreaded]
public sealed class StatelessAllocationTests
{
    private const int Runs = 200;

    private SignallingWorld _all = null!;

    [SetUp]
    public void SetUp() => _all = new SignallingWorld(options => options.Authentication.OpenNumberPrefixes.Clear());

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [TestCase("OPTIONS", "", 200)]
    [TestCase("REGISTER", "", 401)]
    [TestCase("INVITE", "", 401)]
    [TestCase("MESSAGE", "", 405)]
    [TestCase("SUBSCRIBE", "", 405)]
    [TestCase("FOO", "", 501)]
    [TestCase("REFER", "", 603)]
    [TestCase("BYE", "", 481)]
    [TestCase("CANCEL", "", 481)]
    [TestCase("OPTIONS", "Require: 100rel\r\n", 200)]
    [TestCase("OPTIONS", "Max-Forwards: x\r\n", 400)]
    public void Answer_AllocatesNothing(string method, string extra, int status)
    {
        var flow = new SilentFlow();
        using var request = Parse(
            $"{method} sip:room1@test.local SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKa1;rport\r\nMax-Forwards: 70\r\n"
            + $"From: <sip:alice@test.local>;tag=f1\r\nTo: <sip:alice@test.local>\r\nCall-ID: c1\r\nCSeq: 1 {method}\r\n"
            + $"Contact: <sip:alice@192.0.2.7>\r\n{extra}Content-Length: 0\r\n\r\n");
        request.RemoteEndPoint = flow.RemoteEndPoint;
        var dispatcher = _all.Server.Parts.Stack.Shards[0].Dispatcher;

        var allocated = Least(() => dispatcher.OnRequest(flow, request));

        Assert.That(Encoding.UTF8.GetString(flow.Last), Does.StartWith($"SIP/2.0 {status} "));
        Assert.That(allocated, Is.Zero);
        Assert.That(_all.ServerTransactions, Is.Zero);
    }

    private static SipMessage Parse(string text)
    {
        Assert.That(
            SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, isStream: false, out var message, out var refusal), Is.True,
            refusal.ToString());
        return message!;
    }

    // The first calls fill caches.
    private static long Least(Action work)
    {
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Runs; i++)
                work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
