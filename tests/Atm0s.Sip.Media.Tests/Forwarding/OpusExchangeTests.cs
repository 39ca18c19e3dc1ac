using System.Buffers.Binary;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Forwarding;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Tests.Mixing;
using Atm0s.Sip.TestKit.Net;

namespace Atm0s.Sip.Media.Tests.Forwarding;

/// <summary>A phone among Opus streams: what goes through as it is, what is encoded anew, and how the streams go on at each change.</summary>
public sealed class OpusExchangeTests
{
    [Test]
    public void OpusPhone_GoesThroughAsItIs()
    {
        using var world = new ExchangeWorld();
        using var phone = world.AddOpusPhone();
        var packets = OpusPhone.Encode(Tone.Make(500, 48_000, 96_000, 8000).Chunk(960));
        world.Run(5);
        var next = 0;
        world.Run(100, () => phone.Say(packets[next++]));

        Assert.That(world.Exchange.IsPassing, Is.True);
        Assert.That(world.Out.Select(f => f.Payload), Is.EqualTo(packets.Select(p => p.Payload)), "byte by byte, and no tick late");
        AssertIsOneStream(world);
        Assert.That(world.Out[^1].Level, Is.EqualTo(packets[^1].Level).Within(1));
    }

    [Test]
    public void LossesOfThePhone_StayVisible_AndAFloodIsCutDown()
    {
        using var world = new ExchangeWorld();
        using var phone = world.AddOpusPhone();
        var packets = OpusPhone.Encode(Tone.Make(500, 48_000, 96_000, 8000).Chunk(960));
        world.Run(2);
        var next = 0;
        world.Run(20, () => phone.Say(packets[next++]));
        phone.Lose();
        world.Run(20, () => phone.Say(packets[next++]));
        Assert.That(world.Out, Has.Count.EqualTo(40));
        Assert.That(world.Out[20].Number - world.Out[19].Number, Is.EqualTo(2));
        Assert.That(world.Out[20].Time - world.Out[19].Time, Is.EqualTo(1920u));

        var before = world.Frames;
        world.Run(100, () =>
        {
            for (var i = 0; i < 200; i++) // 10,000 a second
                phone.Say(packets[0]);
        });
        Assert.That(world.Frames - before, Is.InRange(50, 100 + 50), "a voice and a quarter, and a burst of half a second");
    }

    [Test]
    public void LevelsOfThePhone_AreTold()
    {
        using var world = new ExchangeWorld();
        using var phone = world.AddOpusPhone(levels: 3);
        var frames = OpusPhone.Encode(Tone.Make(500, 48_000, 9600, 2000).Chunk(960));
        world.Run(2);
        var next = 0;
        world.Run(10, () => phone.Say(frames[next++]));
        Assert.That(world.Out.Select(f => f.Level), Is.EqualTo(frames.Select(f => (int?)f.Level)));
    }

    [Test]
    public void PhoneOfAnotherCodec_IsEncoded()
    {
        using var world = new ExchangeWorld();
        var phone = world.AddPhone();
        phone.IsSpeaking = true;
        world.Run(100);

        Assert.That(world.Exchange.IsPassing, Is.False);
        Assert.That(world.Out.Count, Is.InRange(96, 100));
        AssertIsOneStream(world);
        Assert.That(SnrOf(world.Said, 400), Is.GreaterThan(25));
        Assert.That(world.Out[^1].Level, Is.EqualTo(15).Within(1), "-12 dB of a sine");
    }

    [Test]
    public void MutedPhone_IsNotHeard_AndItsStreamGoesOnAfterwards()
    {
        using var world = new ExchangeWorld();
        using var phone = world.AddOpusPhone();
        var packets = OpusPhone.Encode(Tone.Make(500, 48_000, 96_000, 8000).Chunk(960));
        var next = 0;
        world.Run(2);
        world.Run(30, () => phone.Say(packets[next++]));
        phone.Leg.SetMuted(true);
        world.Run(1, () => phone.Say(packets[next++]));
        var before = world.Out.Count;
        world.Run(20, () => phone.Say(packets[next++]));
        Assert.That(world.Out, Has.Count.EqualTo(before), "nothing, not even silence");
        Assert.That(world.Exchange.IsPassing, Is.False);

        phone.Leg.SetMuted(false);
        world.Run(10, () => phone.Say(packets[next++]));

        Assert.That(world.Exchange.IsPassing, Is.True);
        Assert.That(world.Out.Count, Is.GreaterThan(before + 8));
        Assert.That(world.Out.Select(f => (int)f.Number), Is.EqualTo(Enumerable.Range(world.Out[0].Number, world.Out.Count)));
        Assert.That(world.Out[before].Time - world.Out[before - 1].Time, Is.EqualTo(21 * 960).Within(2 * 960), "the pause lasted as long as it did");
    }

    [Test]
    public void PhoneWhoseGainIsChanged_IsEncoded_InTheSameStream()
    {
        using var world = new ExchangeWorld();
        using var phone = world.AddOpusPhone();
        var packets = OpusPhone.Encode(Tone.Make(500, 48_000, 144_000, 4000).Chunk(960));
        var next = 0;
        world.Run(2);
        world.Run(50, () => phone.Say(packets[next++]));
        phone.Leg.SetGain(6);
        world.Run(50, () => phone.Say(packets[next++]));

        Assert.That(world.Exchange.IsPassing, Is.False);
        AssertIsOneStream(world);
        Assert.That(
            LevelOf(world.Said[^24_000..], 500) - LevelOf(world.Said[24_000..40_000], 500), Is.EqualTo(6).Within(0.5), "the host hears it louder");
        Assert.That(world.Out[40].Level - world.Out[^1].Level, Is.EqualTo(6), "and is told so");
        phone.Leg.SetGain(0);
        world.Run(30, () => phone.Say(packets[next++]));
        Assert.That(world.Exchange.IsPassing, Is.True);
        AssertIsOneStream(world);
    }

    /// <summary>What waits in the phone's buffer when its gain is changed was told by its packets, and is not encoded again.</summary>
    [Test]
    public void PhoneThatIsEncodedFromNowOn_IsNotToldTwice()
    {
        using var world = new ExchangeWorld();
        using var phone = world.AddOpusPhone();
        phone.Leg.Update(phone.Parameters with { JitterBuffer = phone.Parameters.JitterBuffer with { MinimumDelay = TimeSpan.FromMilliseconds(80) } });
        var packets = OpusPhone.Encode(Tone.Make(500, 48_000, 144_000, 4000).Chunk(960));
        var next = 0;
        world.Run(2);
        world.Run(50, () => phone.Say(packets[next++]));
        Assert.That(world.Out, Has.Count.EqualTo(50));
        phone.Leg.SetGain(6);
        world.Run(50, () => phone.Say(packets[next++]));
        Assert.That(world.Out, Has.Count.EqualTo(100 - 4).Within(1), "what has come, and is to be heard, waits");
        world.Run(4);
        Assert.That(world.Out, Has.Count.EqualTo(100).Within(1));
    }

    [Test]
    public void SingleSource_GoesToAnOpusPhoneAsItIs()
    {
        using var world = new ExchangeWorld();
        using var phone = world.AddOpusPhone();
        var voice = world.AddVoice(440);
        world.Run(50, after: () => phone.Hear(listens: false));
        phone.Packets.Clear();
        var said = voice.Packets.Count;
        world.Run(100, after: () => phone.Hear(listens: false));

        var payloads = phone.Packets.Select(p => p[RtpHeader.Length..]).ToArray();
        Assert.That(payloads, Has.Length.EqualTo(100));
        var first = voice.Packets.FindLastIndex(said, p => p.AsSpan().SequenceEqual(payloads[0]));
        Assert.That(payloads, Is.EqualTo(voice.Packets[first..(first + 100)]), "byte by byte");
        Assert.That(said - first, Is.InRange(0, 3), "within 60 ms");
        AssertIsOneStream(phone);
        Assert.That(world.Media.Engine.Metrics.PacketsPassed, Is.GreaterThanOrEqualTo(100));
        Assert.That(world.Frames, Is.Zero, "nobody hears itself: the phone has said nothing");
    }

    [Test]
    public void SecondSource_MakesItAMix_AndWhenItStopsTheOtherGoesOnAlone()
    {
        using var world = new ExchangeWorld();
        using var phone = world.AddOpusPhone();
        world.AddVoice(440);
        var other = world.AddVoice(1000);
        other.IsSpeaking = false;
        var heard = new List<short>();
        void Hear()
        {
            phone.Hear(listens: true);
            heard.AddRange(phone.Heard);
        }

        world.Run(50, after: Hear);
        var passed = world.Media.Engine.Metrics.PacketsPassed;
        Assert.That(passed, Is.GreaterThan(20));
        other.IsSpeaking = true;
        world.Run(100, after: Hear);
        Assert.That(world.Media.Engine.Metrics.PacketsPassed - passed, Is.LessThan(10), "at once");
        Assert.That(LevelOf(heard[^48_000..], 440), Is.EqualTo(LevelOf(heard[^48_000..], 1000)).Within(1));
        other.IsSpeaking = false;
        passed = world.Media.Engine.Metrics.PacketsPassed;
        world.Run(100, after: Hear);

        Assert.That(world.Media.Engine.Metrics.PacketsPassed - passed, Is.GreaterThan(30), "after a while");
        Assert.That(LevelOf(heard[^24_000..], 1000), Is.LessThan(-60));
        Assert.That(LevelOf(heard[^24_000..], 440), Is.EqualTo(20 * Math.Log10(4000 / 32768.0)).Within(1));
        AssertIsOneStream(phone, slack: 2 * 960);
    }

    [Test]
    public void LostPackets_AreConcealed_AndTheStreamHasNoGap()
    {
        using var world = new ExchangeWorld();
        using var phone = world.AddOpusPhone();
        var voice = world.AddVoice(440);
        var heard = new List<short>();
        void Hear()
        {
            phone.Hear(listens: true);
            heard.AddRange(phone.Heard);
        }

        world.Run(50, after: Hear);
        var i = 0;
        world.Run(200, () => voice.IsSpeaking = ++i % 50 != 0 || Skip(voice), Hear);

        AssertIsOneStream(phone);
        Assert.That(world.Media.Engine.Metrics.PacketsPassed, Is.GreaterThan(170), "what is not near a loss goes as it is");
        Assert.That(heard[48_000..].Chunk(960).Min(frame => frame.Max(s => Math.Abs((int)s))), Is.GreaterThan(1000), "no hole");
        Assert.That(LevelOf(heard[^96_000..], 440), Is.EqualTo(Tone.Db(4000 / 32768.0)).Within(1));
    }

    /// <summary>A participant that leaves in the middle of a word: the phone's stream goes on, packet by packet.</summary>
    [Test]
    public void SourceThatIsRemovedWhileItIsForwarded_LeavesThePhoneItsStream()
    {
        using var world = new ExchangeWorld();
        using var phone = world.AddOpusPhone();
        var voice = world.AddVoice(440);
        world.Run(50, after: () => phone.Hear(listens: false));
        Assert.That(world.Media.Engine.Metrics.PacketsPassed, Is.GreaterThan(30));
        phone.Packets.Clear();
        voice.Source.Remove();
        world.Run(100, after: () => phone.Hear(listens: false));
        Assert.That(phone.Packets, Has.Count.EqualTo(100).Within(2));
        AssertIsOneStream(phone);
    }

    /// <summary>A key that is sent as a tone does not wait until somebody else's voice ends.</summary>
    [Test]
    public void TonesOfAKey_GoBeforeAForwardedVoice()
    {
        using var world = new ExchangeWorld();
        using var phone = world.AddOpusPhone();
        phone.Leg.Update(phone.Parameters with { SendInbandDtmf = true });
        world.AddVoice(440);
        world.Run(50, after: () => phone.Hear(listens: false));
        Assert.That(phone.Leg.SendDtmf("5", TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(100)), Is.True);
        var heard = new List<short>();
        world.Run(10, after: () =>
        {
            phone.Hear(listens: true);
            heard.AddRange(phone.Heard);
        });
        Assert.That(LevelOf(heard[2880..9600], 770), Is.GreaterThan(-25), "from 60 ms on");
        Assert.That(LevelOf(heard[2880..9600], 1336), Is.GreaterThan(-25));
        world.Run(50, after: () => phone.Hear(listens: false));
        AssertIsOneStream(phone);
    }

    [Test]
    public void PassThroughThatIsOff_HasAllEncoded_BothWays()
    {
        using var world = new ExchangeWorld();
        using var phone = world.AddOpusPhone(passThrough: false);
        world.AddVoice(440);
        var packets = OpusPhone.Encode(Tone.Make(500, 48_000, 96_000, 8000).Chunk(960));
        var next = 0;
        world.Run(100, () => phone.Say(packets[next++]));
        Assert.That(world.Media.Engine.Metrics.PacketsPassed, Is.Zero);
        Assert.That(world.Exchange.IsPassing, Is.False);
        Assert.That(world.Out, Has.Count.GreaterThan(90));
        Assert.That(world.Out.Select(f => Convert.ToHexString(f.Payload)).Intersect(packets.Select(p => Convert.ToHexString(p.Payload))), Is.Empty);
        AssertIsOneStream(world);
    }

    /// <summary>Whoever tells of losses gets copies of what he may lose, and not packets that have none.</summary>
    [Test]
    public void PhoneThatLosesPackets_IsEncodedFor()
    {
        using var world = new ExchangeWorld();
        using var phone = world.AddOpusPhone();
        world.AddVoice(440);
        world.Run(100, after: () => phone.Hear(listens: false));
        Assert.That(world.Media.Engine.Metrics.PacketsPassed, Is.GreaterThan(80));
        for (var i = 0; i < 20; i++)
        {
            phone.ReportLoss(0.1);
            world.Run(5, after: () => phone.Hear(listens: false));
        }

        var passed = world.Media.Engine.Metrics.PacketsPassed;
        world.Run(50, after: () => phone.Hear(listens: false));
        Assert.That(world.Media.Engine.Metrics.PacketsPassed, Is.EqualTo(passed));
        AssertIsOneStream(phone);
    }

    /// <summary>RFC 6464 for packets that go as they are, too: a display of levels must not freeze while one speaks.</summary>
    [Test]
    public void ForwardedPackets_TellTheirLevel()
    {
        using var world = new ExchangeWorld();
        using var phone = world.AddOpusPhone();
        phone.Leg.Update(phone.Parameters with { SendAudioLevelExtension = 3 });
        world.AddVoice(440, 4000);
        world.Run(50, after: () => phone.Hear(listens: false));
        phone.Packets.Clear();
        var passed = world.Media.Engine.Metrics.PacketsPassed;
        world.Run(50, after: () => phone.Hear(listens: false));
        Assert.That(world.Media.Engine.Metrics.PacketsPassed - passed, Is.EqualTo(50));
        foreach (var datagram in phone.Packets)
        {
            Assert.That(RtpPacketView.TryParse(datagram, out var packet));
            Assert.That(packet.TryGetAudioLevel(3, out var level, out var voice));
            Assert.That(level, Is.EqualTo(21).Within(1), "a sine of 4000");
            Assert.That(voice, Is.True);
        }
    }

    [Test]
    public void SourceWhoseRoomIsGivenUp_TakesNothingMore()
    {
        using var world = new ExchangeWorld();
        var voice = world.AddVoice(440);
        world.Run(10);
        world.Room.Abandon();
        Assert.That(voice.Push(0, 0, ExchangeWorld.Tones(440, 4000)[0]), Is.False);
    }

    /// <summary>What nobody hears need not be decoded: a phone whose packets go out as they are, and for whom nobody stands in the room.</summary>
    [Test]
    public void PhoneThatPasses_IsHardlyDecoded_WhenItTellsItsLevel([Values(0, 3)] int levels)
    {
        using var world = new ExchangeWorld();
        using var phone = world.AddOpusPhone(levels);
        var packets = OpusPhone.Encode(Tone.Make(500, 48_000, 192_000, 8000).Chunk(960));
        var next = 0;
        world.Run(2);
        world.Run(200, () => phone.Say(packets[next++]));
        Assert.That(world.Media.Engine.Metrics.PacketsLeftOut, levels > 0 ? Is.GreaterThan(60) : Is.LessThan(5));
        Assert.That(world.Out, Has.Count.EqualTo(200));
        Assert.That(world.Out[20..].Select(f => f.Level), Has.All.EqualTo(packets[50].Level).Within(3));
    }

    [Test]
    public void PhoneWithALimitedBitRate_GetsNothingAsItIs()
    {
        using var world = new ExchangeWorld();
        using var phone = world.AddOpusPhone();
        phone.Leg.Update(phone.Parameters with { SendFormat = phone.Parameters.SendFormat with { Parameters = "maxaveragebitrate=16000" } });
        world.AddVoice(440);
        world.Run(100, after: () => phone.Hear(listens: false));
        Assert.That(world.Media.Engine.Metrics.PacketsPassed, Is.Zero);
        Assert.That(phone.Packets, Has.Count.GreaterThan(95));
    }

    [Test]
    public void ForwardingCanBeSwitchedOff()
    {
        using var world = new ExchangeWorld(forwards: false);
        using var phone = world.AddOpusPhone();
        world.AddVoice(440);
        world.Run(100, after: () => phone.Hear(listens: false));
        Assert.That(world.Media.Engine.Metrics.PacketsPassed, Is.Zero);
    }

    [Test]
    public void PhoneOfAnotherCodec_HearsTheLoudest_WhateverItSaysItself()
    {
        using var world = new ExchangeWorld(maxSpeakers: 2);
        var phone = world.AddPhone();
        phone.IsSpeaking = true;
        phone.Decibels = -3;
        world.AddVoice(600, 6000);
        world.AddVoice(1000, 4000);
        world.AddVoice(1500, 1000);
        world.Run(100);

        var heard = phone.Heard.End(TimeSpan.FromSeconds(1)).Measure(600, 1000, 1500, 400);
        Assert.That(heard.Levels[600], Is.EqualTo(Tone.Db(6000 / 32768.0)).Within(1));
        Assert.That(heard.Levels[1000], Is.EqualTo(Tone.Db(4000 / 32768.0)).Within(1), "the phone takes no place");
        Assert.That(heard.Levels[1500], Is.LessThan(-55));
        Assert.That(heard.Levels[400], Is.LessThan(-55), "nobody hears itself");
    }

    [Test]
    public void Losses_AreConcealed_ForAPhoneThatGetsAMix()
    {
        using var world = new ExchangeWorld();
        var phone = world.AddPhone();
        var voice = world.AddVoice(440);
        var i = 0;
        world.Run(200, () => voice.IsSpeaking = ++i % 20 != 0 || Skip(voice));
        var heard = phone.Heard.End(TimeSpan.FromSeconds(3));
        Assert.That(heard.Measure(440).Levels[440], Is.EqualTo(Tone.Db(4000 / 32768.0)).Within(1), "one of twenty is lost");
        var frames = heard.Samples.Chunk(160).Select(frame => frame.Max(Math.Abs)).ToArray();
        Assert.That(frames.Min(), Is.GreaterThan(0.03), "and there is no hole");
    }

    [Test]
    public void PacketsThatOvertakeEachOther_AreHeardInOrder()
    {
        using var world = new ExchangeWorld();
        var phone = world.AddPhone();
        var voice = world.AddVoice(440);
        voice.IsSpeaking = false;
        var packets = ExchangeWorld.Tones(440, 4000);
        ushort number = 0;
        world.Run(100, () =>
        {
            // Two by two, the second first.
            if (number % 2 == 0)
                voice.Push((ushort)(number + 1), (uint)(number + 1) * 960, packets[(number + 1) % packets.Length]);
            else
                voice.Push((ushort)(number - 1), (uint)(number - 1) * 960, packets[(number - 1) % packets.Length]);
            number++;
        });
        Assert.That(phone.Heard.End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(20));
    }

    [Test]
    public void Flood_CostsItsSourceAlone()
    {
        using var world = new ExchangeWorld();
        var phone = world.AddPhone();
        world.AddVoice(600);
        var flood = world.AddVoice(1000);
        flood.IsSpeaking = false;
        var packets = ExchangeWorld.Tones(1000, 4000);
        ushort number = 0;
        world.Run(150, () =>
        {
            // 10,000 a second.
            for (var i = 0; i < 200; i++)
                flood.Push(number, number++ * 960u, packets[number % packets.Length]);
        });

        Assert.That(phone.Heard.End(TimeSpan.FromSeconds(1)).Measure(600).Levels[600], Is.EqualTo(Tone.Db(4000 / 32768.0)).Within(1));
        Assert.That(flood.Source.Lost, Is.GreaterThan(25_000));
        Assert.That(world.Room.MemberCount, Is.EqualTo(3));
    }

    [Test]
    public void WhatIsNoOpus_IsRefused_AndASourceThatIsGoneToo()
    {
        using var world = new ExchangeWorld();
        world.AddPhone();
        var voice = world.AddVoice(600);
        Assert.That(voice.Push(0, 0, []), Is.False);
        Assert.That(voice.Push(0, 0, [0x7B, 0x00]), Is.False, "no frames in it");
        Assert.That(voice.Push(0, 0, new byte[1501]), Is.False);
        world.Run(10);
        voice.Source.Remove();
        voice.Source.Remove();
        world.Run(2);
        Assert.That(voice.Push(0, 0, [0x78, 1]), Is.False);
        Assert.That(world.Room.MemberCount, Is.EqualTo(1));
        world.Room.Close();
        world.Run(1);
        Assert.That(world.Exchange.AddSource(TimeSpan.FromMilliseconds(100)), Is.Null, "the room is closed");
    }

    [Test]
    public void SourceThatPauses_LeavesSilence_AndGoesOn()
    {
        using var world = new ExchangeWorld();
        using var phone = world.AddOpusPhone();
        var voice = world.AddVoice(440);
        world.Run(50, after: () => phone.Hear(listens: false));
        voice.IsSpeaking = false;
        world.Run(100, after: () => phone.Hear(listens: false));
        Assert.That(phone.Packets.Count, Is.GreaterThan(140), "a steady stream keeps bindings of NATs");
        voice.IsSpeaking = true;
        phone.Packets.Clear();
        world.Run(50, after: () => phone.Hear(listens: false));
        Assert.That(phone.Packets[^1][RtpHeader.Length..], Is.AnyOf(voice.Packets.TakeLast(4).Cast<object>().ToArray()), "as it is, again");
    }

    [Test]
    public void TicksOfAnExchange_AllocateNothing([Values] bool opus, [Values(1, 4)] int sources)
    {
        using var load = new RoomLoad(1, opus ? ExchangeWorld.Codec : PcmaCodec.Instance, passThrough: true);
        var host = new Counter();
        load.Room.MaxSpeakers = 3;
        var exchange = OpusExchange.Open(load.Room, ExchangeWorld.Codec, true, host);
        var all = Enumerable.Range(0, sources).Select(_ => exchange.AddSource(TimeSpan.FromMilliseconds(100))!).ToArray();
        var packets = ExchangeWorld.Tones(440, 4000);
        ushort number = 0;
        void Tick()
        {
            foreach (var source in all)
            {
                source.Push(new EncodedFrame
                {
                    SequenceNumber = number, Timestamp = number * 960u, Samples = 0, Level = 20, Payload = packets[number % packets.Length],
                });
            }

            number++;
            load.Tick();
        }

        for (var i = 0; i < 500; i++)
            Tick();
        // Three times, for the runtime itself makes something now and then when it compiles anew: a packet would make something each time.
        var heard = host.Frames;
        var made = Enumerable.Range(0, 3).Select(_ => Measure()).ToArray();
        Assert.That(made.Min(), Is.Zero);
        Assert.That(host.Frames - heard, Is.GreaterThan(550));
        Assert.That(load.Legs[0].GetStatistics().PacketsSent, Is.GreaterThan(1000));

        long Measure()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 200; i++)
                Tick();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static void AssertIsOneStream(ExchangeWorld world)
    {
        foreach (var (one, next) in world.Out.Zip(world.Out.Skip(1)))
        {
            Assert.That(next.Number, Is.EqualTo((ushort)(one.Number + 1)));
            Assert.That(next.Time - one.Time, Is.InRange(960u, 1920u));
        }
    }

    private static void AssertIsOneStream(OpusPhone phone, uint slack = 0)
    {
        foreach (var (one, next) in phone.Packets.Zip(phone.Packets.Skip(1)))
        {
            Assert.That(NumberOf(next), Is.EqualTo((ushort)(NumberOf(one) + 1)));
            Assert.That(TimeOf(next) - TimeOf(one), Is.InRange(960u, 960u + slack));
        }
    }

    private static bool Skip(ExchangeWorld.Voice voice)
    {
        voice.Number++;
        return false;
    }

    private static ushort NumberOf(byte[] packet) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2));

    private static uint TimeOf(byte[] packet) => BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(4));

    private static double SnrOf(List<short> pcm, double hz) => Wav(pcm[^24_000..]).Measure(hz).Snr;

    private static double LevelOf(List<short> pcm, double hz) => Wav(pcm).Measure(hz).Levels[hz];

    private static WavFile Wav(List<short> pcm) => new(48_000, [.. pcm.Select(s => s / 32768f)]);

    /// <summary>Packets that come unevenly, and by another clock, as over a network.</summary>
    [TestCase(0, 0, 0.97), TestCase(20, 0, 0.9), TestCase(60, 0, 0.9), TestCase(20, 100, 0.9), TestCase(20, -100, 0.9)]
    public void UnevenSource_StillGoesAsItIs(int jitter, int drift, double share)
    {
        using var world = new ExchangeWorld();
        using var phone = world.AddOpusPhone();
        var voice = world.AddVoice(440);
        voice.IsSpeaking = false;
        var packets = ExchangeWorld.Tones(440, 4000);
        var random = new Random(5);
        var waiting = new Queue<(double Due, ushort Number)>();
        var (now, said, lastDue) = (0.0, 0, 0.0);
        void Come()
        {
            now += 5;
            for (; said * 20 * (1 - (drift / 1e6)) < now; said++)
            {
                lastDue = Math.Max(lastDue, (said * 20 * (1 - (drift / 1e6))) + (random.NextDouble() * jitter));
                waiting.Enqueue((lastDue, (ushort)said));
            }

            while (waiting.TryPeek(out var packet) && packet.Due <= now)
            {
                waiting.Dequeue();
                voice.Push(packet.Number, packet.Number * 960u, packets[packet.Number % packets.Length]);
            }
        }

        void Run(int ticks)
        {
            for (var i = 0; i < ticks * 4; i++)
            {
                Come();
                world.Media.Clock.Advance(MediaClock.SubTick);
                phone.Hear(listens: false);
            }
        }

        Run(250);
        var (passed, sent) = (world.Media.Engine.Metrics.PacketsPassed, world.Media.Engine.Metrics.PacketsSent);
        Run(1500);
        passed = world.Media.Engine.Metrics.PacketsPassed - passed;
        sent = world.Media.Engine.Metrics.PacketsSent - sent;
        TestContext.Out.WriteLine($"{jitter} ms, {drift} ppm: {(double)passed / sent:P1}");
        Assert.That(sent, Is.EqualTo(1500).Within(1));
        Assert.That((double)passed / sent, Is.GreaterThanOrEqualTo(share));
        AssertIsOneStream(phone, slack: 960);
    }

    private sealed class Counter : IOpusExchangeObserver
    {
        public int Frames { get; private set; }

        public void OnFrame(in EncodedFrame frame) => Frames++;
    }
}
