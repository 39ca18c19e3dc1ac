using System.Buffers.Binary;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.L16;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Codecs.L16;

[TestFixture]
[Property("rfc", "3551-4.5.11")]
public class L16CodecTests
{
    private static readonly L16Codec[] All = [L16Codec.Rate8000, L16Codec.Rate16000, L16Codec.Rate48000];

    [TestCaseSource(nameof(All))]
    public void Codec_SdpFigures_AreThoseOfTheProfile(L16Codec codec)
    {
        Assert.That((codec.Name, codec.StaticPayloadType, codec.Channels), Is.EqualTo(("L16", -1, 1)));
        Assert.That((codec.ClockRate, codec.FormatParameters), Is.EqualTo((codec.SampleRate, (string?)null)));
    }

    [TestCase(8000, 20, 20)]
    [TestCase(8000, 60, 60)]
    [TestCase(16000, 20, 20)]
    [TestCase(16000, 60, 30)] // 40 ms have 1280 bytes
    [TestCase(48000, 10, 10)]
    [TestCase(48000, 20, 10)] // 20 ms have 1920 bytes
    [TestCase(48000, 60, 10)]
    public void ClosestPacketTime_OfEachRate_FitsADatagram(int rate, int wanted, int milliseconds)
    {
        var codec = All.Single(c => c.SampleRate == rate);

        var packetTime = codec.ClosestPacketTime(new AudioEncoderSettings(TimeSpan.FromMilliseconds(wanted)));

        Assert.That(packetTime, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.That(rate / 1000 * milliseconds * 2, Is.LessThanOrEqualTo(1275));
    }

    [Test]
    public void RtpSender_48KilohertzInPacketsOf20Ms_SendsTwoOf10MsInstead()
    {
        using var sender = new RtpSender(new RtpFormat(97, L16Codec.Rate48000), TimeSpan.FromMilliseconds(20), 1, 1, 0);
        var datagram = new byte[1500];
        var lengths = new List<int>();

        Assert.That(sender.Write(Tone.Make(440, 48000, 960, 8000)), Is.EqualTo(2));
        while (sender.TryTake(datagram, out var length))
            lengths.Add(length);

        Assert.That(lengths, Is.EqualTo(new[] { 972, 972 }));
    }

    [Test]
    public void Encode_Samples_AreBigEndian()
    {
        using var encoder = L16Codec.Rate8000.CreateEncoder(AudioEncoderSettings.Default);
        var octets = new byte[8];

        Assert.That(encoder.Encode([0x1234, -2, short.MinValue], octets), Is.EqualTo(6));

        Assert.That(octets, Is.EqualTo(new byte[] { 0x12, 0x34, 0xFF, 0xFE, 0x80, 0x00, 0, 0 }));
    }

    [Test]
    public void Decode_EveryLengthUpToTheLargestDatagram_IsEachSample()
    {
        var random = new Random(3);
        var octets = new byte[1501];
        random.NextBytes(octets);
        var pcm = new short[800];
        for (var length = 2; length <= 1500; length++)
        {
            using var decoder = L16Codec.Rate48000.CreateDecoder();
            // One byte off, so that the samples are not aligned.
            var payload = octets.AsSpan(1, length);

            Assert.That(decoder.Decode(payload, pcm), Is.EqualTo(length / 2));
            for (var i = 0; i < length / 2; i++)
            {
                if (pcm[i] != BinaryPrimitives.ReadInt16BigEndian(payload[(2 * i)..]))
                    Assert.Fail($"sample {i} of {length} bytes");
            }
        }
    }

    [Test]
    public void Decode_ShortBufferOrTooShortPayload_DropsTheRestOrRefuses()
    {
        using var decoder = L16Codec.Rate16000.CreateDecoder();

        Assert.That(decoder.Decode(new byte[640], new short[100]), Is.EqualTo(100));
        Assert.That(decoder.Decode([], new short[100]), Is.EqualTo(-1));
        Assert.That(decoder.Decode([1], new short[100]), Is.EqualTo(-1));
    }

    [Test]
    public void Encode_OutputTooShort_WritesNothing()
    {
        using var encoder = L16Codec.Rate48000.CreateEncoder(AudioEncoderSettings.Default);

        Assert.That(encoder.Encode(new short[960], new byte[1919]), Is.Zero);
        Assert.That(encoder.Encode(new short[480], new byte[1440]), Is.EqualTo(960));
    }

    [TestCaseSource(nameof(All))]
    public void Conceal_AfterTone_ContinuesIt(L16Codec codec)
    {
        using var encoder = codec.CreateEncoder(AudioEncoderSettings.Default);
        using var decoder = codec.CreateDecoder();
        var frame = codec.SampleRate / 100;
        var tone = Tone.Make(200, codec.SampleRate, 12 * frame, 8000);
        var payload = new byte[frame * 2];
        var pcm = new short[frame];
        for (var i = 0; i < 10; i++)
        {
            encoder.Encode(tone.AsSpan(i * frame, frame), payload);
            decoder.Decode(payload, pcm);
        }

        decoder.Conceal(pcm, default);

        Assert.That(Tone.SignalToErrorDb(tone.AsSpan(10 * frame, frame), pcm), Is.GreaterThan(20));
    }

    [TestCaseSource(nameof(All))]
    public void DecoderAndEncoder_Warm_AllocateNothing(L16Codec codec)
    {
        using var encoder = codec.CreateEncoder(AudioEncoderSettings.Default);
        using var decoder = codec.CreateDecoder();
        var pcm = Tone.Make(400, codec.SampleRate, codec.SampleRate / 100, 9000);
        var payload = new byte[pcm.Length * 2];
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
