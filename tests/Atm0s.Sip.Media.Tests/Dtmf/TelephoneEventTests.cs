namespace Atm0s.Sip.Media.Tests.Dtmf;

/// <summary>One event per key, whatever the network does.</summary>
public sealed class TelephoneEventTests
{
    [Test]
    public void TenThousandDigits_OverTwentyPercentLoss_NoneDoubled_NoneMissedThatCouldBeKnown()
    {
        using var stream = new EventStream();
        var random = new Random(20);
        var (pressed, arrived) = ("", 0);
        stream.IsLost = number =>
        {
            var lost = random.NextDouble() < 0.2;
            arrived += lost || number < 0 ? 0 : 1;
            return lost;
        };
        for (var i = 0; i < 10_000; i++)
        {
            var digit = "0123456789*#ABCD"[random.Next(16)];
            arrived = 0;
            stream.Press(digit, 40 + (20 * random.Next(5)), 40 + (20 * random.Next(3)));
            pressed += arrived > 0 ? $"{digit}" : "";
        }

        stream.IsLost = _ => false;
        stream.Press('0', 100, 200);
        Assert.That(stream.Digits, Is.EqualTo(pressed + "0"));
    }

    [Test]
    public void SameKeyAgainAndAgain_IsToldEachTime()
    {
        using var stream = new EventStream();
        var random = new Random(3);
        var (expected, arrived) = (0, 0);
        stream.IsLost = number =>
        {
            var lost = random.NextDouble() < 0.3;
            arrived += lost || number < 0 ? 0 : 1;
            return lost;
        };
        for (var i = 0; i < 1000; i++)
        {
            arrived = 0;
            stream.Press('7', 60, 60);
            expected += arrived > 0 ? 1 : 0;
        }

        stream.IsLost = _ => false;
        stream.Press('1', 60, 200);
        Assert.That(stream.Told, Has.Count.EqualTo(expected + 1));
    }

    // In ms from the beginning of the key, 15 s long; at 8 kHz it goes on in a second segment at 8.19 s, at 48 kHz in ten more.
    [TestCase(8000, 5000, 120)]
    [TestCase(8000, 5000, 1500)]
    [TestCase(8000, 2000, 4000)]
    [TestCase(8000, 7900, 600)]
    [TestCase(8000, 8100, 120)]
    [TestCase(8000, 200, 120)]
    [TestCase(8000, 14000, 900)]
    [TestCase(48000, 5000, 120)]
    [TestCase(48000, 1200, 300)]
    [TestCase(48000, 14000, 900)]
    public void KeyHeldForLong_WithAHole_IsToldOnce(int clock, int hole, int length)
    {
        using var stream = new EventStream(clock, payloadType: clock == 8000 ? (byte)101 : (byte)102);
        stream.IsLost = number => number * 20 >= hole && number * 20 < hole + length;
        stream.Press('5', 15_000, 500);
        Assert.That(stream.Digits, Is.EqualTo("5"));
        stream.IsLost = _ => false;
        stream.Press('5', 100, 500);
        Assert.That(stream.Digits, Is.EqualTo("55"), "pressed again it is another one");
    }

    [Test]
    public void KeyHeldForLong_HasItsLength()
    {
        using var stream = new EventStream();
        stream.Press('5', 15_000);
        Assert.That(stream.Told.Single().Duration, Is.EqualTo(TimeSpan.FromSeconds(15)));
    }

    // A phone whose audio is at 48 kHz, and whose events are told at 8: timestamps run by the audio (RFC 4733 §2.1).
    [TestCase(100)]
    [TestCase(15_000)]
    public void DurationsAtEightKilohertz_UnderTimestampsAtFortyEight_AreRight(int milliseconds)
    {
        using var stream = new EventStream(8000, 48_000);
        stream.Press('5', milliseconds);
        stream.Press('6', 100);
        Assert.That(stream.Digits, Is.EqualTo("56"));
        Assert.That(stream.Told[0].Duration, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.That(stream.Told[1].Duration, Is.EqualTo(TimeSpan.FromMilliseconds(100)));
    }

    [Test]
    public void TwoPayloadTypes_EachHasItsClock()
    {
        using var stream = new EventStream(48_000, 48_000, payloadType: 102);
        stream.Press('5', 100);
        Assert.That(stream.Told.Single().Duration, Is.EqualTo(TimeSpan.FromMilliseconds(100)));
    }

    // The change comes before this packet of the key, which has ten; the last three of them are its ends.
    [Test]
    public void ReceiverThatChangesDuringAKey_TellsItOnce([Range(0, 10)] int at, [Values] bool anotherSource)
    {
        using var stream = new EventStream();
        stream.Press('1', 100);
        stream.Press('5', 160, 300, packet =>
        {
            if (packet != at)
                return;
            stream.ChangeReceiver();
            if (anotherSource)
                stream.Ssrc++;
        });
        stream.Press('5', 100, 300);
        Assert.That(stream.Digits, Is.EqualTo("155"));
    }

    [Test]
    public void KeysThatWait_SurviveAChangeOfTheReceiver()
    {
        using var stream = new EventStream();
        stream.Press('1', 100, 0);
        stream.Press('2', 100, 0, packet =>
        {
            if (packet == 4)
                stream.ChangeReceiver();
        });
        stream.Press('3', 100);
        Assert.That(stream.Digits, Is.EqualTo("123"));
    }
}
