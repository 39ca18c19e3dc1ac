using Atm0s.Sip.Media.Audio;

namespace Atm0s.Sip.Media.Tests.Audio;

public sealed class TalkDetectorTests
{
    private static readonly double Noise = Energy(-62);

    private readonly TalkDetector _detector = new();

    [SetUp]
    public void SetUp() => _detector.Restart();

    [TestCase(-50), TestCase(-30), TestCase(-10)]
    public void Voice_IsToldAtItsSecondFrame_AndForFourTenthsOfASecondAfterTheLast(int level)
    {
        Feed(Noise, 100);
        Assert.That(_detector.IsTalking, Is.False);
        Assert.That(_detector.Process(Energy(level)), Is.False);
        Assert.That(_detector.Process(Energy(level)), Is.True, "40 ms");
        Feed(Energy(level), 20);

        Feed(Noise, 19);
        Assert.That(_detector.IsTalking, Is.True, "a pause between words");
        Assert.That(_detector.Process(Noise), Is.True);
        Assert.That(_detector.IsTalking, Is.False);
    }

    // Of what nobody hears, one frame in four is decoded.
    [Test]
    public void EndIsToldInTime_WhenOnlySomeFramesAreKnown()
    {
        Feed(Noise, 100);
        Feed(Energy(-30), 20);
        for (var i = 0; i < 4; i++)
            Assert.That(_detector.Process(Noise, 4), Is.False);
        Assert.That(_detector.Process(Noise, 4), Is.True, "0.4 s");
        Assert.That(_detector.IsTalking, Is.False);
        Assert.That(_detector.Process(Energy(-30), 4), Is.False, "a click");
        Assert.That(_detector.Process(Noise, 4), Is.False);
        Assert.That(_detector.IsTalking, Is.False);
    }

    [Test]
    public void Click_IsNoTalk()
    {
        Feed(Noise, 50);
        Feed(Energy(-10), 1);
        Feed(Noise, 5);
        Assert.That(_detector.IsTalking, Is.False);
    }

    [Test]
    public void Noise_IsLearnt_AndVoiceAboveItIsHeard()
    {
        Feed(Energy(-48), 150); // a fan that was not there before
        Assert.That(_detector.IsTalking, Is.False);
        Feed(Energy(-35), 2);
        Assert.That(_detector.IsTalking, Is.True);
    }

    [Test]
    public void LoudSound_IsNeverTakenForNoise()
    {
        Feed(Energy(-25), 1000);
        Assert.That(_detector.IsTalking, Is.True);
    }

    [Test]
    public void Silence_IsNoTalk()
    {
        Feed(0, 100);
        Feed(Energy(-65), 100);
        Assert.That(_detector.IsTalking, Is.False);
    }

    private static double Energy(double level) => 32768.0 * 32768.0 * Math.Pow(10, level / 10);

    private void Feed(double energy, int frames)
    {
        for (var i = 0; i < frames; i++)
            _detector.Process(energy);
    }
}
