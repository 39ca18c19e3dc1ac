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
