using Atm0s.Sip.Media.Codecs.G711;

namespace Atm0s.Sip.Media.Tests.Codecs.G711;

[TestFixture]
public class ALawTests
{
    private static readonly short[] AllSamples = [.. Enumerable.Range(short.MinValue, 65536).Select(s => (short)s)];
    private static readonly byte[] AllCodes = [.. Enumerable.Range(0, 256).Select(c => (byte)c)];

    private static IEnumerable<TestCaseData> Encoders()
    {
        yield return new TestCaseData((Coder)((ALaw.Encode))).SetArgDisplayNames("public");
        yield return new TestCaseData((Coder)((pcm, output) =>
        {
            ALaw.EncodeScalar(pcm, output);
            return pcm.Length;
        }))
            .SetArgDisplayNames("scalar");
        yield return new TestCaseData((Coder)(ALaw.EncodeVector128)).SetArgDisplayNames("128 bits");
        yield return new TestCaseData((Coder)(ALaw.EncodeVector256)).SetArgDisplayNames("256 bits");
    }

    private static IEnumerable<TestCaseData> Decoders()
    {
        yield return new TestCaseData((Decoder)(ALaw.Decode)).SetArgDisplayNames("public");
        yield return new TestCaseData((Decoder)((codes, pcm) =>
        {
            ALaw.DecodeScalar(codes, pcm);
            return codes.Length;
        }))
            .SetArgDisplayNames("scalar");
        yield return new TestCaseData((Decoder)(ALaw.DecodeVector128)).SetArgDisplayNames("128 bits");
        yield return new TestCaseData((Decoder)(ALaw.DecodeVector256)).SetArgDisplayNames("256 bits");
    }

    public delegate int Coder(ReadOnlySpan<short> pcm, Span<byte> output);

    public delegate int Decoder(ReadOnlySpan<byte> codes, Span<short> pcm);

    [TestCaseSource(nameof(Encoders))]
    [Property("itu", "G.711")]
    public void Encode_EverySample_EqualsTheRecommendation(Coder encode)
    {
        var expected = AllSamples.Select(s => Recommendation.ALaw.Encode(s)).ToArray();
        var actual = new byte[65536];

        Assert.That(encode(AllSamples, actual), Is.EqualTo(65536));
        Assert.That(actual, Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Decoders))]
    [Property("itu", "G.711")]
    public void Decode_EveryCode_EqualsTheRecommendation(Decoder decode)
    {
        var expected = AllCodes.Select(c => (short)Recommendation.ALaw.Decode(c)).ToArray();
        var actual = new short[256];

        Assert.That(decode(AllCodes, actual), Is.EqualTo(256));
        Assert.That(actual, Is.EqualTo(expected));
    }

    [Test]
    public void EncodeOfDecode_EveryCode_IsTheCode()
    {
        foreach (var code in AllCodes)
        {
            var again = ALaw.Encode(ALaw.Decode(code));
            Assert.That(again, Is.EqualTo(code), $"code {code}");
        }
    }

    [Test]
    public void Encode_MinusFullScale_IsFullScaleNegative()
    {
        Assert.That(ALaw.Decode(ALaw.Encode(short.MinValue)), Is.EqualTo(-32256));
        Assert.That(ALaw.Decode(ALaw.Encode(short.MaxValue)), Is.EqualTo(32256));
        Assert.That(ALaw.Encode(short.MinValue), Is.EqualTo(ALaw.Encode(-32767)));
    }

    [Test]
    public void EncodeAndDecode_EveryLength_TouchNoByteBehindIt([Range(0, 100)] int length)
    {
        var pcm = AllSamples.AsSpan(40_000, length);
        var codes = new byte[length + 8];
        Array.Fill(codes, (byte)0xA7);
        var back = new short[length + 8];
        Array.Fill(back, (short)1234);

        Assert.That(ALaw.Encode(pcm, codes), Is.EqualTo(length));
        Assert.That(ALaw.Decode(codes.AsSpan(0, length), back), Is.EqualTo(length));

        for (var i = 0; i < length; i++)
            Assert.That(codes[i], Is.EqualTo(ALaw.Encode(pcm[i])));
        for (var i = 0; i < length; i++)
            Assert.That(back[i], Is.EqualTo(ALaw.Decode(codes[i])));
        Assert.That(codes[length..], Is.All.EqualTo(0xA7));
        Assert.That(back[length..], Is.All.EqualTo(1234));
    }

    [Test]
    public void EncodeAndDecode_TargetTooShort_Throw()
    {
        Assert.That(() => ALaw.Encode(new short[160], new byte[159]), Throws.ArgumentException);
        Assert.That(() => ALaw.Decode(new byte[160], new short[159]), Throws.ArgumentException);
    }

    [Test]
    public void EncodeAndDecode_Warm_AllocateNothing()
    {
        var pcm = AllSamples[..160];
        var codes = new byte[160];

        Assert.That(AllocationMeter.Measure(() =>
        {
            ALaw.Encode(pcm, codes);
            ALaw.Decode(codes, pcm);
        }), Is.Zero);
    }
}
