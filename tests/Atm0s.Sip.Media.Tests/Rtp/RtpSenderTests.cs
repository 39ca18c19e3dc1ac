using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Codecs.G722;
using Atm0s.Sip.Media.Codecs.L16;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Concentus;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Rtp;

/// <summary>
/// What leaves as RTP. Scenarios: every packet time with every codec; what waits when audio stops; telephone events, silence and skipped
/// ticks between
/// audio; another format on the way.
/// </summary>
[TestFixture]
public class RtpSenderTests
{
    private const uint Ssrc = 0x01020304;
    private static readonly ushort FirstSequence = 65_530; // both wrap on the way
    private static readonly uint FirstTimestamp = uint.MaxValue - 5000;

    private static readonly IAudioCodec Linear8 = new LinearCodec(8000, 8000);
    private static readonly IAudioCodec Linear16 = new LinearCodec(16_000, 16_000);
    private static readonly IAudioCodec WideAt8000 = new LinearCodec(8000, 16_000); // the clock of G.722 (RFC 3551 §4.5.2)

    private static IEnumerable<TestCaseData> EveryCodecAndPacketTime()
    {
        IAudioCodec[] codecs = [PcmaCodec.Instance, PcmuCodec.Instance, G722Codec.Instance, Linear8, Linear16, WideAt8000];
        foreach (var codec in codecs)
        {
            foreach (
                var (asked, sent) in new[] { (1, 10), (10, 10), (15, 10), (20, 20), (25, 20), (30, 30), (40, 40), (50, 50), (60, 60),
                (120, 60), (9999, 60) })
                yield return new TestCaseData(codec, asked, sent)
                    .SetArgDisplayNames($"{codec.Name}/{codec.ClockRate}", $"{asked}", $"{sent}");
        }

        foreach (var (codec, max) in new[] { (L16Codec.Rate8000, 60), (L16Codec.Rate16000, 30), (L16Codec.Rate48000, 10) })
        {
            foreach (var asked in new[] { 10, 20, 30, 40, 50, 60 })
                yield return new TestCaseData(codec, asked, Math.Min(asked, max))
                    .SetArgDisplayNames($"L16/{codec.ClockRate}", $"{asked}", $"{Math.Min(asked, max)}");
        }

        IOpusCodecProvider[] providers = [LibOpusCodecProvider.Instance, new ConcentusOpusCodecProvider()];
        foreach (var provider in providers.Where(p => p.IsAvailable))
        {
            var codec = new OpusCodec(provider, new OpusEncoderOptions { ExpectedLossPercent = 0 });
            // RFC 6716 §2.1.4: 30 and 50 ms are no frame sizes.
            foreach (var (asked, sent) in new[] { (10, 10), (15, 10), (20, 20), (30, 20), (40, 40), (50, 40), (60, 60), (120, 60) })
                yield return new TestCaseData(codec, asked, sent).SetArgDisplayNames(provider.Name, $"{asked}", $"{sent}");
        }
    }

    [TestCaseSource(nameof(EveryCodecAndPacketTime))]
    [Property("rfc", "3551-4.2")]
    public void Write_EveryCodecAndPacketTime_SendsTheSameAudioInOrder(IAudioCodec codec, int askedMs, int sentMs)
    {
        const int frames = 60;
        using var sender = NewSender(codec, askedMs);
        using var decoder = codec.CreateDecoder();
        var input = Tone.Make(440, codec.SampleRate, frames * codec.SampleRate / 50, 8000);
        var (heard, sequence, timestamp, first) = (new List<short>(), FirstSequence, FirstTimestamp, true);
        var pcm = new short[5760];
        var datagram = new byte[1500];

        for (var tick = 1; tick <= frames; tick++)
        {
            var packets = sender.Write(input.AsSpan((tick - 1) * codec.SampleRate / 50, codec.SampleRate / 50));
            Assert.That(packets, Is.EqualTo((tick * 20 / sentMs) - ((tick - 1) * 20 / sentMs)),
                $"tick {tick}: no packet waits longer than it must");
            for (; packets > 0; packets--)
            {
                Assert.That(sender.TryTake(datagram, out var length), Is.True);
                Assert.That(RtpPacketView.TryParse(datagram.AsSpan(0, length), out var packet), Is.True);
                Assert.That((packet.SequenceNumber, packet.Timestamp, packet.Ssrc, packet.PayloadType, packet.Marker),
                    Is.EqualTo((sequence, timestamp, Ssrc, 96, first)));
                var decoded = decoder.Decode(packet.Payload, pcm);
                Assert.That(decoded, Is.EqualTo(codec.SampleRate * sentMs / 1000));
                heard.AddRange(pcm[..decoded]);
                sequence++;
                timestamp += (uint)(codec.ClockRate * sentMs / 1000);
                first = false;
            }

            Assert.That(sender.TryTake(datagram, out _), Is.False);
        }

        Assert.That(sender.PacketTime, Is.EqualTo(TimeSpan.FromMilliseconds(sentMs)));
        Assert.That(heard, Has.Count.EqualTo(frames * 20 / sentMs * sentMs * codec.SampleRate / 1000));
        if (codec.Name is "opus" or "G722")
        {
            var (amplitude, _) = Tone.Measure(heard.ToArray().AsSpan(^(codec.SampleRate / 2)..), 440, codec.SampleRate);
            Assert.That(Tone.Db(amplitude / 8000), Is.Zero.Within(1));
        }
        else
        {
            Assert.That(Tone.SignalToErrorDb(input.AsSpan(0, heard.Count), heard.ToArray()), Is.GreaterThan(35));
        }
    }

    [Test]
    public void PacketTime_OpusPeerWithMinAndMaxTime_IsBetweenThem()
    {
        var codec = new OpusCodec(new ConcentusOpusCodecProvider());

        Assert.That(Closest("minptime=20", 10), Is.EqualTo(20));
        Assert.That(Closest("minptime=10", 10), Is.EqualTo(10));
        Assert.That(Closest("maxptime=40", 60), Is.EqualTo(40));
        Assert.That(Closest("minptime=30", 20), Is.EqualTo(40), "no packet shorter than the peer wants");
        Assert.That(Closest("minptime=60;maxptime=10", 20), Is.EqualTo(10), "no packet longer than the peer takes");

        double Closest(string parameters, int asked) =>
            codec.ClosestPacketTime(new AudioEncoderSettings(TimeSpan.FromMilliseconds(asked), parameters)).TotalMilliseconds;
    }

    [Test]
    public void PacketTime_CodecWithOneFrameSize_IsThatOne()
    {
        using var sender = NewSender(new LinearCodec(8000, 8000) { OnlyPacketTime = TimeSpan.FromMilliseconds(30) }, 20);

        Assert.That(sender.PacketTime.TotalMilliseconds, Is.EqualTo(30));
        Assert.That(new[] { Write(sender), Write(sender), Write(sender) }, Is.EqualTo(new[] { 0, 1, 1 }));
    }

    [Test]
    public void Write_WithoutTaking_ForgetsTheOldestAndKeepsTime()
    {
        using var sender = NewSender(PcmaCodec.Instance, 20);
        for (var i = 0; i < 5; i++)
            Assert.That(Write(sender), Is.EqualTo(1));

        Assert.That(Take(sender), Is.EqualTo((FirstSequence, FirstTimestamp + (4 * 160), true)));
    }

    [Test]
    public void Write_FrameOfAnotherLength_IsSilence()
    {
        using var sender = NewSender(PcmaCodec.Instance, 20);

        Assert.That(sender.Write(new short[960]), Is.Zero);
        Assert.That(Write(sender), Is.EqualTo(1));
        Assert.That(Take(sender), Is.EqualTo((FirstSequence, FirstTimestamp + 160, true)));
    }

    [TestCase(10)]
    [TestCase(20)]
    [TestCase(40)]
    [TestCase(60)]
    [Property("rfc", "3551-4.1")]
    public void Skip_Frames_MovesTheTimeAndMarksTheNext(int packetTime)
    {
        using var sender = NewSender(PcmaCodec.Instance, packetTime);
        var sent = Talk(sender, 6);
        Write(sender);
        sender.Skip(7);
        sender.Skip(0);
        sender.Skip(-3);
        var after = Talk(sender, 6);

        Assert.That(after[0].Sequence, Is.EqualTo((ushort)(sent[^1].Sequence + 1)), "a silence is no loss");
        Assert.That(
            after[0].Timestamp, Is.EqualTo(FirstTimestamp + ((6 + 1 + 7) * 160)), "what had begun is not sent, and its time passes");
        Assert.That(after.Select(p => p.Marker), Is.EqualTo(after.Select((_, i) => i == 0)));
    }

    [Test]
    [Property("rfc", "4733-2.5.1")]
    public void WriteEvent_BetweenAudio_HasItsOwnTimeAndOneSequence()
    {
        using var sender = NewSender(PcmaCodec.Instance, 40);
        Talk(sender, 4);
        var start = sender.Timestamp;
        var datagram = new byte[64];
        for (var i = 1; i <= 3; i++)
        {
            Assert.That(sender.WriteEvent(101, 5, end: i == 3, (ushort)(i * 160), first: i == 1, start, datagram), Is.EqualTo(16));
            Assert.That(RtpPacketView.TryParse(datagram.AsSpan(0, 16), out var packet), Is.True);
            Assert.That((packet.PayloadType, packet.SequenceNumber, packet.Timestamp, packet.Marker),
                Is.EqualTo((101, (ushort)(FirstSequence + 1 + i), start, i == 1)));
        }

        var after = Talk(sender, 4);
        Assert.That(
            (after[0].Sequence, after[0].Timestamp, after[0].Marker), Is.EqualTo(((ushort)(FirstSequence + 5), start + (3 * 160), true)));
        Assert.That(sender.Packets, Is.EqualTo(2 + 3 + 2));
        Assert.That(sender.WriteEvent(101, 5, true, 0, true, 0, new byte[15]), Is.Zero);
    }

    [Test]
    public void Take_EncoderHasNothingToSend_LeavesTheTimeOutAndMarksTheNext()
    {
        using var sender = NewSender(new LinearCodec(8000, 8000) { HasDtx = true }, 20);
        var loud = Tone.Make(440, 8000, 160, 8000);
        var datagram = new byte[1500];
        Assert.That((sender.Write(loud), Take(sender)), Is.EqualTo((1, (FirstSequence, FirstTimestamp, true))));
        for (var i = 0; i < 3; i++)
        {
            sender.Write(new short[160]);
            Assert.That(sender.TryTake(datagram, out var length), Is.False);
            Assert.That(length, Is.Zero);
        }

        Assert.That((sender.Write(loud), Take(sender)), Is.EqualTo((1, ((ushort)(FirstSequence + 1), FirstTimestamp + (4 * 160), true))));
    }

    [Test]
    public void Take_BufferTooShort_SendsNothing()
    {
        using var sender = NewSender(PcmaCodec.Instance, 20);
        foreach (var room in new[] { 0, 11, 12, 100 })
        {
            Write(sender);
            Assert.That(sender.TryTake(new byte[room], out var length), Is.False);
            Assert.That(length, Is.Zero);
        }

        Assert.That(sender.Packets, Is.Zero);
    }

    [Test]
    [Property("rfc", "7160-4.1")]
    public void ChangeFormat_AnotherClockRate_IsAnotherSource()
    {
        using var sender = NewSender(PcmaCodec.Instance, 20);
        Talk(sender, 5);
        var time = sender.Timestamp;

        sender.ChangeFormat(new RtpFormat(97, Linear16), TimeSpan.FromMilliseconds(20), ssrc: 77);

        Assert.That(
            (sender.Ssrc, sender.Packets, sender.Octets, sender.TotalPackets, sender.SampleRate), Is.EqualTo((77u, 0L, 0L, 5L, 16_000)));
        var after = Talk(sender, 2);
        Assert.That(after.Select(p => (p.Ssrc, p.PayloadType, p.Sequence)),
            Is.EqualTo(new[] { (77u, 97, (ushort)(FirstSequence + 5)), (77u, 97, (ushort)(FirstSequence + 6)) }));
        Assert.That(after.Select(p => p.Timestamp), Is.EqualTo(new[] { time, time + 320 }));
    }

    [Test]
    public void ChangeFormat_SameClockRate_IsTheSameSource()
    {
        using var sender = NewSender(PcmaCodec.Instance, 20);
        Talk(sender, 5);

        sender.ChangeFormat(new RtpFormat(9, G722Codec.Instance), TimeSpan.FromMilliseconds(20), ssrc: 77);

        var after = Talk(sender, 2);
        Assert.That((sender.Ssrc, sender.Packets), Is.EqualTo((Ssrc, 7L)));
        Assert.That(after.Select(p => (p.PayloadType, p.Sequence, p.Timestamp, p.Marker)), Is.EqualTo(new[]
        {
            (9, (ushort)(FirstSequence + 5), FirstTimestamp + (5 * 160), true),
                (9, (ushort)(FirstSequence + 6), FirstTimestamp + (6 * 160), false),
        }));
    }

    [Test]
    public void ChangeFormat_AnotherPayloadTypeOnly_KeepsTheEncoder()
    {
        var codec = new LinearCodec(8000, 8000);
        using var sender = NewSender(codec, 20);
        Talk(sender, 2);

        sender.ChangeFormat(new RtpFormat(100, codec), TimeSpan.FromMilliseconds(20), ssrc: 77);
        var after = Talk(sender, 1);
        Assert.That((codec.Encoders, after[0].PayloadType, after[0].Marker), Is.EqualTo((1, 100, false)));

        sender.ChangeFormat(new RtpFormat(100, codec), TimeSpan.FromMilliseconds(40), ssrc: 77);
        Assert.That((codec.Encoders, codec.Disposed, sender.PacketTime.TotalMilliseconds), Is.EqualTo((2, 1, 40)));
        sender.ChangeFormat(new RtpFormat(100, codec, "annex=1"), TimeSpan.FromMilliseconds(40), ssrc: 77);
        Assert.That((codec.Encoders, codec.LastSettings!.PeerParameters), Is.EqualTo((3, "annex=1")));
    }

    [TestCase("useinbandfec=1", true)]
    [TestCase(null, false)] // no a=fmtp is one with every parameter at its default (RFC 7587 §6.1)
    public void OnReport_Losses_BringFecToWhoTakesIt(string? parameters, bool expected)
    {
        var codec = new OpusCodec(new ConcentusOpusCodecProvider(), new OpusEncoderOptions { ExpectedLossPercent = 0 });
        using var sender = new RtpSender(
            new RtpFormat(111, codec, parameters), TimeSpan.FromMilliseconds(20), Ssrc, FirstSequence, FirstTimestamp);
        var voice = Tone.MakeVoice(48_000, 100 * 960, syllables: true);
        var datagram = new byte[1500];
        sender.OnReport(0.1, TimeSpan.FromMilliseconds(40));
        var fec = 0;
        for (var i = 0; i < 100; i++)
        {
            sender.Write(voice.AsSpan(i * 960, 960));
            Assert.That(sender.TryTake(datagram, out var length), Is.True);
            if (OpusPacket.TryParse(datagram.AsSpan(RtpHeader.Length..length), out var packet) && packet.HasFec)
                fec++;
        }

        Assert.That(fec, expected ? Is.GreaterThan(50) : Is.Zero);
    }

    [TestCase(10)]
    [TestCase(20)]
    [TestCase(30)]
    [TestCase(60)]
    public void WriteAndTake_EveryTick_AllocateNothing(int packetTime)
    {
        using var sender = NewSender(PcmaCodec.Instance, packetTime);
        var (pcm, datagram) = (Tone.Make(440, 8000, 160, 8000), new byte[1500]);

        var allocated = AllocationMeter.Measure(() =>
        {
            sender.Write(pcm);
            while (sender.TryTake(datagram, out _))
            {
            }
        });

        Assert.That(allocated, Is.Zero);
    }

    private static RtpSender NewSender(IAudioCodec codec, int packetTime) =>
        new(new RtpFormat(96, codec), TimeSpan.FromMilliseconds(packetTime), Ssrc, FirstSequence, FirstTimestamp);

    private static int Write(RtpSender sender) => sender.Write(Tone.Make(440, sender.SampleRate, sender.SampleRate / 50, 8000));

    private static (ushort Sequence, uint Timestamp, bool Marker) Take(RtpSender sender)
    {
        var datagram = new byte[1500];
        Assert.That(sender.TryTake(datagram, out var length), Is.True);
        Assert.That(RtpPacketView.TryParse(datagram.AsSpan(0, length), out var packet), Is.True);
        return (packet.SequenceNumber, packet.Timestamp, packet.Marker);
    }

    private static List<(ushort Sequence, uint Timestamp, bool Marker, int PayloadType, uint Ssrc)> Talk(RtpSender sender, int frames)
    {
        var sent = new List<(ushort, uint, bool, int, uint)>();
        var datagram = new byte[1500];
        for (var i = 0; i < frames; i++)
        {
            Write(sender);
            while (sender.TryTake(datagram, out var length))
            {
                Assert.That(RtpPacketView.TryParse(datagram.AsSpan(0, length), out var packet), Is.True);
                sent.Add((packet.SequenceNumber, packet.Timestamp, packet.Marker, packet.PayloadType, packet.Ssrc));
            }
        }

        return sent;
    }
}
