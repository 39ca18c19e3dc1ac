using System.Net;
using System.Text;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Defence;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.TestKit.Network;
using Atm0s.Sip.Trunks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Tests.Defence;

/// <summary>Token buckets in bounded memory.</summary>
public sealed class SourceBucketsTests
{
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(5);

    [Test]
    public void MillionSources_CostNoMemory_AndTakeNothingFromOneThatIsHeard()
    {
        var buckets = new SourceBuckets(perSecond: 10, burst: 20);
        var own = new SourceKey(uint.MaxValue, false);
        for (var i = 0; i < 20; i++)
            Assert.That(buckets.TryTake(own, false, Start, out _), Is.True);
        Assert.That(buckets.TryTake(own, false, Start, out _), Is.False);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refused = 0;
        for (uint i = 0; i < 1_000_000; i++)
        {
            if (!buckets.TryTake(new SourceKey(i, false), false, Start + TimeSpan.FromMicroseconds(i), out _))
                refused++;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(refused, Is.Zero, "nobody pays for others");
        Assert.That(allocated, Is.LessThan(65_536), "what the runtime needs now and then; nothing for a source");
        Assert.That(buckets.TryTake(own, false, Start + TimeSpan.FromSeconds(2), out _), Is.True);
    }

    [Test]
    public void Bucket_FillsWithTime_UpToItsBurst()
    {
        var buckets = new SourceBuckets(perSecond: 10, burst: 20);
        var own = new SourceKey(1, true);
        Assert.That(Take(buckets, own, 50, Start), Is.EqualTo(20));
        Assert.That(Take(buckets, own, 50, Start + TimeSpan.FromMilliseconds(500)), Is.EqualTo(5));
        Assert.That(Take(buckets, own, 50, Start), Is.Zero, "a thread whose clock is behind");
        Assert.That(Take(buckets, own, 50, Start + TimeSpan.FromHours(1)), Is.EqualTo(20));
        Assert.That(Take(buckets, new SourceKey(1, false), 1, Start), Is.EqualTo(1), "an IPv4 address is no /64");
    }

    [Test]
    public void ComingOverTheLimit_IsNewsOnce_UntilHalfOfItIsBack()
    {
        var buckets = new SourceBuckets(perSecond: 10, burst: 20);
        var own = new SourceKey(1, false);
        Take(buckets, own, 20, Start);
        buckets.TryTake(own, false, Start, out var first);
        buckets.TryTake(own, false, Start, out var second);
        Take(buckets, own, 10, Start + TimeSpan.FromSeconds(1));
        buckets.TryTake(own, false, Start + TimeSpan.FromSeconds(1), out var third);
        Assert.That((first, second, third), Is.EqualTo((true, false, true)));
    }

    [Test]
    public void Judging_AllocatesNothing()
    {
        var time = new FakeTimeProvider();
        var clock = new SipClock(time);
        using var metrics = new SipServerMetrics();
        var access = new AccessOptions().Trust("192.168.0.0/16", "2001:db8::/32");
        var gate = new RequestGate(
            new DefenceOptions { MaxBurstPerSource = 10 }, clock, new LiveSources(), new AccessList(access),
            new TrunkDirectory(null!, null!, NullLogger.Instance, static _ => { }), new Offenders(new DefenceOptions()),
                static (_, _) => false, metrics, NullLogger.Instance);
        var transport = new VirtualNetwork(time, 1).CreateTransport(
            new SipListenerOptions { EndPoint = IPEndPoint.Parse("10.0.0.1:5060") });
        var flow = transport.TryGetFlow(IPEndPoint.Parse("10.9.9.9:5060"))!;
        using var request = Parse(
            "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n"
            + "Call-ID: 1\r\nCSeq: 1 OPTIONS\r\nUser-Agent: someone\r\nContent-Length: 0\r\n\r\n");
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
                gate.Judge(flow, request);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(least, Is.Zero);
        Assert.That(gate.Judge(flow, request), Is.EqualTo(Admission.Drop));
    }

    private static int Take(SourceBuckets buckets, SourceKey source, int count, TimeSpan now) =>
        Enumerable.Range(0, count).Count(i => buckets.TryTake(source, false, now, out var isNews));

    private static SipMessage Parse(string text) =>
        SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, isStream: false, out var message, out _) ? message
            : throw new FormatException();
}
