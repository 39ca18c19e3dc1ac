using Atm0s.Sip.Media.ComfortNoise;

namespace Atm0s.Sip.Media.Tests.ComfortNoise;

[TestFixture]
[Property("rfc", "3389-3")]
public class ComfortNoiseGeneratorTests
{
    [Test]
    public void Generate_LevelAlone_IsWhiteNoiseOfThatLevel([Values(8000, 16000, 48000)] int rate, [Values(25, 40, 60, 78)] int level)
    {
        var pcm = Generate(rate, 2 * rate, (byte)level);

        Assert.That(Noise.Level(pcm), Is.EqualTo(-level).Within(0.5));
        Assert.That(Noise.Bands(pcm, 4), Is.All.EqualTo(-6).Within(0.7));
    }

    [TestCase(0, 25)]
    [TestCase(100, 200)]
    [TestCase(12, 254, 3, 251, 10, 240, 20, 200, 127, 127, 127, 100)]
    public void Generate_AnyCoefficients_KeepTheLevel(params int[] indices)
    {
        var pcm = Generate(8000, 80_000, [40, .. indices.Select(i => (byte)i)]);

        Assert.That(Noise.Level(pcm), Is.EqualTo(-40).Within(1));
    }

    [Test]
    public void Generate_FirstCoefficientBelowZero_IsLow()
    {
        // k = -0.9: y(n) = x(n) + 0.9 y(n-1).
        var low = Noise.Bands(Generate(8000, 16_000, 40, 13), 4);
        var high = Noise.Bands(Generate(8000, 16_000, 40, 241), 4);

        Assert.That(low, Is.Ordered.Descending);
        Assert.That(low[0] - low[3], Is.GreaterThan(16));
        Assert.That(high.Reverse(), Is.EqualTo(low).Within(2.5));
    }

    [Test]
    public void Update_OtherLevel_IsReachedWithin60MsWithoutAStep()
    {
        var generator = new ComfortNoiseGenerator(8000);
        generator.Update([60]);
        var pcm = new short[8000];
        generator.Generate(pcm.AsSpan(0, 4000));
        generator.Update([40]);
        generator.Generate(pcm.AsSpan(4000));

        // 20 dB in small moves: each millisecond at most 0.9 of a tenth more than the one before.
        Assert.That(Noise.Level(pcm.AsSpan(3000, 1000)), Is.EqualTo(-60).Within(0.7));
        Assert.That(Noise.Level(pcm.AsSpan(4000, 16)), Is.LessThan(-48));
        Assert.That(Noise.Level(pcm.AsSpan(4480, 1600)), Is.EqualTo(-40).Within(0.7));
    }

    [Test]
    public void Generate_BeforeAnyUpdateOrAfterLevel127_IsSilence()
    {
        var generator = new ComfortNoiseGenerator(8000);
        var pcm = new short[1600];
        pcm.AsSpan().Fill(77);
        generator.Generate(pcm);
        Assert.That(pcm, Is.All.Zero);

        generator.Update([40]);
        generator.Generate(pcm);
        generator.Update([]);
        generator.Generate(pcm);
        Assert.That(Noise.Level(pcm), Is.EqualTo(-40).Within(1), "an empty payload changes nothing");
        generator.Update([127, 0, 254]);
        generator.Generate(pcm);
        generator.Generate(pcm);
        Assert.That(pcm, Is.All.Zero);
    }

    [Test]
    public void Update_HighestBitOrReservedIndex_AreIgnored()
    {
        // §3.1: the bit is unused; §3.2: 255 is reserved.
        var plain = Generate(8000, 4000, 40, 127, 30);
        var odd = Generate(8000, 4000, 0x80 | 40, 255, 30);

        Assert.That(odd, Is.EqualTo(plain));
    }

    [Test]
    public void Update_Garbage_NeverMakesItLouderThanTold()
    {
        var random = new Random(5);
        var generator = new ComfortNoiseGenerator(8000);
        var pcm = new short[400];
        for (var i = 0; i < 3000; i++)
        {
            var sid = new byte[random.Next(0, 40)];
            random.NextBytes(sid);
            if (sid.Length > 0)
                sid[0] = (byte)random.Next(40, 256);
            if ((sid.Length == 0 ? 127 : sid[0] & 0x7F) < 40)
                sid[0] = 50;
            generator.Update(sid);
            generator.Generate(pcm.AsSpan(0, random.Next(0, 401)));
            Assert.That(Tone.Rms(pcm), Is.LessThan(327.68 * 4));
        }
    }

    [Test]
    public void Generate_Warm_AllocatesNothing()
    {
        var generator = new ComfortNoiseGenerator(8000);
        var pcm = new short[160];
        var sid = new byte[] { 50, 100, 140, 120 };

        Assert.That(AllocationMeter.Measure(() =>
        {
            generator.Update(sid);
            generator.Generate(pcm);
        }), Is.Zero);
    }

    [Test]
    public void Constructor_OtherRate_Throws() =>
        Assert.That(() => new ComfortNoiseGenerator(44100), Throws.TypeOf<ArgumentOutOfRangeException>());

    private static short[] Generate(int rate, int samples, params byte[] sid)
    {
        var generator = new ComfortNoiseGenerator(rate);
        generator.Update(sid);
        generator.Generate(new short[rate / 5]);
        var pcm = new short[samples];
        generator.Generate(pcm);
        return pcm;
    }
}
