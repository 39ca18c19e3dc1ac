using Atm0s.Sip.Media.ComfortNoise;

namespace Atm0s.Sip.Media.Tests.ComfortNoise;

[TestFixture]
[Property("rfc", "3389-3")]
public class ComfortNoiseEncoderTests
{
    [TestCase(-20)]
    [TestCase(-43)]
    [TestCase(-70)]
    public void Encode_Noise_TellsItsLevel(double level)
    {
        var sid = Describe(8000, Noise.Make(8000, level));

        Assert.That(sid, Has.Length.EqualTo(11));
        Assert.That(sid[0], Is.EqualTo(-level).Within(1));
    }

    [Test]
    public void Encode_NoiseOfKnownModel_TellsItsReflectionCoefficients()
    {
        // 1 / (1 - 1.2 z^-1 + 0.5 z^-2): k2 = 0.5, k1 = -1.2 / (1 + 0.5) = -0.8.
        var sid = Describe(8000, Noise.Make(80_000, -30, -1.2, 0.5));

        // §3.2: 258 (N - 127) / 32768.
        Assert.That(258 * (sid[1] - 127) / 32768.0, Is.EqualTo(-0.8).Within(0.05));
        Assert.That(258 * (sid[2] - 127) / 32768.0, Is.EqualTo(0.5).Within(0.1));
        Assert.That(sid[3..].Select(n => 258 * (n - 127) / 32768.0), Is.All.EqualTo(0).Within(0.15));
    }

    [TestCase(8000, -0.9, 0.0)]     // low
    [TestCase(8000, 0.9, 0.0)]      // high
    [TestCase(8000, 0.0, 0.8)]      // in the middle
    [TestCase(16000, -1.5, 0.8)]    // a hum of the room
    public void EncodeAndGenerate_ColouredNoise_KeepsLevelAndBands(int rate, double a1, double a2)
    {
        var noise = Noise.Make(2 * rate, -45, a1, a2);
        var generator = new ComfortNoiseGenerator(rate);
        generator.Update(Describe(rate, noise));
        var copy = new short[2 * rate];
        generator.Generate(new short[rate / 5]);

        generator.Generate(copy);

        Assert.That(Noise.Level(copy), Is.EqualTo(-45).Within(1));
        Assert.That(Noise.Bands(copy, 8), Is.EqualTo(Noise.Bands(noise, 8)).Within(2.5));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(4)]
    [TestCase(40)]
    public void Encode_SidOfAnyLength_IsFilledAsFarAsThereIsToTell(int length)
    {
        var encoder = new ComfortNoiseEncoder(8000);

        Assert.That(encoder.Encode(Noise.Make(160, -40), new byte[length]), Is.EqualTo(Math.Min(length, 11)));
    }

    [Test]
    public void Encode_SilenceOrNothing_IsLevel127OrNothing()
    {
        var encoder = new ComfortNoiseEncoder(8000);
        var sid = new byte[11];

        Assert.That(encoder.Encode([], sid), Is.Zero);
        Assert.That(encoder.Encode(new short[160], sid), Is.EqualTo(1));
        Assert.That(sid[0], Is.EqualTo(127));
    }

    [Test]
    public void Encode_OneLoudFrameAmongMany_HardlyChangesTheColour()
    {
        var encoder = new ComfortNoiseEncoder(8000);
        var (before, after) = (new byte[11], new byte[11]);
        foreach (var frame in Noise.Make(8000, -60, -0.9).Chunk(160))
            encoder.Encode(frame, before);

        encoder.Encode(Noise.Make(160, -20, 0.9), after);

        Assert.That(after[1] - before[1], Is.InRange(1, 70), "a quarter of the way from -0.9 to 0.9");
    }

    [Test]
    public void Encode_FramesOfAnyLengthAndExtremeSamples_GiveValidIndices()
    {
        var random = new Random(4);
        var encoder = new ComfortNoiseEncoder(48000);
        var sid = new byte[11];
        for (var i = 0; i < 2000; i++)
        {
            var pcm = new short[random.Next(0, 3000)];
            for (var n = 0; n < pcm.Length; n++)
                pcm[n] = random.Next(3) switch { 0 => short.MinValue, 1 => short.MaxValue, _ => (short)(i % 2) };
            var length = encoder.Encode(pcm, sid);
            Assert.That(sid[..length], Has.None.EqualTo(255));
        }
    }

    [Test]
    public void Encode_Warm_AllocatesNothing()
    {
        var encoder = new ComfortNoiseEncoder(8000);
        var noise = Noise.Make(160, -40);
        var sid = new byte[11];

        Assert.That(AllocationMeter.Measure(() => encoder.Encode(noise, sid)), Is.Zero);
    }

    private static byte[] Describe(int rate, short[] noise)
    {
        var encoder = new ComfortNoiseEncoder(rate);
        var sid = new byte[ComfortNoiseEncoder.MaxLength];
        foreach (var frame in noise.Chunk(rate / 50 * 5))
            encoder.Encode(frame, sid);
        return sid;
    }
}
