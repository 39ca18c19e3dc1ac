using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Media.Tests.Codecs.Opus;

/// <summary>What is read out of the a=fmtp of an Opus receiver (RFC 7587 §6.1), and what it does to the host's options.</summary>
[TestFixture]
public class OpusPeerParametersTests
{
    private static readonly OpusEncoderOptions Host = new() { Bitrate = 64_000 };

    [TestCase("maxaveragebitrate=8000", 8000)]
    [TestCase("MaxAverageBitrate = 8000 ", 8000)]
    [TestCase(" maxplaybackrate=48000 ;maxaveragebitrate=20000; stereo=1", 20_000)]
    [TestCase("maxaveragebitrate=510000", 64_000)]
    [TestCase("maxaveragebitrate=6000", 6000)]
    [TestCase("maxaveragebitrate=5999", 64_000)] // "values outside the range 6000 to 510000 SHOULD be ignored"
    [TestCase("maxaveragebitrate=510001", 64_000)]
    [TestCase("maxaveragebitrate=-8000", 64_000)]
    [TestCase("maxaveragebitrate=99999999999999999999", 64_000)]
    [TestCase("maxaveragebitrate=8k", 64_000)]
    [TestCase("maxaveragebitrate=", 64_000)]
    [TestCase("maxaveragebitrate", 64_000)]
    [TestCase("xmaxaveragebitrate=8000", 64_000)]
    [TestCase("maxplaybackrate=8000", 12_000)] // §3.1.1: the highest for narrow band
    [TestCase("maxplaybackrate=16000", 20_000)]
    [TestCase("maxplaybackrate=16000;maxaveragebitrate=40000", 40_000)]
    [TestCase("maxplaybackrate=48000", 64_000)]
    [TestCase("", 64_000)]
    [TestCase(null, 64_000)]
    public void Bitrate_IsTheLowerOfHostAndReceiver(string? parameters, int expected)
    {
        Assert.That(Limit(parameters).Bitrate, Is.EqualTo(expected));
        Assert.That(Limit(parameters).MaxAverageBitrate ?? int.MaxValue, Is.GreaterThanOrEqualTo(expected));
    }

    [TestCase("maxplaybackrate=8000", OpusBandwidth.Narrow)]
    [TestCase("maxplaybackrate=11025", OpusBandwidth.Medium)]
    [TestCase("maxplaybackrate=12000", OpusBandwidth.Medium)]
    [TestCase("maxplaybackrate=16000", OpusBandwidth.Wide)]
    [TestCase("maxplaybackrate=24000", OpusBandwidth.SuperWide)]
    [TestCase("maxplaybackrate=44100", OpusBandwidth.Full)]
    [TestCase("maxplaybackrate=48000", OpusBandwidth.Full)]
    [TestCase("maxplaybackrate=7999", OpusBandwidth.Full)]
    [TestCase("maxplaybackrate=0", OpusBandwidth.Full)]
    [TestCase("sprop-maxcapturerate=8000", OpusBandwidth.Full)] // of what it sends
    [TestCase("", OpusBandwidth.Full)]
    public void Bandwidth_MakesFullUseOfThePlaybackRateAndNoMore(string parameters, OpusBandwidth expected) =>
        Assert.That(Limit(parameters).MaxBandwidth, Is.EqualTo(expected));

    [TestCase("useinbandfec=1", true)]
    [TestCase("USEINBANDFEC=1", true)]
    [TestCase("minptime=10;useinbandfec=1;usedtx=1", true)]
    [TestCase("useinbandfec=0", false)]
    [TestCase("useinbandfec=2", false)]
    [TestCase("useinbandfec=yes", false)]
    [TestCase("stereo=1", false)] // "If no value is specified, useinbandfec is assumed to be 0"
    [TestCase("", false)]
    [TestCase(null, true)]
    public void Fec_OnlyForWhoTakesIt(string? parameters, bool expected) =>
        Assert.That(Limit(parameters).UseInBandFec, Is.EqualTo(expected));

    [TestCase("cbr=1", true, false)]
    [TestCase("usedtx=1", false, true)]
    [TestCase("cbr=0;usedtx=0", false, false)]
    [TestCase("cbr=1;;=;;usedtx=1;x", true, true)]
    [TestCase(";;;", false, false)]
    public void Wishes_ForConstantRateAndSilence_AreGranted(string parameters, bool constant, bool dtx) =>
        Assert.That((Limit(parameters).UseConstantBitrate, Limit(parameters).UseDtx), Is.EqualTo((constant, dtx)));

    [Test]
    public void HostsOptions_StayWhereTheReceiverAsksForMore()
    {
        var host = new OpusEncoderOptions
        {
            Bitrate = 10_000, MaxAverageBitrate = 11_000, MaxBandwidth = OpusBandwidth.Wide, UseInBandFec = false, UseDtx = true,
                UseConstantBitrate = true,
        };

        var limited = OpusPeerParameters.Parse("maxaveragebitrate=40000;maxplaybackrate=48000;useinbandfec=1;usedtx=0;cbr=0").Limit(host);

        Assert.That(limited, Is.EqualTo(host));
    }

    private static OpusEncoderOptions Limit(string? parameters) => OpusPeerParameters.Parse(parameters).Limit(Host);
}
