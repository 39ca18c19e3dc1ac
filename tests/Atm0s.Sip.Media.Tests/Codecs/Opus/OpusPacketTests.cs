using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Media.Tests.Codecs.Opus;

[TestFixture]
public class OpusPacketTests
{
    // RFC 6716 Table 2, in units of 2.5 ms.
    private static readonly int[] Durations =
    [
        4, 8, 16, 24, 4, 8, 16, 24, 4, 8, 16, 24, 4, 8, 4, 8,
        1, 2, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8,
    ];

    [Test]
    [Property("rfc", "6716-3.1")]
    public void TryParse_EveryConfig_HasTheDurationOfTheTable([Range(0, 31)] int config)
    {
        foreach (var stereo in new[] { 0, 4 })
        {
            Assert.That(OpusPacket.TryParse([(byte)((config << 3) | stereo), 0, 0], out var packet), Is.True);
            Assert.That((packet.FrameSamples, packet.FrameCount, packet.IsStereo), Is.EqualTo((Durations[config] * 120, 1, stereo != 0)));
        }
    }

    [TestCase("", TestName = "R1: empty")]
    [TestCase("0900", TestName = "R3: two equal frames of odd length")]
    [TestCase("0A", TestName = "R4: no size")]
    [TestCase("0AFC", TestName = "R4: half a size")]
    [TestCase("0A0500", TestName = "R4: first frame longer than the packet")]
    [TestCase("0B", TestName = "R6: no count")]
    [TestCase("0B00", TestName = "R5: no frames")]
    [TestCase("0B07", TestName = "R5: seven frames of 20 ms")]
    [TestCase("1B03", TestName = "R5: three frames of 60 ms")]
    [TestCase("0B0200", TestName = "R6: not divisible")]
    [TestCase("0B41", TestName = "R6: no padding length")]
    [TestCase("0B41FF", TestName = "R6: padding length cut off")]
    [TestCase("0B4103AABB", TestName = "R6: padding longer than the packet")]
    [TestCase("0B8205", TestName = "R7: frame longer than the packet")]
    [TestCase("0B83", TestName = "R7: no sizes")]
    [Property("rfc", "6716-3.4")]
    public void TryParse_RuleBroken_IsFalse(string hex)
    {
        Assert.That(OpusPacket.TryParse(Convert.FromHexString(hex), out _), Is.False);
    }

    [TestCase("08", 1)]
    [TestCase("09", 2)]
    [TestCase("09AABB", 2)]
    [TestCase("0A01AABB", 2)]
    [TestCase("0B06", 6)]
    [TestCase("0B4302AABBCC0000", 3)]
    [TestCase("0B83010101AABBCC", 3)]
    [TestCase("0BC202 01 AABB 0000", 2)]
    [Property("rfc", "6716-3.2")]
    public void TryParse_WellFramed_CountsTheFrames(string hex, int frames)
    {
        Assert.That(OpusPacket.TryParse(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), out var packet), Is.True);
        Assert.That((packet.FrameCount, packet.Samples), Is.EqualTo((frames, frames * 960)));
    }

    [Test]
    [Property("rfc", "6716-3.4")]
    public void TryParse_FrameOfMoreThan1275Bytes_IsFalse()
    {
        Assert.That(OpusPacket.TryParse(new byte[1276], out _), Is.True);
        Assert.That(OpusPacket.TryParse(new byte[1277], out _), Is.False);
    }

    [TestCase(0x08, 0x40, true)]   // SILK, 20 ms: VAD, LBRR
    [TestCase(0x08, 0x80, false)]
    [TestCase(0x10, 0x20, true)]   // SILK, 40 ms: VAD, VAD, LBRR
    [TestCase(0x10, 0x40, false)]
    [TestCase(0x18, 0x10, true)]   // SILK, 60 ms: three VADs
    [TestCase(0x0C, 0x10, true)]   // stereo: VAD, LBRR of mid, then of side
    [TestCase(0x0C, 0x20, false)]
    [TestCase(0x78, 0x40, true)]   // hybrid, 20 ms
    [TestCase(0xF8, 0x40, false)]  // CELT
    [Property("rfc", "6716-4.2.3")]
    public void HasFec_HeaderBits_AreReadPerMode(int toc, int first, bool fec)
    {
        Assert.That(OpusPacket.TryParse([(byte)toc, (byte)first, 0], out var packet), Is.True);
        Assert.That(packet.HasFec, Is.EqualTo(fec));
    }

    [Test]
    public void TryParse_RandomPackets_AgreesWithLibOpus()
    {
        if (!LibOpusCodecProvider.Instance.IsAvailable)
            Assert.Ignore(LibOpusCodecProvider.Instance.Status);
        var random = new Random(5);
        using var decoder = new LibOpusDecoder();
        var pcm = new short[OpusPacket.MaxSamples];
        for (var i = 0; i < 20_000; i++)
        {
            var packet = new byte[random.Next(1, 24)];
            random.NextBytes(packet);
            if (i % 2 == 0)
                packet[0] |= 3;
            if (packet.Length > 1 && i % 4 == 0)
                packet[1] &= 0xC7;
            var expected = decoder.DecodeUnchecked(packet, pcm, useFec: false);
            var actual = OpusPacket.TryParse(packet, out var parsed) ? parsed.Samples : -1;
            Assert.That(actual, Is.EqualTo(expected), Convert.ToHexString(packet));
        }
    }
}
