using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Media.Tests.Codecs.Opus;

/// <summary>
/// What every Opus provider must do. Scenarios: SDP figures; encode and decode of all durations, mono and stereo; buffers too short;
/// DTX; expected loss; concealment of any length, with and without FEC; junk.
/// </summary>
[TestFixtureSource(typeof(OpusProviders), nameof(OpusProviders.All))]
public class OpusCodecContractTests(IOpusCodecProvider provider)
{
    private const int Frame = 960;
    private static readonly OpusEncoderOptions WithFec = new() { ExpectedLossPercent = 25 };

    [OneTimeSetUp]
    public void SkipWhatDoesNotLoad()
    {
        if (!provider.IsAvailable)
            Assert.Ignore($"{provider.Name} does not load: {provider.Status}");
    }

    [Test]
    [Property("rfc", "7587-7")]
    public void Codec_SdpFigures_AreThoseOfThePayloadFormat()
    {
        var codec = new OpusCodec(provider);

        Assert.That((codec.Name, codec.ClockRate, codec.Channels, codec.StaticPayloadType, codec.SampleRate),
            Is.EqualTo(("opus", 48000, 2, -1, 48000)));
        Assert.That(codec.FormatParameters, Does.Contain("useinbandfec=1").And.Contain("minptime=10"));
        Assert.That(provider.Version, Is.Not.Empty);
        Assert.That(provider.Status, Does.Contain(provider.Version!));
    }

    [Test]
    public void Decode_EncodedTone_IsTheTone()
    {
        var signal = Tone.Make(440, 48000, 50 * Frame, 8000);
        var packets = Encode(new OpusEncoderOptions(), signal);
        var decoded = Decode(packets);

        var (amplitude, _) = Tone.Measure(decoded.AsSpan(^24_000..), 440, 48000);
        var all = Tone.Rms(decoded.AsSpan(^24_000..));
        Assert.That(Tone.Db(amplitude / 8000), Is.EqualTo(0).Within(1));
        Assert.That(Tone.Db(amplitude / Math.Sqrt(2) / all), Is.GreaterThan(-0.1), "little but the tone");
    }

    [Test]
    public void Encode_Voice_KeepsTheBitrate([Values(12_000, 24_000, 64_000)] int bitrate)
    {
        var packets = Encode(new OpusEncoderOptions { Bitrate = bitrate, UseInBandFec = false }, Speech(200));

        var bits = packets.Skip(50).Average(p => p.Length) * 8 * 50;
        Assert.That(bits, Is.EqualTo(bitrate).Within(0.35 * bitrate));
    }

    [TestCase(120)]
    [TestCase(240)]
    [TestCase(480)]
    [TestCase(960)]
    [TestCase(1920)]
    [TestCase(2880)]
    [Property("rfc", "6716-2.1.4")]
    public void EncodeAndDecode_EveryFrameDuration_GiveItBack(int samples)
    {
        using var encoder = provider.CreateEncoder(new OpusEncoderOptions());
        using var decoder = provider.CreateDecoder();
        var (packet, pcm) = (new byte[1275], new short[OpusPacket.MaxSamples]);
        for (var i = 0; i < 5; i++)
        {
            var length = encoder.Encode(Tone.Make(300, 48000, samples, 9000, i * samples), packet);
            Assert.That(length, Is.InRange(3, 1275));
            Assert.That(decoder.Decode(packet.AsSpan(0, length), pcm), Is.EqualTo(samples));
        }

        Assert.That(Tone.Rms(pcm.AsSpan(0, samples)), Is.GreaterThan(2000));
    }

    [TestCase(4, 80)]
    [TestCase(5, 100)]
    [TestCase(6, 120)]
    [Property("rfc", "6716-3.2.5")]
    public void Decode_SeveralFramesInAPacket_DecodesAll(int frames, int milliseconds)
    {
        var signal = Speech(60);
        var packets = Encode(new OpusEncoderOptions(), signal);
        var apart = Decode(packets);
        var toc = packets[30][0];
        Assert.That(packets[30..(30 + frames)].Select(p => p[0]), Is.All.EqualTo(toc), "frames of one packet share a TOC");

        using var decoder = provider.CreateDecoder();
        var pcm = new short[OpusPacket.MaxSamples];
        foreach (var packet in packets[..30])
            decoder.Decode(packet, pcm);
        var decoded = decoder.Decode(OpusPackets.Join(packets[30..(30 + frames)]), pcm);

        Assert.That(decoded, Is.EqualTo(48 * milliseconds));
        Assert.That(pcm[..decoded], Is.EqualTo(apart[(30 * Frame)..((30 * Frame) + decoded)]));
    }

    [Test]
    [Property("rfc", "7587-3.4")]
    public void Decode_StereoPackets_MixesDown()
    {
        // Left and right carry the same tone of 440 Hz in the first stream, the tone and its negative in the second.
        var same = Decode(StereoPackets.Same);
        var opposite = Decode(StereoPackets.Opposite);

        Assert.That(same, Has.Length.EqualTo(StereoPackets.Same.Length * Frame));
        Assert.That(StereoPackets.Same, Has.All.Matches<byte[]>(p => (p[0] & 4) != 0));
        Assert.That(StereoPackets.Opposite, Has.All.Matches<byte[]>(p => (p[0] & 4) != 0));
        Assert.That(Tone.Rms(same.AsSpan(^4800..)), Is.EqualTo(8000 / Math.Sqrt(2)).Within(15).Percent);
        Assert.That(Tone.Rms(opposite.AsSpan(^4800..)), Is.LessThan(600));
    }

    [Test]
    public void Decode_BufferShorterThanPacket_DropsTheRest()
    {
        var packets = Encode(new OpusEncoderOptions(), Tone.Make(440, 48000, 10 * Frame, 8000));
        var whole = Decode(packets);
        using var decoder = provider.CreateDecoder();
        var pcm = new short[500];

        for (var i = 0; i < packets.Length; i++)
        {
            Assert.That(decoder.Decode(packets[i], pcm), Is.EqualTo(500));
            Assert.That(pcm, Is.EqualTo(whole[(i * Frame)..((i * Frame) + 500)]));
        }

        Assert.That(decoder.Decode(packets[0], []), Is.Zero);
    }

    [Test]
    public void Encode_OtherFrameSizesOrNoRoom_WritesNothing()
    {
        using var encoder = provider.CreateEncoder(new OpusEncoderOptions());

        foreach (var samples in new[] { 0, 1, 119, 160, 961, 5761 })
            Assert.That(encoder.Encode(new short[samples], new byte[1275]), Is.Zero, $"{samples} samples");
        Assert.That(encoder.Encode(new short[Frame], []), Is.Zero);
        for (var room = 1; room < 40; room++)
            Assert.That(encoder.Encode(Tone.Make(440, 48000, Frame, 8000), new byte[room]), Is.InRange(0, room));
        Assert.That(encoder.Encode(Tone.Make(440, 48000, Frame, 8000), new byte[9000]), Is.InRange(3, 1275));
    }

    [Test]
    [Property("rfc", "7587-3.1.3")]
    public void Encode_SilenceWithDtx_SendsAlmostNothing()
    {
        using var encoder = provider.CreateEncoder(new OpusEncoderOptions { UseDtx = true });
        using var steady = provider.CreateEncoder(new OpusEncoderOptions());
        var packet = new byte[1275];
        int sent = 0, sentSteadily = 0;
        for (var i = 0; i < 200; i++)
        {
            if (encoder.Encode(new short[Frame], packet) > 0)
                sent++;
            if (steady.Encode(new short[Frame], packet) > 0)
                sentSteadily++;
        }

        Assert.That(sent, Is.InRange(1, 60));
        Assert.That(sentSteadily, Is.EqualTo(200));
    }

    [Test]
    [Property("rfc", "6716-2.1.7")]
    public void Conceal_NextCarriesFec_IsNearerToWhatWasLost()
    {
        var packets = Encode(WithFec, Speech(300));
        var truth = Decode(packets);
        double fecBetter = 0, losses = 0;
        for (var lost = 50; lost < 290; lost += 7)
        {
            if (!HasFec(packets[lost + 1]))
                continue;
            losses++;
            var expected = truth.AsSpan(lost * Frame, Frame);
            var fec = Tone.SignalToErrorDb(expected, DecodeThenConceal(packets, lost, packets[lost + 1]));
            var plain = Tone.SignalToErrorDb(expected, DecodeThenConceal(packets, lost, []));
            if (fec > plain)
                fecBetter++;
        }

        Assert.That(losses, Is.GreaterThan(10));
        Assert.That(fecBetter / losses, Is.GreaterThan(0.8));
    }

    [Test]
    public void Conceal_NextWithoutFecOrOfOtherDuration_IsPlainConcealment()
    {
        var signal = Speech(60);
        var without = Encode(new OpusEncoderOptions { UseInBandFec = false }, signal);
        var with = Encode(WithFec, signal);
        var other = EncodeOne(WithFec, signal.AsSpan(0, 1920));
        Assert.That(without, Has.None.Matches<byte[]>(HasFec));
        Assert.That(with[31], Has.Length.GreaterThan(0).And.Matches<byte[]>(HasFec));

        Assert.That(DecodeThenConceal(without, 30, without[31]), Is.EqualTo(DecodeThenConceal(without, 30, [])));
        Assert.That(DecodeThenConceal(with, 30, other), Is.EqualTo(DecodeThenConceal(with, 30, [])));
        Assert.That(DecodeThenConceal(with, 30, [0x55, 1, 2]), Is.EqualTo(DecodeThenConceal(with, 30, [])));
        Assert.That(DecodeThenConceal(with, 30, with[31]), Is.Not.EqualTo(DecodeThenConceal(with, 30, [])));
    }

    [TestCase(2)]
    [TestCase(3)]
    [TestCase(7)]
    [Property("rfc", "6716-2.1.7")]
    public void Conceal_SeveralFramesAndNextCarriesFec_EndsWithTheCopy(int frames)
    {
        var packets = Encode(WithFec, Speech(300));
        var truth = Decode(packets);
        double better = 0, losses = 0;
        for (var lost = 50; lost < 280; lost += 9)
        {
            var next = packets[lost + frames];
            if (!HasFec(next))
                continue;
            losses++;
            var fec = DecodeThenConceal(packets, lost, next, frames);
            var plain = DecodeThenConceal(packets, lost, [], frames);
            Assert.That(fec[..^Frame], Is.EqualTo(plain[..^Frame]), "there is no copy of the frames before");
            var last = truth.AsSpan((lost + frames - 1) * Frame, Frame);
            if (Tone.SignalToErrorDb(last, fec.AsSpan(^Frame..)) > Tone.SignalToErrorDb(last, plain.AsSpan(^Frame..)))
                better++;
        }

        Assert.That(losses, Is.GreaterThanOrEqualTo(10));
        Assert.That(better / losses, Is.GreaterThan(0.75));
    }

    [Test]
    public void OnReport_Losses_BringFec()
    {
        using var encoder = (ILossAwareEncoder)provider.CreateEncoder(new OpusEncoderOptions { ExpectedLossPercent = 0 });
        var signal = Speech(100);
        var packet = new byte[1275];
        encoder.OnReport(0.1, TimeSpan.FromMilliseconds(40));
        var fec = 0;
        for (var i = 0; i < 100; i++)
        {
            if (HasFec(packet[..encoder.Encode(signal.AsSpan(i * Frame, Frame), packet)]))
                fec++;
        }

        Assert.That(encoder.ExpectedLossPercent, Is.EqualTo(10));
        Assert.That(fec, Is.GreaterThan(50));
    }

    [Test]
    public void ExpectedLoss_RaisedOnTheWay_BringsFec()
    {
        using var encoder = (ILossAwareEncoder)provider.CreateEncoder(new OpusEncoderOptions { ExpectedLossPercent = 0 });
        var signal = Speech(100);
        var packet = new byte[1275];
        var fec = new bool[100];
        for (var i = 0; i < 100; i++)
        {
            if (i == 50)
                encoder.ExpectedLossPercent = 300;
            var length = encoder.Encode(signal.AsSpan(i * Frame, Frame), packet);
            fec[i] = HasFec(packet[..length]);
        }

        Assert.That(encoder.ExpectedLossPercent, Is.EqualTo(100));
        Assert.That(fec[..50], Has.None.True);
        Assert.That(fec[50..].Count(f => f), Is.GreaterThan(15));
    }

    [Test]
    public void Encode_DefaultOptions_VoiceCarriesFec()
    {
        var packets = Encode(new OpusEncoderOptions(), Speech(100));

        Assert.That(packets.Count(HasFec), Is.GreaterThan(50));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(119)]
    [TestCase(120)]
    [TestCase(333)]
    [TestCase(960)]
    [TestCase(5760)]
    [TestCase(7001)]
    public void Conceal_AnyLength_FillsAllOfIt(int samples)
    {
        var packets = Encode(new OpusEncoderOptions(), Tone.MakeVoice(48000, 20 * Frame));
        using var decoder = provider.CreateDecoder();
        foreach (var packet in packets)
            decoder.Decode(packet, new short[Frame]);
        var pcm = new short[samples + 2];
        Array.Fill(pcm, (short)29_999);

        decoder.Conceal(pcm.AsSpan(0, samples), packets[0]);

        Assert.That(pcm[..samples], Has.None.EqualTo(29_999));
        Assert.That(pcm[samples..], Is.All.EqualTo(29_999));
    }

    [Test]
    public void Conceal_LossesInARow_FadeToSilenceWithin1S()
    {
        var packets = Encode(new OpusEncoderOptions(), Tone.MakeVoice(48000, 50 * Frame));
        using var decoder = provider.CreateDecoder();
        var pcm = new short[Frame];
        foreach (var packet in packets)
            decoder.Decode(packet, pcm);
        var level = Tone.Rms(pcm);

        var levels = new double[52];
        for (var i = 0; i < 52; i++)
        {
            decoder.Conceal(pcm, []);
            levels[i] = Tone.Rms(pcm);
        }

        Assert.That(levels[0], Is.GreaterThan(level / 2));
        Assert.That(levels[1..20], Is.All.GreaterThan(0));
        Assert.That(levels[40], Is.LessThan(level / 10));
        Assert.That(levels[50..], Is.All.Zero);

        Assert.That(decoder.Decode(packets[0], pcm), Is.EqualTo(Frame));
        decoder.Conceal(pcm, []);
        Assert.That(Tone.Rms(pcm), Is.GreaterThan(0), "a packet ends the fade");
    }

    [Test]
    public void DecodeAndConceal_200000RandomPackets_NeverThrowAndHealAfterwards()
    {
        var random = new Random(2026);
        var good = Encode(WithFec, Speech(100));
        using var decoder = provider.CreateDecoder();
        var pcm = new short[OpusPacket.MaxSamples];
        var refused = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var junk = OpusPackets.Junk(random, good);
            if (i % 8 == 0)
                decoder.Conceal(pcm.AsSpan(0, 120 * random.Next(1, 9)), junk);
            else
            {
                var decoded = decoder.Decode(junk, pcm.AsSpan(0, random.Next(2) == 0 ? Frame : pcm.Length));
                if (decoded < -1 || decoded > pcm.Length)
                    Assert.Fail($"returned {decoded}");
                if (decoded < 0)
                    refused++;
            }
        }

        Assert.That(refused, Is.InRange(10_000, 190_000));
        foreach (var packet in good)
            Assert.That(decoder.Decode(packet, pcm), Is.EqualTo(Frame));
        Assert.That(Tone.SignalToErrorDb(Decode(good).AsSpan(^Frame..), pcm.AsSpan(0, Frame)), Is.GreaterThan(20));
    }

    [Test]
    public void CreateEncoder_BadOptions_AreRefused()
    {
        OpusEncoderOptions[] bad =
        [
            new() { Bitrate = 5999 }, new() { Bitrate = 510_001 }, new() { Complexity = -1 }, new() { Complexity = 11 },
            new() { ExpectedLossPercent = -1 }, new() { ExpectedLossPercent = 101 },
            new() { MaxAverageBitrate = 5999 }, new() { MaxAverageBitrate = 510_001 }, new() { MaxBandwidth = (OpusBandwidth)1100 },
            new() { Application = (OpusApplication)1 },
        ];
        foreach (var options in bad)
        {
            Assert.That(() => provider.CreateEncoder(options), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => new OpusCodec(provider, options), Throws.InstanceOf<ArgumentOutOfRangeException>());
        }
    }

    [Test]
    public void Dispose_Twice_IsHarmless()
    {
        var encoder = provider.CreateEncoder(new OpusEncoderOptions());
        var decoder = provider.CreateDecoder();
        encoder.Dispose();
        decoder.Dispose();

        Assert.That(encoder.Dispose, Throws.Nothing);
        Assert.That(decoder.Dispose, Throws.Nothing);
    }

    private static short[] Speech(int frames) => Tone.MakeVoice(48000, frames * Frame, syllables: true);

    private static bool HasFec(byte[] packet) => OpusPacket.TryParse(packet, out var parsed) && parsed.HasFec;

    private byte[][] Encode(OpusEncoderOptions options, short[] signal)
    {
        using var encoder = provider.CreateEncoder(options);
        var packet = new byte[1275];
        return [
            .. Enumerable.Range(0, signal.Length / Frame).Select(i => packet[..encoder.Encode(signal.AsSpan(i * Frame, Frame), packet)])];
    }

    private byte[] EncodeOne(OpusEncoderOptions options, ReadOnlySpan<short> pcm)
    {
        using var encoder = provider.CreateEncoder(options);
        var packet = new byte[1275];
        return packet[..encoder.Encode(pcm, packet)];
    }

    private short[] Decode(byte[][] packets)
    {
        using var decoder = provider.CreateDecoder();
        var pcm = new short[packets.Length * Frame];
        for (var i = 0; i < packets.Length; i++)
            Assert.That(decoder.Decode(packets[i], pcm.AsSpan(i * Frame)), Is.EqualTo(Frame));
        return pcm;
    }

    private short[] DecodeThenConceal(byte[][] packets, int lost, byte[] next, int frames = 1)
    {
        using var decoder = provider.CreateDecoder();
        var pcm = new short[frames * Frame];
        foreach (var packet in packets[..lost])
            decoder.Decode(packet, pcm);
        decoder.Conceal(pcm, next);
        return pcm;
    }
}
