using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Tests.Mixing;

public sealed class AutomaticGainTests
{
    [TestCase(-30, +10), TestCase(-20, 0), TestCase(-14, -6), TestCase(-60, +15), TestCase(-3, -9)]
    public void Gain_GoesToWhatTheVoiceLacks_WithinItsBounds(int level, double decibels)
    {
        var gain = new AutomaticGain();
        for (var i = 0; i < 500; i++)
            gain.Follow(Energy(level));
        Assert.That(gain.Decibels, Is.EqualTo(decibels).Within(0.1));
        Assert.That(gain.Factor, Is.EqualTo(AudioGain.ToFactor(decibels)).Within(50));
    }

    [Test]
    public void Gain_MovesByThreeDecibelsASecond()
    {
        var gain = new AutomaticGain();
        for (var i = 0; i < 50; i++)
            gain.Follow(Energy(-40));
        Assert.That(gain.Decibels, Is.EqualTo(3).Within(0.1));
    }

    [Test]
    public void SoftPhone_AndLoudPhone_AreHeardAlike()
    {
        using var world = new MediaWorld();
        var soft = world.AddPhone();
        var loud = world.AddPhone();
        var listener = world.AddPhone();
        (soft.Hz, soft.Decibels, soft.IsSpeaking) = (400, -27, true);
        (loud.Hz, loud.Decibels, loud.IsSpeaking) = (700, -12, true);
        soft.Leg.SetAutomaticGain(true);
        loud.Leg.SetAutomaticGain(true);

        world.Run(8);

        // A sine of -17 dBFS has -20 dBov.
        var levels = listener.Heard.End(TimeSpan.FromSeconds(0.5)).Measure(400, 700).Levels;
        Assert.That(levels[400], Is.EqualTo(-17).Within(1));
        Assert.That(levels[700], Is.EqualTo(-17).Within(1));
    }

    private static double Energy(double level) => 32768.0 * 32768.0 * Math.Pow(10, level / 10);
}
