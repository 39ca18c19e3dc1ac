using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.G722;

namespace Atm0s.Sip.Media.Tests.Codecs.G722;

/// <summary>Octet for octet what ffmpeg makes of the same input; tests/data/g722/README.md says how the files were made.</summary>
[TestFixture]
[Property("itu", "G.722")]
public class G722VectorTests
{
    private static readonly IAudioCodec Codec = G722Codec.Instance;
    private static readonly int[] FrameMilliseconds = [10, 20, 30, 40, 60];

    [Test]
    public void Encode_Vector_IsBitExact(
        [Values("speech", "signals")] string vector, [ValueSource(nameof(FrameMilliseconds))] int milliseconds)
    {
        using var encoder = Codec.CreateEncoder();
        var pcm = TestData.ReadPcm("g722", vector + ".pcm").AsSpan();
        var octets = new byte[pcm.Length / 2];
        var at = 0;

        while (!pcm.IsEmpty)
        {
            var frame = pcm[..Math.Min(pcm.Length, milliseconds * 16)];
            at += encoder.Encode(frame, octets.AsSpan(at));
            pcm = pcm[frame.Length..];
        }

        Assert.That(octets, Is.EqualTo(TestData.Read("g722", vector + ".g722")));
    }

    [Test]
    public void Decode_Vector_IsBitExact(
        [Values("speech", "signals", "garbage")] string vector, [ValueSource(nameof(FrameMilliseconds))] int milliseconds)
    {
        using var decoder = Codec.CreateDecoder();
        var octets = TestData.Read("g722", vector + ".g722").AsSpan();
        var pcm = new short[octets.Length * 2];
        var at = 0;

        while (!octets.IsEmpty)
        {
            var payload = octets[..Math.Min(octets.Length, milliseconds * 8)];
            at += decoder.Decode(payload, pcm.AsSpan(at));
            octets = octets[payload.Length..];
        }

        Assert.That(pcm, Is.EqualTo(TestData.ReadPcm("g722", vector + ".decoded.pcm")));
    }
}
