using Atm0s.Sip.Media.Dtmf;

namespace Atm0s.Sip.Media.Tests.Dtmf;

[TestFixture]
[Property("itu", "Q.23")]
public class InbandDtmfGeneratorTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(40);

    [TestCase('1', 697, 1209)]
    [TestCase('5', 770, 1336)]
    [TestCase('9', 852, 1477)]
    [TestCase('0', 941, 1336)]
    [TestCase('*', 941, 1209)]
    [TestCase('#', 941, 1477)]
    [TestCase('a', 697, 1633)]
    [TestCase('D', 941, 1633)]
    public void Generate_Key_HasItsTwoTonesAtTheirLevels(char key, int low, int high)
    {
        var pcm = Generate(8000, key.ToString(), Long, Short);

        // A window of whole periods does not exist; 160 ms are close enough.
        Assert.That(Dbm0(pcm.AsSpan(160, 1280), low), Is.EqualTo(-11).Within(0.2));
        Assert.That(Dbm0(pcm.AsSpan(160, 1280), high), Is.EqualTo(-9).Within(0.2));
        Assert.That(pcm, Has.Length.EqualTo(1600 + 320));
        Assert.That(pcm[1600..], Is.All.Zero);
    }

    [TestCase(8000)]
    [TestCase(16000)]
    [TestCase(48000)]
    public void Generate_EveryKey_IsHeardByTheDetector(int rate)
    {
        var detector = new InbandDtmfDetector(rate);
        detector.Process(Generate(rate, "0123456789*#ABCD", Short, Short));
        var read = "";

        while (detector.TryRead(out var key))
            read += key.Digit;

        Assert.That(read, Is.EqualTo("0123456789*#ABCD"));
    }

    [Test]
    public void Generate_StartAndEnd_MakeNoClick()
    {
        var pcm = Generate(8000, "9", Long, Short);

        Assert.That(pcm[0], Is.Zero);
        Assert.That(Math.Abs((int)pcm[1599]), Is.LessThan(60));
        for (var i = 1; i < 9; i++)
        {
            Assert.That(Math.Abs((int)pcm[i]), Is.LessThan(2000 * i));
            Assert.That(Math.Abs((int)pcm[1600 - i]), Is.LessThan(2000 * i));
        }
    }

    [Test]
    public void Generate_NothingToSend_LeavesTheFrame()
    {
        var generator = new InbandDtmfGenerator(8000);
        var frame = new short[160];
        frame.AsSpan().Fill(5);

        Assert.That(generator.Generate(frame), Is.False);
        Assert.That(frame, Is.All.EqualTo(5));
    }

    [Test]
    public void Generate_OddFrames_AreTheSameSamples()
    {
        var whole = Generate(8000, "42", Short, Short);
        var generator = new InbandDtmfGenerator(8000);
        generator.TryAdd("42", Short, Short);
        var pieces = new List<short>();
        var frame = new short[77];

        while (generator.Generate(frame))
            pieces.AddRange(frame);

        Assert.That(pieces.Take(whole.Length), Is.EqualTo(whole));
        Assert.That(pieces.Skip(whole.Length), Is.All.Zero);
    }

    [Test]
    public void TryAdd_TooManyOrWrong_TakesNone()
    {
        var generator = new InbandDtmfGenerator(8000);

        Assert.That(generator.TryAdd(new string('1', 64), Short, Short));
        Assert.That(generator.TryAdd("1", Short, Short), Is.False);
        Assert.That(() => generator.TryAdd("x", Short, Short), Throws.ArgumentException);
        generator.Clear();
        Assert.That(generator.Generate(new short[160]), Is.False);
        Assert.That(generator.TryAdd("1", Short, Short));
    }

    [Test]
    public void Generate_Warm_AllocatesNothing()
    {
        var generator = new InbandDtmfGenerator(8000);
        var frame = new short[160];
        generator.TryAdd(new string('7', 64), Long, Short);

        Assert.That(AllocationMeter.Measure(() => generator.Generate(frame)), Is.Zero);
        Assert.That(generator.Generate(frame));
    }

    private static short[] Generate(int rate, string digits, TimeSpan duration, TimeSpan gap)
    {
        var generator = new InbandDtmfGenerator(rate);
        Assert.That(generator.TryAdd(digits, duration, gap));
        var pcm = new List<short>();
        var frame = new short[rate / 50];
        while (generator.Generate(frame))
            pcm.AddRange(frame);
        return [.. pcm];
    }

    // 3.14 dBm0 is a sine at full scale.
    private static double Dbm0(ReadOnlySpan<short> pcm, int frequency) =>
        Tone.Db(Tone.Measure(pcm, frequency, 8000).Amplitude / 32768) + 3.14;
}
