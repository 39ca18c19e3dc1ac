using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Media.Tests.Codecs.Opus;

/// <summary>What the receiver's a=fmtp asks for is seen in the packets (RFC 7587 §6.1), whatever the signal and the packet time.</summary>
[TestFixtureSource(typeof(OpusProviders), nameof(OpusProviders.All))]
public class OpusPeerLimitTests(IOpusCodecProvider provider)
{
    [OneTimeSetUp]
    public void SkipWhatDoesNotLoad()
    {
        if (!provider.IsAvailable)
            Assert.Ignore($"{provider.Name} does not load: {provider.Status}");
    }

    [Test]
    [Property("rfc", "7587-6.1")]
    public void MaxAverageBitrate_EverySignal_IsKept(
        [Values(6000, 8000, 16_000, 20_000)] int bitrate, [Values(10, 20, 60)] int packetTime,
            [Values("voice", "noise", "tone", "silence")] string signal)
    {
        var packets = Encode($"maxaveragebitrate={bitrate};useinbandfec=1", packetTime, signal, lossReported: 0.08);

        Assert.That(packets, Has.Length.EqualTo(5000 / packetTime), "nothing is left out");
        Assert.That(packets.Sum(p => p.Length) * 8 / 5.0, Is.LessThanOrEqualTo(bitrate));
        var perSecond = 1000 / packetTime;
        for (var second = 0; second < 4; second++)
            Assert.That(packets.Skip(second * perSecond).Take(perSecond).Sum(p => p.Length) * 8, Is.LessThanOrEqualTo(bitrate * 1.2),
                $"second {second}");
    }

    [Test]
    [Property("rfc", "7587-7.1")]
    public void NarrowBandPhone_At8000_GetsNarrowBandWithinIt([Values("voice", "noise", "tone")] string signal)
    {
        var packets = Encode("maxplaybackrate=8000;sprop-maxcapturerate=8000;maxaveragebitrate=8000", 20, signal);

        Assert.That(packets.Sum(p => p.Length) * 8 / 5.0, Is.InRange(2000, 8000));
        Assert.That(packets.Select(Bandwidth), Is.All.EqualTo(OpusBandwidth.Narrow));
    }

    [TestCase("maxplaybackrate=8000", OpusBandwidth.Narrow)]
    [TestCase("maxplaybackrate=12000", OpusBandwidth.Medium)]
    [TestCase("maxplaybackrate=16000", OpusBandwidth.Wide)]
    [TestCase("maxplaybackrate=24000", OpusBandwidth.SuperWide)]
    public void MaxPlaybackRate_WhateverTheRate_IsNotPassed(string parameters, OpusBandwidth widest)
    {
        foreach (var signal in new[] { "voice", "noise", "tone" })
        {
            var packets = Encode($"{parameters};maxaveragebitrate=64000;useinbandfec=1", 20, signal, lossReported: 0.05);
            Assert.That(packets.Select(Bandwidth), Is.All.LessThanOrEqualTo(widest), signal);
        }
    }

    [Test]
    public void Cbr_EverySignal_HasPacketsOfOneSize([Values("voice", "noise", "silence")] string signal)
    {
        Assert.That(Encode("cbr=1", 20, signal).Select(p => p.Length).Distinct(), Has.Exactly(1).Items);
    }

    [TestCase("useinbandfec=1", true)]
    [TestCase("useinbandfec=0", false)]
    [TestCase("stereo=1", false)]
    [TestCase("", false)]
    public void UseInBandFec_LossReported_OnlyForWhoTakesIt(string parameters, bool expected)
    {
        var packets = Encode(parameters, 20, "voice", lossReported: 0.15);

        Assert.That(packets.Count(p => OpusPacket.TryParse(p, out var packet) && packet.HasFec), expected ? Is.GreaterThan(100) : Is.Zero);
    }

    [Test]
    public void UseDtx_Silence_IsHardlySent()
    {
        Assert.That(Encode("usedtx=1", 20, "silence"), Has.Length.LessThan(80));
        Assert.That(Encode("usedtx=0", 20, "silence"), Has.Length.EqualTo(250));
    }

    [Test]
    public void Stereo_Preferred_IsMonoAllTheSame()
    {
        Assert.That(Encode("stereo=1;sprop-stereo=1", 20, "voice"), Has.None.Matches<byte[]>(p => (p[0] & 4) != 0));
    }

    [Test]
    public void LimitedStream_Decoded_IsTheVoiceThatWasSaid()
    {
        var packets = Encode("maxaveragebitrate=8000", 20, "voice");
        using var decoder = provider.CreateDecoder();
        var pcm = new short[960];
        var levels = packets.Select(p => decoder.Decode(p, pcm) == 960 ? Tone.Rms(pcm) : -1).ToArray();

        Assert.That(levels, Is.All.GreaterThanOrEqualTo(0));
        Assert.That(levels[50..].Average(), Is.EqualTo(Tone.Rms(Signal("voice", 960 * 250))).Within(40).Percent);
    }

    /// <summary>5 s.</summary>
    private byte[][] Encode(string parameters, int packetTime, string signal, double lossReported = 0)
    {
        using var encoder = new OpusCodec(provider, new OpusEncoderOptions { ExpectedLossPercent = 0 })
            .CreateEncoder(new AudioEncoderSettings(TimeSpan.FromMilliseconds(packetTime), parameters));
        if (lossReported > 0)
            ((ILossAwareEncoder)encoder).OnReport(lossReported, null);
        var samples = 48 * packetTime;
        var pcm = Signal(signal, 5 * 48_000);
        var packet = new byte[1275];
        var packets = new List<byte[]>();
        for (var at = 0; at + samples <= pcm.Length; at += samples)
        {
            if (encoder.Encode(pcm.AsSpan(at, samples), packet) is var length and > 0)
                packets.Add(packet[..length]);
        }

        return [.. packets];
    }

    private static short[] Signal(string kind, int samples)
    {
        var random = new Random(1);
        return kind switch
        {
            "voice" => Tone.MakeVoice(48_000, samples, syllables: true),
            "noise" => [.. Enumerable.Range(0, samples).Select(_ => (short)random.Next(-8000, 8000))],
            "tone" => Tone.Make(440, 48_000, samples, 8000),
            _ => new short[samples],
        };
    }

    // RFC 6716 §3.1, Table 2.
    private static OpusBandwidth Bandwidth(byte[] packet) => (packet[0] >> 3) switch
    {
        < 4 or (>= 16 and < 20) => OpusBandwidth.Narrow,
        < 8 => OpusBandwidth.Medium,
        < 12 or (>= 20 and < 24) => OpusBandwidth.Wide,
        < 14 or (>= 24 and < 28) => OpusBandwidth.SuperWide,
        _ => OpusBandwidth.Full,
    };
}
