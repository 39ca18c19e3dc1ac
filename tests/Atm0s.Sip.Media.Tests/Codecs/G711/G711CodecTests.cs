using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.G711;

namespace Atm0s.Sip.Media.Tests.Codecs.G711;

[TestFixture]
public class G711CodecTests
{
    private static readonly IAudioCodec[] Both = [PcmaCodec.Instance, PcmuCodec.Instance];

    [Test]
    [Property("rfc", "3551-6")]
    public void Codecs_SdpFigures_AreThoseOfTheProfile()
    {
        Assert.That((PcmaCodec.Instance.Name, PcmaCodec.Instance.StaticPayloadType), Is.EqualTo(("PCMA", 8)));
        Assert.That((PcmuCodec.Instance.Name, PcmuCodec.Instance.StaticPayloadType), Is.EqualTo(("PCMU", 0)));
        foreach (var codec in Both)
            Assert.That(
                (codec.ClockRate, codec.SampleRate, codec.Channels, codec.FormatParameters), Is.EqualTo((8000, 8000, 1, (string?)null)));
    }

    [TestCaseSource(nameof(Both))]
    public void Decode_EncodedTone_IsTheToneWithinTheLawsError(IAudioCodec codec)
    {
        using var encoder = codec.CreateEncoder();
        using var decoder = codec.CreateDecoder();
        var pcm = Tone.Make(1000, 8000, 160, 10_000);
        var payload = new byte[160];
        var back = new short[160];

        Assert.That(encoder.Encode(pcm, payload), Is.EqualTo(160));
        Assert.That(decoder.Decode(payload, back), Is.EqualTo(160));

        Assert.That(Tone.SignalToErrorDb(pcm, back), Is.GreaterThan(35));
    }

    [TestCaseSource(nameof(Both))]
    public void Decode_ShortBufferOrEmptyPayload_DropsTheRestOrRefuses(IAudioCodec codec)
    {
        using var decoder = codec.CreateDecoder();

        Assert.That(decoder.Decode(new byte[240], new short[160]), Is.EqualTo(160));
        Assert.That(decoder.Decode([], new short[160]), Is.EqualTo(-1));
    }

    [TestCaseSource(nameof(Both))]
    public void Encode_OutputTooShort_WritesNothing(IAudioCodec codec)
    {
        using var encoder = codec.CreateEncoder();

        Assert.That(encoder.Encode(new short[160], new byte[159]), Is.Zero);
    }

    [TestCaseSource(nameof(Both))]
    public void Conceal_AfterTone_ContinuesIt(IAudioCodec codec)
    {
        using var encoder = codec.CreateEncoder();
        using var decoder = codec.CreateDecoder();
        var tone = Tone.Make(200, 8000, 960, 8000);
        var payload = new byte[160];
        var pcm = new short[160];
        for (var at = 0; at < 800; at += 160)
        {
            encoder.Encode(tone.AsSpan(at, 160), payload);
            decoder.Decode(payload, pcm);
        }

        decoder.Conceal(pcm, default);

        Assert.That(Tone.SignalToErrorDb(tone.AsSpan(800, 80), pcm.AsSpan(0, 80)), Is.GreaterThan(20));
    }

    [TestCaseSource(nameof(Both))]
    public void DecoderAndEncoder_Warm_AllocateNothing(IAudioCodec codec)
    {
        using var encoder = codec.CreateEncoder();
        using var decoder = codec.CreateDecoder();
        var pcm = Tone.Make(400, 8000, 160, 9000);
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
}
