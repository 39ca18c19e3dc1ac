using System.Buffers.Binary;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>A media thread that was held up skips ticks: time goes on all the same.</summary>
public sealed class SkippedTickTests
{
    private readonly List<TimeSpan> _times = []; // of each packet
    private MediaWorld _world = null!;
    private TimeSpan _now;

    [SetUp]
    public void SetUp()
    {
        _world = new MediaWorld();
        _times.Clear();
    }

    [TearDown]
    public void TearDown() => _world.Dispose();

    [Test]
    public void Timestamps_FollowTheClock_AndSequenceNumbersDoNotSkip()
    {
        var phone = Start();
        var random = new Random(4);
        var skipped = 0;
        for (var i = 0; i < 200; i++)
        {
            var skip = i % 40 == 20 ? random.Next(1, 30) : 0;
            skipped += skip;
            Tick(phone, skip);
        }

        var packets = Parse(phone);
        Assert.That(packets, Has.Length.EqualTo(200));
        Assert.That(packets.Zip(packets.Skip(1), (a, b) => (ushort)(b.Sequence - a.Sequence)), Has.All.EqualTo(1));
        Assert.That(packets[^1].Timestamp - packets[0].Timestamp, Is.EqualTo((uint)(199 + skipped) * 160));
        Assert.That(packets.Count(p => p.Marker), Is.EqualTo(6), "the first, and each after a gap (RFC 3551 §4.1)");
    }

    [Test]
    public void OnHold_TimeGoesOn()
    {
        var phone = Start();
        Tick(phone, 0);
        phone.Update(p => p with { Send = false, IsOnHold = true });
        for (var i = 0; i < 50; i++)
            Tick(phone, i % 5);
        phone.Update(p => p with { Send = true, IsOnHold = false });
        Tick(phone, 3);
        var packets = Parse(phone);
        Assert.That(packets, Has.Length.EqualTo(2));
        Assert.That(packets[1].Timestamp - packets[0].Timestamp, Is.EqualTo((50 + 100 + 1 + 3) * 160));
    }

    [TestCase(2)]
    [TestCase(4)]
    [TestCase(6)]
    public void Digits_HaveTheLengthOfTheTimeThatPassed(int at)
    {
        var phone = Start(p => p with { SendEvents = new RtpEventFormat(101, 8000) });
        Tick(phone, 0);
        phone.Leg.SendDtmf("19", TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(100));
        for (var i = 1; i < 60; i++)
            Tick(phone, i == at ? 4 : 0);

        var digits = Parse(phone).Where(p => p.PayloadType == 101).GroupBy(p => p.Timestamp).ToArray();
        Assert.That(digits, Has.Length.EqualTo(2));
        foreach (var digit in digits)
        {
            Assert.That(digit.Max(p => p.Duration), Is.EqualTo(1600));
            Assert.That(digit.Count(p => p.End), Is.EqualTo(3));
            Assert.That(digit.Where(p => p.End).Select(p => p.Duration), Has.All.EqualTo(1600));
            Assert.That(digit.Select(p => p.Duration), Is.Ordered);
        }

        // Each packet but the ends tells how long the key has been down when the packet goes.
        Assert.That(digits[0].Where(p => !p.End).Select(p => (p.Number * 160) + 160),
            Is.EqualTo(digits[0].Where(p => !p.End).Select(p => p.Duration)));
        Assert.That(digits[1].Key - digits[0].Key, Is.InRange((10 + 5) * 160, (10 + 5 + 4) * 160));
    }

    private TestPhone Start(Func<Media.Mixing.RtpLegParameters, Media.Mixing.RtpLegParameters>? change = null)
    {
        var phone = _world.AddPhone(change);
        phone.AfterTick();
        phone.Rtp.Clear();
        // From here on the ticks are this test's own.
        _now = _world.Clock.Now;
        return phone;
    }

    private void Tick(TestPhone phone, int skipped)
    {
        _now += TimeSpan.FromMilliseconds(20 * (1 + skipped));
        _world.Room.Tick(_now);
        phone.AfterTick();
        _times.AddRange(Enumerable.Repeat(_now, phone.Rtp.Count - _times.Count));
    }

    private Packet[] Parse(TestPhone phone)
    {
        var starts = new Dictionary<uint, TimeSpan>();
        return [.. phone.Rtp.Select((bytes, i) =>
        {
            Assert.That(RtpPacketView.TryParse(bytes, out var view));
            starts.TryAdd(view.Timestamp, _times[i]);
            var number = (int)((_times[i] - starts[view.Timestamp]) / TimeSpan.FromMilliseconds(20));
            var isEvent = view.PayloadType == 101;
            return new Packet(
                view.PayloadType, view.Marker, view.SequenceNumber, view.Timestamp, number,
                isEvent && (view.Payload[1] & 0x80) != 0, isEvent ? BinaryPrimitives.ReadUInt16BigEndian(view.Payload[2..]) : 0);
        })];
    }

    private sealed record Packet(byte PayloadType, bool Marker, ushort Sequence, uint Timestamp, int Number, bool End, int Duration);
}
