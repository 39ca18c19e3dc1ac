using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Dtmf;

namespace Atm0s.Sip.Media.Tests.Dtmf;

[TestFixture]
[Property("itu", "Q.24")]
public class InbandDtmfDetectorTests
{
    [TestCase(8000, 1000)]
    [TestCase(16000, 300)]
    [TestCase(48000, 100)]
    public void Process_KeysOf40MsInNoise15DbBelow_AreAllFoundOnce(int rate, int count)
    {
        var keys = KeyTones.Random(count);
        var tones = new KeyTones(rate)
        {
            SignalToNoise = 15,
            Level = r => Between(r, -20, -6),
            Twist = r => Between(r, -8, 4),
            Deviation = r => Between(r, -0.015, 0.015),
        };

        Assert.That(Listen(tones.Press(keys), rate).Digits, Is.EqualTo(keys));
    }

    [TestCase(-30, 0)]
    [TestCase(-27, -3)] // the column's at -30
    [TestCase(-26, 4)]
    [TestCase(-22, -8)]
    [TestCase(0, 0)]
    [TestCase(-4, 4)]
    public void Process_LevelsAtTheEdges_AreKeys(double level, double twist)
    {
        var keys = KeyTones.Random(100);
        var tones = new KeyTones(8000) { Level = _ => level, Twist = _ => twist, Deviation = r => r.Next(2) == 0 ? -0.015 : 0.015 };

        Assert.That(Listen(tones.Press(keys)).Digits, Is.EqualTo(keys));
    }

    [TestCase(-37, 0)]
    [TestCase(-12, 8)]
    [TestCase(-12, -12)]
    public void Process_LevelsBeyondTheEdges_AreNoKeys(double level, double twist)
    {
        var tones = new KeyTones(8000) { Level = _ => level, Twist = _ => twist, Tone = 80 };

        Assert.That(Listen(tones.Press(KeyTones.Random(100))).Digits, Is.Empty);
    }

    [TestCase(0.035)]
    [TestCase(-0.035)]
    [TestCase(0.05)]
    public void Process_TonesOffByMoreThan3Percent_AreNoKeys(double deviation)
    {
        var both = new KeyTones(8000) { Deviation = _ => deviation, Tone = 200 };
        var turn = 0;
        var one = new KeyTones(8000) { Deviation = _ => turn++ % 2 == 0 ? deviation : 0, Tone = 200 };

        Assert.That(Listen(both.Press(KeyTones.Random(100))).Digits, Is.Empty);
        Assert.That(Listen(one.Press(KeyTones.Random(100))).Digits, Is.Empty);
    }

    [Test]
    public void Process_TonesOf20Ms_AreNoKeys()
    {
        var tones = new KeyTones(8000) { Tone = 20, Pause = 60 };

        Assert.That(Listen(tones.Press(KeyTones.Random(200))).Digits, Is.Empty);
    }

    [TestCase(40)]
    [TestCase(100)]
    [TestCase(600)]
    public void Process_KeysOfKnownLength_TellItWithin10Ms(int milliseconds)
    {
        var keys = KeyTones.Random(50);
        var tones = new KeyTones(8000) { Tone = milliseconds, SignalToNoise = 25 };

        var (digits, durations) = Listen(tones.Press(keys));

        Assert.That(digits, Is.EqualTo(keys));
        Assert.That(durations.Select(d => d.TotalMilliseconds), Is.All.EqualTo(milliseconds).Within(10));
    }

    [Test]
    public void Process_BreakOf10MsWithinATone_IsOneKey([Range(0, 79, 7)] int offset)
    {
        var pcm = new KeyTones(8000) { Tone = 200 }.Press("5");
        pcm.AsSpan(640 + offset, 80).Clear();

        Assert.That(Listen(pcm).Digits, Is.EqualTo("5"));
    }

    [Test]
    public void Process_SameKeyAfter40MsOfPause_IsTwoKeys([Range(0, 79, 7)] int offset)
    {
        var pcm = new KeyTones(8000) { Tone = 200 }.Press("5");
        pcm.AsSpan(640 + offset, 320).Clear();

        Assert.That(Listen(pcm).Digits, Is.EqualTo("55"));
    }

    [Test]
    public void Process_KeyAfterKeyWithoutAPause_IsBoth()
    {
        var tones = new KeyTones(8000) { Tone = 60, Pause = 0 };

        Assert.That(Listen(tones.Press("1592#")).Digits, Is.EqualTo("1592#"));
    }

    [Test]
    public void Process_ThroughG711_IsTheSame()
    {
        var keys = KeyTones.Random(200);
        var pcm = new KeyTones(8000) { Level = r => Between(r, -27, -5), SignalToNoise = 20 }.Press(keys);
        var codes = new byte[pcm.Length];

        MuLaw.Encode(pcm, codes);
        MuLaw.Decode(codes, pcm);

        Assert.That(Listen(pcm).Digits, Is.EqualTo(keys));
    }

    [Test]
    public void Process_Speech_IsNoKey()
    {
        var speech = TestData.ReadPcm("speech", "speech_8k.pcm");

        for (var speed = 0.6; speed < 1.8; speed += 0.07)
            Assert.That(Listen(AtSpeed(speech, speed)).Digits, Is.Empty, $"at speed {speed}");
        foreach (var offset in new[] { 5003, 20_011, 41_017 })
        {
            var both = Mix(speech, [.. speech[offset..], .. speech[..offset]]);
            Assert.That(Listen(both).Digits, Is.Empty, $"mixed with itself {offset} later");
        }
    }

    [Test]
    public void Process_VoicesOfEveryPitch_AreNoKey()
    {
        for (var pitch = 70.0; pitch < 420; pitch *= 1.02)
            Assert.That(Listen(Tone.MakeVoice(8000, 8000, pitch, syllables: true)).Digits, Is.Empty, $"at {pitch} Hz");
    }

    [Test]
    public void Process_ChordsOfInstruments_AreNoKey()
    {
        var random = new Random(11);
        for (var i = 0; i < 400; i++)
        {
            var chord = new double[3200];
            for (var voice = random.Next(1, 4); voice > 0; voice--)
            {
                // A tempered scale; overtones that get weaker, as strings have them.
                var pitch = 110 * Math.Pow(2, random.Next(0, 36) / 12.0);
                for (var n = 1; n <= 8 && n * pitch < 3900; n++)
                {
                    for (var s = 0; s < chord.Length; s++)
                        chord[s] += 6000.0 / n * Math.Sin((2 * Math.PI * n * pitch * s / 8000) + (n * voice));
                }
            }

            var loudest = chord.Max(Math.Abs);
            Assert.That(Listen([.. chord.Select(s => (short)(s * 12_000 / loudest))]).Digits, Is.Empty, $"chord {i}");
        }
    }

    [TestCase(350, 440)] // dial tones, ringing, busy
    [TestCase(425, 425)]
    [TestCase(440, 480)]
    [TestCase(480, 620)]
    [TestCase(697, 770)] // two of one group
    [TestCase(697, 697)]
    [TestCase(1336, 1477)]
    [TestCase(2100, 1100)] // answer tone, fax
    public void Process_TonesOfTheNetwork_AreNoKey(int first, int second)
    {
        var pcm = Mix(Tone.Make(first, 8000, 16_000, 5000), Tone.Make(second, 8000, 16_000, 5000));

        Assert.That(Listen(pcm).Digits, Is.Empty);
    }

    [Test]
    public void IsPressed_KeyUnderWay_IsToldAtItsEnd()
    {
        var detector = new InbandDtmfDetector(8000);
        var pcm = new KeyTones(8000) { Tone = 200, Pause = 100 }.Press("7");

        detector.Process(pcm.AsSpan(0, 320));
        Assert.That(detector.IsPressed);
        Assert.That(detector.TryRead(out _), Is.False);
        detector.Process(pcm.AsSpan(320));

        Assert.That(detector.IsPressed, Is.False);
        Assert.That(detector.TryRead(out var key));
        Assert.That((key.Event, key.Digit), Is.EqualTo(((byte)7, '7')));
    }

    [Test]
    public void Restart_KeyUnderWay_EndsIt()
    {
        var detector = new InbandDtmfDetector(8000);
        detector.Process(new KeyTones(8000) { Tone = 200 }.Press("#").AsSpan(0, 800));

        detector.Restart();

        Assert.That(detector.TryRead(out var key) && key.Digit == '#');
        Assert.That(detector.IsPressed, Is.False);
    }

    [Test]
    public void TryRead_NobodyReads_KeepsTheLast16()
    {
        var keys = KeyTones.Random(40);

        var detector = new InbandDtmfDetector(8000);
        detector.Process(new KeyTones(8000).Press(keys + "1"));

        var read = "";
        while (detector.TryRead(out var key))
            read += key.Digit;
        Assert.That((keys + "1").Contains(read) && read.Length == 16);
        Assert.That(keys + "1", Does.EndWith(read));
    }

    [Test]
    public void Process_FramesOfAnyLengthAndNoise_NeverThrow()
    {
        var random = new Random(6);
        var detector = new InbandDtmfDetector(16000);
        for (var i = 0; i < 2000; i++)
        {
            var frame = new short[random.Next(0, 1500)];
            for (var n = 0; n < frame.Length; n++)
                frame[n] = (short)random.Next(short.MinValue, short.MaxValue + 1);
            detector.Process(frame);
        }

        Assert.That(detector.TryRead(out _), Is.False);
    }

    [Test]
    public void Process_Warm_AllocatesNothing()
    {
        var detector = new InbandDtmfDetector(8000);
        var pcm = new KeyTones(8000) { Tone = 60, Pause = 60 }.Press("12");
        var read = 0;

        var allocated = AllocationMeter.Measure(() =>
        {
            detector.Process(pcm);
            while (detector.TryRead(out _))
                read++;
        });

        Assert.That((allocated, read), Is.EqualTo((0L, 500)));
    }

    private static (string Digits, List<TimeSpan> Durations) Listen(short[] pcm, int rate = 8000)
    {
        var detector = new InbandDtmfDetector(rate);
        var digits = "";
        var durations = new List<TimeSpan>();
        foreach (var frame in pcm.Chunk(rate / 50))
        {
            detector.Process(frame);
            Read();
        }

        detector.Restart();
        Read();
        return (digits, durations);

        void Read()
        {
            while (detector.TryRead(out var key))
            {
                digits += key.Digit;
                durations.Add(key.Duration);
            }
        }
    }

    private static double Between(Random random, double from, double to) => from + ((to - from) * random.NextDouble());

    private static short[] AtSpeed(short[] pcm, double speed)
    {
        var result = new short[(int)((pcm.Length - 1) / speed)];
        for (var i = 0; i < result.Length; i++)
        {
            var at = (int)(i * speed);
            var between = (i * speed) - at;
            result[i] = (short)((pcm[at] * (1 - between)) + (pcm[at + 1] * between));
        }

        return result;
    }

    private static short[] Mix(short[] a, short[] b) =>
        [.. a.Zip(b, (x, y) => (short)Math.Clamp(x + y, short.MinValue, short.MaxValue))];
}
