using System.Buffers.Binary;
using Atm0s.Sip.Media.Audio;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>The level of each packet that a leg sends (RFC 6464 §3).</summary>
public sealed class LegLevelTests
{
    [TestCase(1, 20), TestCase(14, 20), TestCase(15, 20), TestCase(200, 20), TestCase(1, 10), TestCase(1, 40)]
    public void Packets_TellTheLevelOfTheirAudio(int id, int packetTime)
    {
        using var world = new MediaWorld();
        var speaker = world.AddPhone();
        var listener = world.AddPhone(p => p with { SendAudioLevelExtension = id, PacketTime = TimeSpan.FromMilliseconds(packetTime) });
        world.Run(0.5);
        speaker.IsSpeaking = true;
        foreach (var decibels in new double[] { -30, -12, -60 })
        {
            speaker.Decibels = decibels;
            world.Run(0.5);
        }

        Assert.That(listener.Rtp, Is.Not.Empty);
        var voices = new List<bool>();
        foreach (var datagram in listener.Rtp)
        {
            Assert.That(RtpPacketView.TryParse(datagram, out var packet));
            Assert.That(packet.TryGetAudioLevel(id, out var level, out var voice));
            Assert.That(packet.Payload.Length, Is.EqualTo(packetTime * 8));
            short[] pcm = [.. packet.Payload.ToArray().Select(ALaw.Decode)];
            // What is nearly silence is silence in G.711, and the other way round.
            if (level < 70)
                Assert.That(level, Is.EqualTo(AudioLevel.Measure(pcm)).Within(1));
            voices.Add(voice);
        }

        Assert.That(voices[0], Is.False);
        Assert.That(voices[(int)(0.95 * 1000 / packetTime)], Is.True);
        Assert.That(FirstLevel(listener.Rtp[0], id), Is.EqualTo(AudioLevel.Silence), "RFC 6464 §3: digital silence");
        AssertUnbroken(listener.Rtp, (uint)(packetTime * 8));
    }

    [Test]
    public void SecuredPackets_TellItInTheClear_Authenticated()
    {
        using var world = new MediaWorld();
        var suite = SrtpSuite.Find("AES_CM_128_HMAC_SHA1_80")!;
        var keys = new SrtpKeys(new SrtpKey(suite, new byte[16], new byte[14]), new SrtpKey(suite, new byte[16], [1, .. new byte[13]]));
        var speaker = world.AddPhone();
        var listener = world.AddPhone(p => p with { SendAudioLevelExtension = 3, Keys = keys }, run: false);
        listener.Secure(keys);
        speaker.IsSpeaking = true;

        world.Run(0.5);

        Assert.That((listener.Unauthentic, listener.Rtp.Count), Is.EqualTo((0, 25)).Or.EqualTo((0, 26)));
        Assert.That(FirstLevel(listener.Rtp[^1], 3), Is.EqualTo(15).Within(1), "a sine of -12 dB");
    }

    [Test]
    public void NewOfferOfLevels_DoesNotInterruptTheAudio()
    {
        using var world = new MediaWorld();
        var speaker = world.AddPhone();
        var listener = world.AddPhone();
        speaker.IsSpeaking = true;
        world.Run(0.5);
        var before = speaker.Leg.GetStatistics();
        for (var i = 0; i < 6; i++)
        {
            var id = i % 2 == 0 ? 5 : 0;
            speaker.Update(p => p with { AudioLevelExtension = id, HasVoiceFlag = i == 2 });
            listener.Update(p => p with { SendAudioLevelExtension = id });
            world.Run(0.2);
        }

        Assert.That(speaker.Leg.GetStatistics().Resyncs, Is.EqualTo(before.Resyncs));
        Assert.That(speaker.Leg.GetStatistics().ConcealedAudio, Is.EqualTo(TimeSpan.Zero));
        AssertUnbroken(listener.Rtp, 160);
        var lengths = listener.Rtp.Select(packet => packet.Length).Distinct();
        Assert.That(lengths, Is.EquivalentTo(new[] { 172, 180 }));
    }

    /// <summary>Two offers within a tick: the receiver that the first one made reads levels from where the second one says.</summary>
    [Test]
    public void ReceiverThatNoTickHasTaken_ReadsLevelsAsTheLastOfferSays()
    {
        using var world = new MediaWorld();
        var phone = world.AddPhone(p => p with { AudioLevelExtension = 3 });
        using var first = Receiver(3);
        using var second = Receiver(3);
        var input = new LegInput(null!, first, phone.Parameters);

        input.Follow(phone.Parameters with { AudioLevelExtension = 5 }, second);

        Assert.That((input.Receiver, second.LevelExtension), Is.EqualTo((second, 5)));

        RtpReceiver Receiver(int id) =>
            new(new RtpReceiverOptions { Formats = phone.Parameters.ReceiveFormats, AudioLevelExtension = id });
    }

    [Test]
    public void NothingAgreed_NothingTold()
    {
        using var world = new MediaWorld();
        world.AddPhone().IsSpeaking = true;
        var listener = world.AddPhone();

        world.Run(0.3);

        Assert.That(listener.Rtp.Select(packet => packet[0] & 0x10), Has.All.Zero);
    }

    private static int FirstLevel(byte[] datagram, int id)
    {
        Assert.That(RtpPacketView.TryParse(datagram, out var packet) && packet.TryGetAudioLevel(id, out _, out _));
        packet.TryGetAudioLevel(id, out var level, out _);
        return level;
    }

    private static void AssertUnbroken(List<byte[]> packets, uint units)
    {
        for (var i = 1; i < packets.Count; i++)
        {
            var (a, b) = (packets[i - 1], packets[i]);
            Assert.That((ushort)(BinaryPrimitives.ReadUInt16BigEndian(b.AsSpan(2)) - BinaryPrimitives.ReadUInt16BigEndian(a.AsSpan(2))), Is.EqualTo(1));
            Assert.That(BinaryPrimitives.ReadUInt32BigEndian(b.AsSpan(4)) - BinaryPrimitives.ReadUInt32BigEndian(a.AsSpan(4)), Is.EqualTo(units));
        }
    }
}
