using System.Buffers.Binary;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit.Net;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>Reports of a leg, in both directions and on one port or two.</summary>
public sealed class LegRtcpTests
{
    private MediaWorld _world = null!;

    [SetUp]
    public void SetUp() => _world = new MediaWorld();

    [TearDown]
    public void TearDown() => _world.Dispose();

    [Test]
    public void Reports_GoWhereTheSdpSays([Values] bool onePort)
    {
        var phone = _world.AddPhone(p => onePort ? p with { RemoteRtcp = p.Remote } : p);
        phone.IsSpeaking = true;
        _world.Run(30);
        var muxed = phone.Rtp.Where(IsRtcp).ToArray();
        var reports = onePort ? muxed : [.. phone.Rtcp];
        Assert.That(onePort ? phone.Rtcp.Count : muxed.Length, Is.Zero);
        Assert.That(reports, Has.Length.InRange(4, 13), "each 2.5 to 7.5 s (RFC 3550 §6.2)");
        Assert.That(reports.Select(r => r[1]), Has.All.EqualTo(200));
        Assert.That(reports.Select(r => BinaryPrimitives.ReadUInt32BigEndian(r.AsSpan(28))), Has.All.EqualTo(phone.Ssrc));
    }

    [Test]
    public void Reports_GoOn_WhileTheirPortIsFlooded([Values] bool fromThePhonesHost)
    {
        var phone = _world.AddPhone();
        phone.IsSpeaking = true;
        _world.Network.TryBind(fromThePhonesHost ? phone.Address.Address : System.Net.IPAddress.Parse("10.66.6.6"), 6666, out var flooder);
        var destination = Media.Net.MediaAddress.From(
            new System.Net.IPEndPoint(phone.Leg.LocalEndPoint.Address, phone.Leg.LocalEndPoint.Port + 1));
        var (answered, told) = (0, 0);
        for (var i = 0; i < 50 * 60; i++)
        {
            for (var j = 0; j < 20; j++)
                flooder!.SendTo([0x81, 201, 0, 7, 1, 2, 3, 4, 5, 6], destination);
            foreach (var report in phone.Rtcp.Skip(answered))
            {
                phone.SendRtcp(Answer(phone, report));
                told++;
            }

            answered = phone.Rtcp.Count;
            _world.Run(0.02);
        }

        flooder!.Dispose();
        Assert.That(told, Is.GreaterThan(8));
        Assert.That(phone.Leg.GetStatistics().RoundTrip, Is.Not.Null);
        Assert.That(phone.Leg.GetStatistics().PacketsRefused, Is.GreaterThan(50 * 59 * 20));
    }

    [TestCase(0)]
    [TestCase(3)]
    [TestCase(30)]
    [TestCase(85)]
    public void RoundTrip_IsRight_OnBothSides(int oneWay)
    {
        _world.Network.Conditions = new MediaConditions { Delay = TimeSpan.FromMilliseconds(oneWay) };
        var phone = _world.AddPhone();
        var (sent, answered) = (TimeSpan.Zero, 0);
        (uint Middle, TimeSpan At) heard = default;
        var theirs = new List<double>();
        for (var i = 0; i < 200 * 120; i++)
        {
            if (i % 4 == 0)
                phone.Say();
            if (i > 100 && i % 800 == 3)
            {
                // A sender report, which tells how long ago our last one came.
                sent = _world.Clock.Now;
                phone.SendRtcp(MakeReport(phone, Ssrc(phone.Rtp[^1], 8), (uint)i, heard.Middle, sent - heard.At));
            }

            _world.Clock.Advance(TimeSpan.FromMilliseconds(5));
            _world.Time.Advance(TimeSpan.FromMilliseconds(5));
            phone.AfterTick();
            foreach (var report in phone.Rtcp.Skip(answered))
            {
                // The phone looks each 5 ms; it came up to 5 ms before.
                heard = (BinaryPrimitives.ReadUInt32BigEndian(report.AsSpan(10)), _world.Clock.Now);
                if (BinaryPrimitives.ReadUInt32BigEndian(report.AsSpan(44)) == (uint)(i - (i % 800) + 3))
                    theirs.Add(
                        (_world.Clock.Now - sent).TotalMilliseconds - (BinaryPrimitives.ReadUInt32BigEndian(report.AsSpan(48)) / 65.536));
            }

            answered = phone.Rtcp.Count;
        }

        Assert.That(phone.Leg.GetStatistics().RoundTrip!.Value.TotalMilliseconds, Is.EqualTo(2 * oneWay).Within(5.1));
        Assert.That(theirs, Has.Count.GreaterThan(10));
        Assert.That(theirs, Has.All.EqualTo(2 * oneWay).Within(5.1), "what the peer makes of our DLSR");
    }

    // Uniform delays of 0 to w differ by w / 3 on average, which is what RFC 3550 §A.8 smooths.
    [TestCase(0, 0)]
    [TestCase(3, 1)]
    [TestCase(12, 4)]
    [TestCase(45, 15)]
    public void Jitter_IsThatOfTheNetwork_NotOfTheTicks(int width, int expected)
    {
        _world.Network.Conditions = new MediaConditions { Jitter = TimeSpan.FromMilliseconds(width) };
        var phone = _world.AddPhone();
        phone.IsSpeaking = true;
        var told = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            _world.Run(0.5);
            told.Add(phone.Leg.GetStatistics().JitterMilliseconds);
        }

        Assert.That(told.Skip(4).Average(), Is.EqualTo(expected).Within(0.2 * expected));
    }

    [Test]
    public void VoipMetrics_AreReported_WhenTheyAreWanted([Values] bool wanted)
    {
        var phone = _world.AddPhone(p => p with { SendVoipMetrics = wanted });
        phone.IsSpeaking = true;
        for (var i = 0; i < 30 * 50; i++)
        {
            phone.IsSpeaking = i % 10 != 0;
            if (!phone.IsSpeaking)
                phone.Lose();
            _world.Run(0.02);
        }

        var report = phone.Rtcp[^1];
        var offset = 0;
        var found = false;
        for (; offset < report.Length && !found; offset += 4 * (1 + ((report[offset + 2] << 8) | report[offset + 3])))
        {
            if (!RtcpXrVoipMetrics.TryRead(report.AsSpan(offset), phone.Ssrc, out var metrics))
                continue;
            found = true;
            Assert.That(metrics.Losses.LossRate, Is.EqualTo(0.1).Within(0.02));
            Assert.That(metrics.ConversationalScore, Is.InRange(2.5, 3.7));
            Assert.That(metrics.Rating, Is.InRange(40, 75));
            Assert.That(metrics.JitterBuffer, Is.EqualTo(JitterBufferKind.Adaptive));
        }

        Assert.That(found, Is.EqualTo(wanted));
    }

    [Test]
    public void CodecOfAnotherClock_IsAnotherSource_AndTheOldOneSaysGoodbye()
    {
        var phone = _world.AddPhone();
        phone.IsSpeaking = true;
        _world.Run(1);
        var before = Ssrc(phone.Rtp[^1]);
        phone.Update(p => p with { SendFormat = new Media.Rtp.RtpFormat(96, new PcmCodec(16_000)) });
        _world.Run(0.1);
        Assert.That(Ssrc(phone.Rtp[^1]), Is.Not.EqualTo(before), "RFC 7160 §4.1");
        var bye = phone.Rtcp[^1];
        Assert.That(bye[^7], Is.EqualTo(203));
        Assert.That(BinaryPrimitives.ReadUInt32BigEndian(bye.AsSpan(bye.Length - 4)), Is.EqualTo(before));
    }

    [Test]
    public void End_SaysGoodbye()
    {
        var phone = _world.AddPhone();
        _world.Run(1);
        phone.Leg.Close();
        _world.Run(0.02);
        Assert.That(phone.Rtcp[^1][^7], Is.EqualTo(203));
    }

    private static bool IsRtcp(byte[] datagram) => datagram.Length >= 2 && datagram[1] is >= 192 and <= 223;

    private static uint Ssrc(byte[] rtp, int at = 8) => BinaryPrimitives.ReadUInt32BigEndian(rtp.AsSpan(at));

    private static byte[] MakeReport(TestPhone phone, uint about, uint middle, uint last, TimeSpan delay)
    {
        var report = new byte[52];
        ((byte[])[0x81, 200, 0, 12]).CopyTo(report, 0);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(4), phone.Ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(10), middle);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(28), about);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(44), last);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(48), (uint)(delay.TotalSeconds * 65536));
        return report;
    }

    /// <summary>A receiver report at once.</summary>
    private static byte[] Answer(TestPhone phone, byte[] report)
    {
        var answer = new byte[32];
        ((byte[])[0x81, 201, 0, 7]).CopyTo(answer, 0);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(4), phone.Ssrc);
        report.AsSpan(4, 4).CopyTo(answer.AsSpan(8));
        report.AsSpan(10, 4).CopyTo(answer.AsSpan(24));
        return answer;
    }
}
