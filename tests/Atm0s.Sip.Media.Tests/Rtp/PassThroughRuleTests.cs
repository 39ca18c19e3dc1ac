using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Codecs.G722;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Concentus;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Rtp;

/// <summary>Whose packets a stream may have: what its receiver said of itself counts (RFC 7587 §6.1).</summary>
public sealed class PassThroughRuleTests
{
    private const byte Hybrid = 15 << 3;    // full band, 20 ms, mono (RFC 6716 §3.1)
    private const byte Wideband = 9 << 3;
    private const byte SuperWide = 13 << 3;

    private static readonly OpusCodec Opus =
        new(new ConcentusOpusCodecProvider(), new OpusEncoderOptions { ExpectedLossPercent = 0 });

    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(20);

    [Test]
    public void Voice_AfterSilence_IsPassedAtOnce_InItsMiddleAfterAWhile()
    {
        using var encoding = new RtpEncoding(new RtpFormat(96, Opus, "useinbandfec=1"), Frame);
        Assert.That(new PassThrough().Allows(Packet(60), encoding, encoding.Class, follows: true), Is.True);

        var rule = new PassThrough();
        var verdicts = Enumerable.Range(0, 8).Select(_ => rule.Allows(Packet(60), encoding, encoding.Class, follows: false)).ToArray();
        Assert.That(verdicts.TakeWhile(v => !v).Count(), Is.EqualTo(PassThrough.MinFrames));
        Assert.That(verdicts[^1], Is.True);

        rule.Interrupt();
        Assert.That(rule.Allows(Packet(60), encoding, encoding.Class, follows: false), Is.False);
    }

    /// <summary>What a change of the delay does to packets that follow each other, and what is more than that.</summary>
    [TestCase("1 2 - 3 4", "11011", Description = "stretched by a packet: one frame between")]
    [TestCase("1 2 - - 3 4", "110000", Description = "a pause in them, or a loss")]
    [TestCase("1 2 4 5", "1111", Description = "shortened by a packet: one is left out")]
    [TestCase("1 2 5 6", "1100", Description = "more are missing")]
    [TestCase("1 2 2 3", "1100", Description = "never twice")]
    public void Packets_HaveToFollowEachOther(string sequence, string expected)
    {
        using var encoding = new RtpEncoding(new RtpFormat(96, Opus, "useinbandfec=1"), Frame);
        var rule = new PassThrough();
        var verdicts = sequence.Split(' ').Select((number, i) => rule.Allows(Numbered(number), encoding, encoding.Class, follows: i == 0));
        Assert.That(string.Concat(verdicts.Select(passes => passes ? '1' : '0')), Is.EqualTo(expected));

        static OriginalPacket Numbered(string number) => number == "-"
            ? default
            : new OriginalPacket(Opus, Packet(60).Payload, isExact: false, long.Parse(number, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Test]
    public void AnotherSource_BeginsAnew()
    {
        using var encoding = new RtpEncoding(new RtpFormat(96, Opus, "useinbandfec=1"), Frame);
        var rule = new PassThrough();
        var (one, other) = (new object(), new object());
        Assert.That(Says(one, follows: true), Is.True);
        Assert.That(Says(other), Is.False, "in the middle of a voice");
        Assert.That(Enumerable.Range(0, PassThrough.MinFrames).Count(_ => Says(other)), Is.EqualTo(1));

        bool Says(object source, bool follows = false)
        {
            rule.Follow(source);
            return rule.Allows(Packet(60), encoding, encoding.Class, follows);
        }
    }

    /// <summary>Two codecs of Opus are made of other options, and their packets are alike.</summary>
    [Test]
    public void OpusOfOtherOptions_IsOpus()
    {
        using var encoding = new RtpEncoding(new RtpFormat(96, new OpusCodec(LibOpusCodecProvider.Instance, new OpusEncoderOptions { Bitrate = 32_000 })), Frame);
        Assert.That(new PassThrough().Allows(Packet(60), encoding, encoding.Class, follows: true), Is.True);
    }

    [TestCase("", 60, Hybrid, true)]
    [TestCase("", 119, Hybrid, false)]                              // more than twice what we encode with
    [TestCase("maxaveragebitrate=20000", 60, Hybrid, false)]
    [TestCase("maxaveragebitrate=40000", 60, Hybrid, true)]
    [TestCase("cbr=1", 60, Hybrid, false)]
    [TestCase("maxplaybackrate=16000", 40, Hybrid, false)]
    [TestCase("maxplaybackrate=16000", 40, SuperWide, false)]
    [TestCase("maxplaybackrate=16000", 40, Wideband, true)]
    [TestCase("stereo=1", 60, (byte)(Hybrid | 4), false)]           // two channels
    [TestCase("", 60, (byte)(Hybrid | 3), false)]                   // §3.2.5: no frames
    public void WishesOfTheReceiver(string parameters, int bytes, byte toc, bool expected)
    {
        using var encoding = new RtpEncoding(new RtpFormat(96, Opus, parameters), Frame);

        Assert.That(new PassThrough().Allows(Packet(bytes, toc), encoding, encoding.Class, follows: true), Is.EqualTo(expected));
    }

    [Test]
    public void WhoLosesPackets_GetsOnlyThoseWithCopies()
    {
        using var encoding = new RtpEncoding(new RtpFormat(96, Opus, "useinbandfec=1"), Frame);
        var lossy = encoding.Class with { UseInBandFec = true, ExpectedLossPercent = 5 };

        Assert.That(new PassThrough().Allows(Packet(60), encoding, lossy, follows: true), Is.False);
        Assert.That(new PassThrough().Allows(Packet(60, Wideband, first: 0x40), encoding, lossy, follows: true), Is.True);
    }

    [Test]
    public void BitRate_OfAWhileCounts()
    {
        using var encoding = new RtpEncoding(new RtpFormat(96, Opus, "maxaveragebitrate=30000"), Frame);
        var rule = new PassThrough();
        for (var i = 0; i < 100; i++)
            Assert.That(rule.Allows(Packet(i % 10 == 9 ? 120 : 60), encoding, encoding.Class, follows: true), Is.True, "a loud syllable");
        var passed = Enumerable.Range(0, 200).Count(_ => rule.Allows(Packet(100), encoding, encoding.Class, follows: true));
        Assert.That(passed, Is.InRange(5, 60));
    }

    [Test]
    public void OtherCodec_OtherPacketTime_AndCodecsWithMemory_AreNot()
    {
        using var g711 = new RtpEncoding(new RtpFormat(8, PcmaCodec.Instance), Frame);
        using var longer = new RtpEncoding(new RtpFormat(8, PcmaCodec.Instance), 2 * Frame);
        using var g722 = new RtpEncoding(new RtpFormat(9, G722Codec.Instance), Frame);
        var samples = new byte[160];

        Assert.That(Allows(g711, PcmaCodec.Instance), Is.True);
        Assert.That(Allows(g711, PcmuCodec.Instance), Is.False);
        Assert.That(Allows(longer, PcmaCodec.Instance), Is.False);
        Assert.That(Allows(g722, G722Codec.Instance), Is.False, "its decoder would need to be told the scale");
        Assert.That(Allows(g711, null), Is.False);

        bool Allows(RtpEncoding encoding, IAudioCodec? codec) =>
            new PassThrough().Allows(new OriginalPacket(codec, samples), encoding, encoding.Class, follows: true);
    }

    [Test]
    public void Junk_NeverThrows()
    {
        using var encoding = new RtpEncoding(new RtpFormat(96, Opus, ""), Frame);
        var random = new Random(1);
        var rule = new PassThrough();
        for (var i = 0; i < 20_000; i++)
        {
            var payload = new byte[random.Next(200)];
            random.NextBytes(payload);
            rule.Allows(new OriginalPacket(Opus, payload), encoding, encoding.Class, i % 2 == 0);
        }
    }

    private static OriginalPacket Packet(int bytes, byte toc = Hybrid, byte first = 0)
    {
        var payload = new byte[bytes];
        (payload[0], payload[1]) = (toc, first);
        return new OriginalPacket(Opus, payload);
    }
}
