using System.Diagnostics.Metrics;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>What a leg tells of itself.</summary>
public sealed class LegFigureTests
{
    private MediaWorld _world = null!;

    [SetUp]
    public void SetUp() => _world = new MediaWorld();

    [TearDown]
    public void TearDown() => _world.Dispose();

    [TestCase(30_000, TestName = "Far ahead")]
    [TestCase(-30_000, TestName = "Far behind")]
    public void SequenceThatStartsAnew_WithTheSameSsrc_DoesNotTakeLossesBack(int jump)
    {
        var phone = _world.AddPhone();
        phone.Sequence = 31_000;
        Lose(phone, 50);
        Assert.That(phone.Leg.GetStatistics().PacketsLost, Is.EqualTo(50));
        phone.Sequence = (ushort)(phone.Sequence + jump);
        var least = long.MaxValue;
        for (var i = 0; i < 100; i++)
        {
            phone.Say();
            _world.Run(0.02);
            least = Math.Min(least, phone.Leg.GetStatistics().PacketsLost);
        }

        Assert.That(least, Is.EqualTo(50));
        Lose(phone, 7);
        Assert.That(phone.Leg.GetStatistics().PacketsLost, Is.InRange(57, 58), "one more may be lost to the probation of the jump");
    }

    [Test]
    public void AnotherSsrc_ADuplicate_AndAnotherReceiver_DoNotTakeLossesBack()
    {
        var phone = _world.AddPhone();
        var told = new List<long>();
        Lose(phone, 20);
        told.Add(phone.Leg.GetStatistics().PacketsLost);
        phone.Ssrc++;
        phone.Say(); // RFC 3550 §6.2.1: another source has to send two in sequence
        Lose(phone, 5);
        told.Add(phone.Leg.GetStatistics().PacketsLost);
        for (var i = 0; i < 10; i++)
        {
            phone.Sequence--;
            phone.Timestamp -= 160;
            phone.Say();
            _world.Run(0.02);
        }

        told.Add(phone.Leg.GetStatistics().PacketsLost);
        phone.Update(p => p with { ReceiveEvents = [new Media.Rtp.RtpEventFormat(101, 8000)] });
        phone.IsSpeaking = true;
        _world.Run(1);
        told.Add(phone.Leg.GetStatistics().PacketsLost);
        Assert.That(told, Is.EqualTo(new[] { 20, 25, 25, 25 }));
    }

    [Test]
    public void Mos_OfACleanCall_IsThatOfG711_AndLossesTakeFromIt()
    {
        var (clean, lossy) = (_world.AddPhone(), _world.AddPhone());
        (clean.IsSpeaking, lossy.IsSpeaking) = (true, true);
        _world.Run(0.5);
        Assert.That(clean.Leg.GetStatistics().Mos, Is.Null, "too early to tell");
        for (var i = 0; i < 500; i++)
        {
            lossy.IsSpeaking = i % 10 != 0;
            if (!lossy.IsSpeaking)
                lossy.Lose();
            _world.Run(0.02);
        }

        Assert.That(clean.Leg.GetStatistics().Mos, Is.EqualTo(4.4).Within(0.05));
        Assert.That(lossy.Leg.GetStatistics().Mos, Is.InRange(2.6, 3.5), "a tenth is lost");

        var ended = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "atm0s.sip.media.legs.ended")
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(
            (_, value, tags, _) => ended[$"{tags[0].Value}"] = ended.GetValueOrDefault($"{tags[0].Value}") + value);
        listener.Start();
        listener.RecordObservableInstruments();
        var before = new Dictionary<string, long>(ended);
        ended.Clear();
        clean.Leg.Close();
        lossy.Leg.Close();
        _world.Run(0.02);
        listener.RecordObservableInstruments();
        Assert.That(ended["good"] - before["good"], Is.EqualTo(1));
        Assert.That(ended["poor"] + ended["fair"] - before["poor"] - before["fair"], Is.EqualTo(1));
    }

    [Test]
    public void PacketsThatComeTooLate_AreDiscarded_InTheFiguresAndTheMeter()
    {
        var phone = _world.AddPhone();
        phone.IsSpeaking = true;
        _world.Run(1);
        for (var i = 0; i < 5; i++)
        {
            // The packet before is missing, and comes 300 ms later.
            var (sequence, timestamp) = (phone.Sequence, phone.Timestamp);
            phone.Lose();
            phone.IsSpeaking = false;
            _world.Run(0.02);
            phone.IsSpeaking = true;
            _world.Run(0.3);
            (var next, phone.Sequence) = (phone.Sequence, sequence);
            (var time, phone.Timestamp) = (phone.Timestamp, timestamp);
            phone.Say();
            (phone.Sequence, phone.Timestamp) = (next, time);
            _world.Run(0.3);
        }

        var figures = phone.Leg.GetStatistics();
        Assert.That(figures.PacketsDiscarded, Is.InRange(4, 5), "the buffer may have waited for one");
        Assert.That(figures.ConcealedAudio, Is.InRange(TimeSpan.FromMilliseconds(60), TimeSpan.FromMilliseconds(120)));
        Assert.That(figures.PlayedAudio, Is.EqualTo(TimeSpan.FromSeconds(4)).Within(TimeSpan.FromMilliseconds(300)));
        var meter = _world.Engine.Metrics;
        Assert.That(
            (meter.PacketsDiscarded, meter.ConcealedAudio, meter.PlayedAudio, meter.InsertedAudio, meter.RemovedAudio, meter.Resyncs),
            Is.EqualTo((
                figures.PacketsDiscarded, figures.ConcealedAudio, figures.PlayedAudio, figures.InsertedAudio, figures.RemovedAudio,
                    figures.Resyncs)));
    }

    private void Lose(TestPhone phone, int packets)
    {
        for (var i = 0; i < packets; i++)
        {
            phone.Say();
            _world.Run(0.02);
            phone.Sequence++;
            phone.Timestamp += 160;
            _world.Run(0.02);
        }

        phone.Say();
        _world.Run(0.02);
    }
}
