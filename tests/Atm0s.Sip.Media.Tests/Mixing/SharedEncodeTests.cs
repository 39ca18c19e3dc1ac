using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit.Net;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>Listeners who hear the same are encoded for once; each has a stream of its own all the same.</summary>
public sealed class SharedEncodeTests
{
    [Test]
    public void Listeners_AreEncodedForOnce()
    {
        using var world = new MediaWorld();
        var phones = Enumerable.Range(0, 10).Select(_ => world.AddPhone()).ToArray();
        phones[0].IsSpeaking = true;
        world.Run(0.5);
        var before = world.Room.Groups.Encoded;

        world.Run(1);

        Assert.That(world.Room.Groups.Encoded - before, Is.EqualTo(50));
        foreach (var phone in phones[1..])
            Assert.That(phone.Heard.End(TimeSpan.FromSeconds(0.5)).Measure(400).Snr, Is.GreaterThan(30));
        Assert.That(phones[0].Heard.End(TimeSpan.FromSeconds(0.5)).Measure(400).Levels[400], Is.LessThan(-60), "nobody hears himself");
        Assert.That(phones.Select(phone => Ssrc(phone.Rtp[^1])).Distinct().Count(), Is.EqualTo(10));
    }

    [Test]
    public void WhoTakesSomethingElseAgainAndAgain_LeavesOthersTheirSharedEncoder()
    {
        using var world = new MediaWorld();
        var phones = Enumerable.Range(0, 4).Select(_ => world.AddPhone()).ToArray();
        phones[0].IsSpeaking = true;
        for (var i = 0; i < 16; i++)
        {
            var (format, time) = (new RtpFormat((byte)(i < 12 ? 8 : 0), i < 12 ? PcmaCodec.Instance : PcmuCodec.Instance), 10 * ((i % 12) + 1));
            phones[1].Update(p => p with { SendFormat = format, PacketTime = TimeSpan.FromMilliseconds(time) });
            world.Run(0.3);
        }

        world.Run(6);
        for (var i = 0; i < 3; i++)
            world.AddPhone(p => p with { SendFormat = new RtpFormat(0, PcmuCodec.Instance) });
        Assert.That(() => EncodedInASecond(), Is.EqualTo(100).After(5000, 10), "50 packets of the first, 50 of the last");

        long EncodedInASecond()
        {
            var before = world.Room.Groups.Encoded;
            world.Run(1);
            return world.Room.Groups.Encoded - before;
        }
    }

    [Test]
    public void WhoTakesOneThingAfterTheOther_LeavesOneSharedEncoder()
    {
        using var world = new MediaWorld();
        var phones = Enumerable.Range(0, 4).Select(_ => world.AddPhone()).ToArray();
        phones[0].IsSpeaking = true;
        world.Run(0.5);
        Assert.That(world.Room.Groups.Count, Is.EqualTo(1));
        for (var i = 0; i < 12; i++)
        {
            var time = TimeSpan.FromMilliseconds(10 * (i + 1));
            phones[1].Update(p => p with { PacketTime = time });
            world.Run(0.1);
            Assert.That(world.Room.Groups.Count, Is.LessThanOrEqualTo(2));
        }

        phones[1].Leg.Close();
        world.Run(6);
        Assert.That(world.Room.Groups.Count, Is.EqualTo(1));
    }

    [Test]
    public void TwoInARoom_EncodeForThemselves()
    {
        using var world = new MediaWorld();
        world.AddPhone().IsSpeaking = true;
        var listener = world.AddPhone();

        world.Run(1);

        Assert.That(world.Room.Groups.Encoded, Is.Zero);
        Assert.That(listener.Heard.End(TimeSpan.FromSeconds(0.5)).Measure(400).Snr, Is.GreaterThan(30));
    }

    /// <summary>Legs come at any tick, so their packets begin at any: nobody gets audio twice, or not at all.</summary>
    [TestCase(10), TestCase(20), TestCase(30), TestCase(40), TestCase(60)]
    public void PacketTimes_KeepTheirOwnBeginnings(int packetTime)
    {
        using var world = new MediaWorld();
        var speaker = world.AddPhone();
        speaker.IsSpeaking = true;
        var phones = Enumerable.Range(0, 7)
            .Select(_ => world.AddPhone(p => p with { PacketTime = TimeSpan.FromMilliseconds(packetTime) })).ToArray();
        world.Run(0.5);
        // One of them speaks for a while, and listens again.
        (phones[2].IsSpeaking, phones[2].Decibels) = (true, -60);
        world.Run(0.5);
        phones[2].IsSpeaking = false;
        world.Run(1);

        foreach (var phone in phones)
        {
            AssertUnbroken(phone, packetTime * 8);
            Assert.That(phone.Heard.End(TimeSpan.FromSeconds(0.6)).Measure(400).Snr, Is.GreaterThan(30));
        }
    }

    [Test]
    public void ListenerWhoSpeaks_AndListensAgain_HasOneUnbrokenStream()
    {
        using var world = new MediaWorld();
        var phones = Enumerable.Range(0, 6).Select(_ => world.AddPhone()).ToArray();
        (phones[0].IsSpeaking, phones[1].Hz) = (true, 700);
        for (var i = 0; i < 5; i++)
        {
            phones[1].IsSpeaking = true;
            world.Run(0.3);
            phones[1].IsSpeaking = false;
            world.Run(0.3);
        }

        foreach (var phone in phones)
            AssertUnbroken(phone, 160);
        Assert.That(phones[1].Heard.Measure(700).Levels[700], Is.LessThan(-60), "nobody hears himself");
    }

    /// <summary>Whom a change of rules does not concern shares on; whom it does encodes for himself while it lasts.</summary>
    [TestCase("tone", 0), TestCase("mute", 0), TestCase("deaf", 10), TestCase("whisper", 50 + 10)]
    public void ChangeOfARule_IsEncodedForThoseWhomItConcerns(string what, int concerned)
    {
        using var world = new MediaWorld();
        var phones = Enumerable.Range(0, 52).Select(_ => world.AddPhone(run: false)).ToArray();
        world.Run(0.02);
        (phones[0].IsSpeaking, phones[1].IsSpeaking, phones[1].Hz) = (true, true, 700);
        world.Run(1);
        var usual = InTenTicks();
        Assert.That(usual, Is.EqualTo(20), "the two who speak");

        if (what == "tone")
            world.Room.Add(ScriptedMember.Tone(1000, 3000), new MemberRule { IsPinned = true });
        else if (what == "mute")
            world.Room.Add(ScriptedMember.Silent(), new MemberRule { HeardBy = new HashSet<object>() });
        else
            phones[what == "deaf" ? 10 : 1].Leg.SetRule(new MemberRule { IsDeaf = what == "deaf", HeardBy = what == "deaf" ? null : new HashSet<object> { phones[2].Leg } });

        Assert.That(InTenTicks() - usual, Is.LessThanOrEqualTo(concerned + 2));
        foreach (var phone in phones)
            AssertUnbroken(phone, 160);

        long InTenTicks()
        {
            var before = Own();
            world.Run(0.2);
            return Own() - before;
        }

        long Own() => world.Engine.Metrics.PacketsSent - world.Engine.Metrics.PacketsShared - world.Engine.Metrics.PacketsPassed;
    }

    [Test]
    public void DigitOfAListener_TakesThePlaceOfItsAudio_AndNobodyElses()
    {
        using var world = new MediaWorld();
        var speaker = world.AddPhone();
        speaker.IsSpeaking = true;
        var phones = Enumerable.Range(0, 4).Select(_ => world.AddPhone(p => p with { SendEvents = new RtpEventFormat(101, 8000) })).ToArray();
        world.Run(0.5);

        phones[0].Leg.SendDtmf("5", TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(60));
        world.Run(1);

        var kinds = phones[0].Rtp.Select(packet => packet[1] & 0x7F).ToArray();
        Assert.That(kinds.Count(kind => kind == 101), Is.InRange(5, 8));
        Assert.That(phones[1].Rtp.Select(packet => packet[1] & 0x7F), Has.All.EqualTo(8));
        var sequences = phones[0].Rtp.Select(Sequence).ToArray();
        Assert.That(sequences.Zip(sequences.Skip(1), (a, b) => (ushort)(b - a)), Has.All.EqualTo((ushort)1));
        Assert.That(phones[0].Heard.End(TimeSpan.FromSeconds(0.5)).Measure(400).Snr, Is.GreaterThan(30));
        AssertUnbroken(phones[1], 160);
    }

    [Test]
    public void LossyListener_HasFec_AndTheOthersDoNotPayForIt()
    {
        if (!LibOpusCodecProvider.Instance.IsAvailable)
            Assert.Ignore("apt-get install libopus0");
        var opus = new OpusCodec(LibOpusCodecProvider.Instance, new OpusEncoderOptions { ExpectedLossPercent = 0 });
        using var world = new MediaWorld();
        var speaker = world.AddPhone();
        var phones = Enumerable.Range(0, 5).Select(_ => world.AddPhone(p => p with
        {
            SendFormat = new RtpFormat(96, opus, "useinbandfec=1"),
            ReceiveFormats = [new RtpFormat(96, opus)],
        })).ToArray();
        speaker.IsSpeaking = true;
        world.Run(1);
        Assert.That(phones[1..].Select(phone => string.Join(' ', Payloads(phone))).Distinct().Count(), Is.EqualTo(1), "the same bytes for all");

        // Two of them lose one packet in ten.
        for (var i = 0; i < 20; i++)
        {
            Report(phones[3], 0.1);
            Report(phones[4], 0.1);
            world.Run(0.1);
        }

        Assert.That(() => Lossy(), Is.True.After(5000, 10), "the encoder of that class is made elsewhere");
        Assert.That(IsWideband(phones[3]), Is.True, "what leaves room for copies");
        Assert.That(IsWideband(phones[1]), Is.False);

        bool Lossy()
        {
            world.Run(0.1);
            return Payloads(phones[3]).SequenceEqual(Payloads(phones[4])) && !Payloads(phones[3]).SequenceEqual(Payloads(phones[1]));
        }
    }

    [Test]
    public void TickInWhichSomeListen_AllocatesNothing()
    {
        using var load = new RoomLoad(100, PcmaCodec.Instance);
        foreach (var leg in load.Legs.Skip(5))
            leg.SetMuted(true);
        for (var i = 0; i < 500; i++)
            load.Tick();
        Assert.That(AllocationMeter.Measure(load.Tick), Is.Zero);
        Assert.That(load.Room.Groups.Encoded, Is.GreaterThan(100));
        Assert.That(load.Legs.Select(l => l.GetStatistics().PacketsSent).Distinct().Count(), Is.EqualTo(1));
    }

    private static List<string> Payloads(TestPhone phone) => [.. phone.Rtp.TakeLast(3).Select(packet => Convert.ToHexString(packet.AsSpan(12)))];

    // RFC 6716 §3.1: SILK alone.
    private static bool IsWideband(TestPhone phone) => phone.Rtp.TakeLast(10).All(packet => packet[12] >> 3 < 12);

    private static void Report(TestPhone phone, double lost)
    {
        var ssrc = BitConverter.GetBytes(Ssrc(phone.Rtp[^1]));
        Array.Reverse(ssrc);
        phone.SendRtcp(
        [
            0x81, 201, 0, 7, 0, 0, 0, 7, .. ssrc, (byte)(lost * 256), 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0x81, 202, 0, 3, 0, 0, 0, 7, 1, 1, (byte)'a', 0, 0, 0, 0, 0,
        ]);
    }

    private static void AssertUnbroken(TestPhone phone, int samples)
    {
        var packets = phone.Rtp.Where(packet => packet.Length > 12).ToArray();
        Assert.That(packets.Length, Is.GreaterThan(10));
        Assert.That(packets.Select(packet => packet.Length - 12), Has.All.EqualTo(samples));
        Assert.That(packets.Zip(packets.Skip(1), (a, b) => (ushort)(Sequence(b) - Sequence(a))), Has.All.EqualTo((ushort)1));
        Assert.That(packets.Zip(packets.Skip(1), (a, b) => Timestamp(b) - Timestamp(a)), Has.All.EqualTo((uint)samples));
        Assert.That(packets.Skip(1).Select(packet => packet[1] & 0x80), Has.All.Zero, "one talk spurt");
    }

    private static ushort Sequence(byte[] packet) => (ushort)((packet[2] << 8) | packet[3]);

    private static uint Timestamp(byte[] packet) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(4));

    private static uint Ssrc(byte[] packet) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(8));
}
