using System.Buffers.Binary;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Srtp;
using Atm0s.Sip.TestKit.Net;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>
/// The packets of a single speaker go on as they came, and nobody can tell: numbers, times and marks are those of the listener's own
/// stream, and the samples those that he would hear otherwise.
/// </summary>
public sealed class PassThroughTests
{
    [Test]
    public void SingleSpeaker_IsPassedOn()
    {
        using var world = new MediaWorld();
        var phones = Add(world, 4);
        phones[0].IsSpeaking = true;
        world.Run(0.5);
        var (passed, encoded) = (world.Engine.Metrics.PacketsPassed, world.Room.Groups.Encoded);

        world.Run(1);

        Assert.That(world.Engine.Metrics.PacketsPassed - passed, Is.EqualTo(150), "to the three who listen");
        Assert.That(world.Room.Groups.Encoded - encoded, Is.Zero);
        Assert.That(phones[1].Heard.End(TimeSpan.FromSeconds(0.5)).Measure(400).Snr, Is.GreaterThan(30));
        Assert.That(phones[0].Heard.End(TimeSpan.FromSeconds(0.5)).Measure(400).Levels[400], Is.LessThan(-60), "nobody hears himself");
        Assert.That(phones.Select(phone => phone.Rtp[^1]).Select(Ssrc).Distinct().Count(), Is.EqualTo(4));
    }

    [Test]
    public void SecondVoice_Gain_AndMute_EndIt_AndItGoesOn()
    {
        using var world = new MediaWorld();
        var phones = Add(world, 3);
        phones[0].IsSpeaking = true;
        world.Run(0.5);
        Assert.That(Passed(world), Is.EqualTo(20));

        (phones[1].IsSpeaking, phones[1].Hz) = (true, 700);
        world.Run(0.5);
        Assert.That(Passed(world), Is.EqualTo(20), "each of the two has the other, the third has both");
        phones[1].IsSpeaking = false;
        world.Run(1.5);
        Assert.That(Passed(world), Is.EqualTo(20));

        phones[0].Leg.SetGain(3);
        world.Run(0.2);
        Assert.That(Passed(world), Is.Zero);
        phones[0].Leg.SetGain(0);
        world.Run(0.2);
        Assert.That(Passed(world), Is.EqualTo(20));

        phones[0].Leg.SetAutomaticGain(true);
        world.Run(1);
        Assert.That(Passed(world), Is.Zero);
        phones[0].Leg.SetAutomaticGain(false);

        phones[0].Leg.SetMuted(true);
        world.Run(0.2);
        Assert.That(Passed(world), Is.Zero);
        phones[0].Leg.SetMuted(false);
        world.Run(0.2);

        phones[1].Leg.SetRule(new MemberRule { IsDeaf = true });
        world.Run(0.2);
        Assert.That(Passed(world), Is.EqualTo(10), "to the one who is not deaf");
        Assert.That(phones[1].Rtp[^1].AsSpan(12).IndexOfAnyExcept((byte)0xD5), Is.EqualTo(-1));
        foreach (var phone in phones)
            AssertUnbroken(phone.Rtp);
    }

    [TestCase(0, 8), TestCase(8, 0)]
    public void OtherLaw_IsEncodedAnew(byte sent, byte received)
    {
        using var world = new MediaWorld();
        var speaker = world.AddPhone(p => p with { PassThrough = true });
        var listener = world.AddPhone(p => p with { PassThrough = true, SendFormat = Format(received) });
        var other = world.AddPhone(p => p with { PassThrough = true, PacketTime = TimeSpan.FromMilliseconds(sent == 0 ? 40 : 10) });
        speaker.IsSpeaking = true;

        world.Run(1);

        Assert.That(world.Engine.Metrics.PacketsPassed, received == 8 ? Is.GreaterThan(40) : Is.Zero);
        Assert.That(listener.Rtp.Skip(1).Select(packet => packet.Length), Has.All.EqualTo(172));
        Assert.That(other.Heard.End(TimeSpan.FromSeconds(0.5)).Measure(400).Snr, Is.GreaterThan(30));

        static RtpFormat Format(byte type) => type == 8 ? new(8, PcmaCodec.Instance) : new(0, PcmuCodec.Instance);
    }

    [Test]
    public void OwnPayloadType_Mark_AndLevel_AreTheListeners()
    {
        using var world = new MediaWorld();
        var speaker = world.AddPhone(p => p with { PassThrough = true });
        var listener = world.AddPhone(p => p with
        {
            PassThrough = true,
            SendFormat = new RtpFormat(99, PcmaCodec.Instance),
            SendAudioLevelExtension = 2,
        });
        speaker.IsSpeaking = true;
        world.Run(0.5);

        Assert.That(Passed(world), Is.EqualTo(10));
        Assert.That(listener.Rtp[0][1], Is.EqualTo(0x80 | 99), "the stream begins");
        Assert.That(listener.Rtp.Skip(1).Select(packet => packet[1]), Has.All.EqualTo(99));
        Assert.That(RtpPacketView.TryParse(listener.Rtp[^1], out var last) && last.TryGetAudioLevel(2, out _, out _));
        last.TryGetAudioLevel(2, out var level, out var voice);
        Assert.That((level, voice), Is.EqualTo((15, true)), "a sine of -12 dB");
    }

    /// <summary>
    /// Whatever happens, with it and without it each phone gets the same bytes: passing on G.711 is no more than not to encode.
    /// </summary>
    [TestCase(1, false, 3), TestCase(2, false, MixRoom.AllSpeakers), TestCase(3, false, 1), TestCase(4, true, 3), TestCase(5, true, 1)]
    public void RandomRoom_SendsTheSameBytes_AsWithout(int seed, bool secured, int maxSpeakers)
    {
        var (with, passed) = RunRandom(seed, secured, maxSpeakers, passThrough: true);
        var (without, none) = RunRandom(seed, secured, maxSpeakers, passThrough: false);

        Assert.That(none, Is.Zero);
        Assert.That(passed, Is.GreaterThan(500));
        for (var i = 0; i < with.Length; i++)
        {
            AssertUnbroken(with[i]);
            Assert.That(with[i], Has.Count.EqualTo(without[i].Count));
            for (var k = 0; k < with[i].Count; k++)
                Assert.That(with[i][k], Is.EqualTo(without[i][k]), $"phone {i}, packet {k}");
        }
    }

    [TestCase(2, false), TestCase(40, true)]
    public void Tick_AllocatesNothing(int callers, bool someAreMuted)
    {
        using var load = new RoomLoad(callers, PcmaCodec.Instance, passThrough: true);
        foreach (var leg in load.Legs.Skip(1))
            leg.SetMuted(someAreMuted);
        for (var i = 0; i < 500; i++)
            load.Tick();
        Assert.That(AllocationMeter.Measure(load.Tick), Is.Zero);
        Assert.That(load.PacketsPassed, Is.GreaterThan(100));
    }

    private static (List<byte[]>[] Sent, long Passed) RunRandom(int seed, bool secured, int maxSpeakers, bool passThrough)
    {
        var random = new Random(seed);
        using var world = new MediaWorld();
        world.Room.MaxSpeakers = maxSpeakers;
        var phones = new List<TestPhone>();
        for (var i = 0; i < 5; i++)
        {
            var keys = secured && i != 2 ? KeysOf(i) : null;
            var phone = world.AddPhone(p => p with { PassThrough = passThrough, Keys = keys });
            if (keys is not null)
                phone.Secure(keys);
            phone.Hz = 300 + (170 * i);
            phones.Add(phone);
        }

        var talks = new bool[5];
        var late = new int[5];
        for (var tick = 0; tick < 2000; tick++)
        {
            for (var i = 0; i < 5; i++)
            {
                if (random.Next(talks[i] ? 60 : 150) == 0)
                    talks[i] = !talks[i];
                late[i] += talks[i] ? 1 : 0;
                // Now and then packets are late, two or three at once, or lost.
                if (random.Next(40) == 0)
                    continue;
                for (; late[i] > 0; late[i]--)
                {
                    if (random.Next(50) == 0)
                        phones[i].Lose();
                    else
                        phones[i].Say();
                }
            }

            var who = phones[random.Next(5)];
            switch (random.Next(200))
            {
                case 0:
                    who.Leg.SetMuted(true);
                    break;
                case 1 or 2:
                    who.Leg.SetMuted(false);
                    break;
                case 3:
                    who.Leg.SetGain(random.Next(-6, 6));
                    break;
                case 4 or 5:
                    who.Leg.SetGain(0);
                    break;
                case 6:
                    who.Leg.SetRule(new MemberRule { HeardBy = new HashSet<object> { phones[0].Leg, phones[3].Leg } });
                    break;
                case 7:
                    who.Leg.SetRule(new MemberRule { Hears = new HashSet<object> { phones[1].Leg, phones[2].Leg } });
                    break;
                case 8 or 9:
                    who.Leg.SetRule(MemberRule.Default);
                    break;
            }

            world.Run(0.02);
        }

        Assert.That(phones.Select(phone => phone.Unauthentic), Has.All.Zero);
        return ([.. phones.Select(phone => phone.Rtp.ToList())], world.Engine.Metrics.PacketsPassed);
    }

    private static TestPhone[] Add(MediaWorld world, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => world.AddPhone(p => p with { PassThrough = true }))];

    /// <summary>Packets passed on in the next 0.2 s.</summary>
    private static long Passed(MediaWorld world)
    {
        var before = world.Engine.Metrics.PacketsPassed;
        world.Run(0.2);
        return world.Engine.Metrics.PacketsPassed - before;
    }

    private static SrtpKeys KeysOf(int seed)
    {
        var suite = SrtpSuite.Find(seed % 2 == 0 ? "AES_CM_128_HMAC_SHA1_80" : "AEAD_AES_128_GCM")!;
        var random = new Random(seed);
        return new SrtpKeys(NewKey(), NewKey());

        SrtpKey NewKey()
        {
            var (key, salt) = (new byte[suite.KeyLength], new byte[suite.SaltLength]);
            random.NextBytes(key);
            random.NextBytes(salt);
            return new SrtpKey(suite, key, salt);
        }
    }

    private static void AssertUnbroken(List<byte[]> packets)
    {
        for (var i = 1; i < packets.Count; i++)
        {
            var (a, b) = (packets[i - 1], packets[i]);
            Assert.That((ushort)(Sequence(b) - Sequence(a)), Is.EqualTo(1));
            Assert.That(Timestamp(b) - Timestamp(a), Is.EqualTo(160u));
            Assert.That(b[1] & 0x80, Is.Zero, "one talk spurt");
        }
    }

    private static ushort Sequence(byte[] packet) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2));

    private static uint Timestamp(byte[] packet) => BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(4));

    private static uint Ssrc(byte[] packet) => BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(8));
}
