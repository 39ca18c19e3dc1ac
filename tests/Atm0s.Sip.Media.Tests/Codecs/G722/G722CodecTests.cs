using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.G722;

namespace Atm0s.Sip.Media.Tests.Codecs.G722;

[TestFixture]
public class G722CodecTests
{
    private const int Frame = 320;
    private const int Delay = 22; // of both filters together

    private static readonly IAudioCodec Codec = G722Codec.Instance;

    [Test]
    [Property("rfc", "3551-4.5.2")]
    public void Codec_SdpFigures_AreThoseOfTheProfile()
    {
        Assert.That((Codec.Name, Codec.StaticPayloadType, Codec.ClockRate, Codec.Channels), Is.EqualTo(("G722", 9, 8000, 1)));
        Assert.That((Codec.SampleRate, Codec.FormatParameters), Is.EqualTo((16000, (string?)null)));
    }

    [TestCase(300)]
    [TestCase(1000)]
    [TestCase(3000)]
    [TestCase(6500)]
    public void Decode_EncodedTone_IsTheTone(int frequency)
    {
        var pcm = Tone.Make(frequency, 16000, 10 * Frame, 8000);

        var back = RoundTrip(pcm);

        Assert.That(Tone.Db(Tone.Measure(back.AsSpan(Frame, 8 * Frame), frequency, 16000).Amplitude / 8000), Is.EqualTo(0).Within(0.5));
        var ratio = Tone.SignalToErrorDb(pcm.AsSpan(Frame, 8 * Frame), back.AsSpan(Frame + Delay, 8 * Frame));
        Assert.That(ratio, Is.GreaterThan(frequency > 4000 ? 12 : 20));
    }

    [Test]
    public void Decode_ShortBuffer_DropsTheRestAndStaysInStep()
    {
        var octets = TestData.Read("g722", "speech.g722");
        using var whole = Codec.CreateDecoder();
        using var cut = Codec.CreateDecoder();
        var (a, b) = (new short[Frame], new short[Frame]);

        whole.Decode(octets.AsSpan(0, 160), a);
        Assert.That(cut.Decode(octets.AsSpan(0, 160), b.AsSpan(0, 101)), Is.EqualTo(100));
        Assert.That(b[..100], Is.EqualTo(a[..100]));
        whole.Decode(octets.AsSpan(160, 160), a);
        cut.Decode(octets.AsSpan(160, 160), b);

        Assert.That(b, Is.EqualTo(a));
    }

    [Test]
    public void Decode_EmptyPayload_IsRefused()
    {
        using var decoder = Codec.CreateDecoder();

        Assert.That(decoder.Decode([], new short[Frame]), Is.EqualTo(-1));
    }

    [Test]
    public void Encode_OutputTooShort_WritesNothingAndForgetsTheFrame()
    {
        using var encoder = Codec.CreateEncoder();
        using var fresh = Codec.CreateEncoder();
        var speech = TestData.ReadPcm("g722", "speech.pcm").AsSpan();
        var (a, b) = (new byte[160], new byte[160]);

        Assert.That(encoder.Encode(speech[..Frame], a.AsSpan(0, 159)), Is.Zero);
        encoder.Encode(speech[Frame..(2 * Frame)], a);
        fresh.Encode(speech[Frame..(2 * Frame)], b);

        Assert.That(a, Is.EqualTo(b));
    }

    [Test]
    public void Conceal_AfterTone_ContinuesIt()
    {
        var tone = Tone.Make(200, 16000, 8 * Frame, 8000);
        using var encoder = Codec.CreateEncoder();
        using var decoder = Codec.CreateDecoder();
        var payload = new byte[160];
        var pcm = new short[Frame];
        for (var i = 0; i < 6; i++)
        {
            encoder.Encode(tone.AsSpan(i * Frame, Frame), payload);
            decoder.Decode(payload, pcm);
        }

        decoder.Conceal(pcm, default);

        Assert.That(Tone.SignalToErrorDb(tone.AsSpan((6 * Frame) - Delay, Frame / 2), pcm.AsSpan(0, Frame / 2)), Is.GreaterThan(15));
    }

    [Test]
    public void Decode_AfterGarbageAndLoss_FindsBackToTheEncoder()
    {
        var octets = TestData.Read("g722", "speech.g722");
        var clean = TestData.ReadPcm("g722", "speech.decoded.pcm");
        var random = new Random(9);
        for (var round = 0; round < 50; round++)
        {
            using var decoder = Codec.CreateDecoder();
            var pcm = new short[3000];
            for (var i = 0; i < 40; i++)
            {
                var garbage = new byte[random.Next(1, 1500)];
                random.NextBytes(garbage);
                if (random.Next(4) == 0)
                    decoder.Conceal(pcm.AsSpan(0, random.Next(pcm.Length)), default);
                else
                    decoder.Decode(garbage, pcm.AsSpan(0, random.Next(pcm.Length)));
            }

            var back = new short[clean.Length];
            decoder.Decode(octets, back);

            // Half a second later the garbage is forgotten.
            Assert.That(Tone.SignalToErrorDb(clean.AsSpan(8000), back.AsSpan(8000)), Is.GreaterThan(25));
        }
    }

    [Test]
    public void DecoderAndEncoder_Warm_AllocateNothing()
    {
        using var encoder = Codec.CreateEncoder();
        using var decoder = Codec.CreateDecoder();
        var pcm = Tone.Make(400, 16000, Frame, 9000);
        var payload = new byte[160];
        var round = 0;

        var allocated = AllocationMeter.Measure(() =>
        {
            encoder.Encode(pcm, payload);
            if (++round % 3 == 0)
                decoder.Conceal(pcm, payload);
            else
                decoder.Decode(payload, pcm);
        });

        Assert.That(allocated, Is.Zero);
    }

    private static short[] RoundTrip(short[] pcm)
    {
        using var encoder = Codec.CreateEncoder();
        using var decoder = Codec.CreateDecoder();
        var payload = new byte[pcm.Length / 2];
        var back = new short[pcm.Length];
        encoder.Encode(pcm, payload);
        decoder.Decode(payload, back);
        return back;
    }
}
