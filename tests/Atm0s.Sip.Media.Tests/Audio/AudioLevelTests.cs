using Atm0s.Sip.Media.Audio;

namespace Atm0s.Sip.Media.Tests.Audio;

[TestFixture]
[Property("rfc", "6464-3")]
public class AudioLevelTests
{
    [TestCase(32767, 3)]   // a full-scale sine is 3.01 dB below a full-scale square
    [TestCase(3277, 23)]
    [TestCase(328, 43)]
    [TestCase(33, 63)]
    public void Measure_Sine_IsMinusDbov(int amplitude, int level)
    {
        Assert.That(AudioLevel.Measure(Tone.Make(1000, 48000, 960, amplitude)), Is.EqualTo(level));
    }

    [Test]
    public void Measure_Extremes_StayOnTheScale()
    {
        var full = Enumerable.Repeat(short.MinValue, 961).ToArray();
        var one = new short[960];
        one[3] = 1;

        Assert.That(AudioLevel.Measure(full), Is.Zero);
        Assert.That(AudioLevel.Measure(one), Is.EqualTo(120)); // 90.3 dB for one step, 29.8 dB for being alone
        Assert.That(AudioLevel.Measure(new short[960]), Is.EqualTo(127));
        Assert.That(AudioLevel.Measure([]), Is.EqualTo(127));
    }

    [Test]
    public void SumOfSquaresRmsAndPeak_EveryLength_AreExact([Values(0, 1, 7, 15, 16, 17, 33, 160, 959, 960)] int length)
    {
        var random = new Random(3);
        var pcm = new short[length];
        for (var i = 0; i < length; i++)
            pcm[i] = i % 5 == 0 ? short.MinValue : (short)random.Next(short.MinValue, short.MaxValue + 1);

        var sum = pcm.Sum(s => (long)s * s);
        Assert.That(AudioLevel.SumOfSquares(pcm), Is.EqualTo(sum));
        Assert.That(AudioLevel.Rms(pcm), Is.EqualTo(length == 0 ? 0 : Math.Sqrt((double)sum / length)).Within(1e-9));
        Assert.That(AudioLevel.Peak(pcm), Is.EqualTo(length == 0 ? 0 : 32768));
        Assert.That(AudioLevel.Peak(pcm.Where(s => s > -9999).ToArray()),
            Is.EqualTo(pcm.Where(s => s > -9999).Select(s => Math.Abs((int)s)).DefaultIfEmpty().Max()));
    }

    [Test]
    public void MeasureAndPeak_Warm_AllocateNothing()
    {
        var pcm = Tone.Make(1000, 48000, 960, 9000);

        Assert.That(AllocationMeter.Measure(() => _ = AudioLevel.Measure(pcm) + AudioLevel.Peak(pcm)), Is.Zero);
    }
}
