using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>Rooms in which not everybody is heard.</summary>
public sealed class ActiveSpeakerTests
{
    [Test]
    public void RoomOfMany_HearsTheThreeLoudest_ToTheSample()
    {
        using var world = new RoomWorld();
        var members = world.Add([.. Enumerable.Range(0, 12).Select(i => ScriptedMember.Tone(300 + (50 * i), 1000 + (300 * i)))]);

        world.Run(100);

        var loudest = members[^3..];
        for (var frame = 60; frame < 100; frame++)
        {
            foreach (var member in members)
            {
                var expected = Enumerable.Range(0, 160)
                    .Select(i => (short)loudest.Where(other => other != member).Sum(other => other.Said[frame]![i]));
                Assert.That(member.Heard[frame], Is.EqualTo(expected), $"frame {frame}");
            }
        }
    }

    [TestCase(1), TestCase(3), TestCase(16), TestCase(MixRoom.AllSpeakers)]
    public void NobodyHearsHimself_AndEverybodyTheOthers(int maxSpeakers)
    {
        using var world = new RoomWorld(maxSpeakers);
        var members = world.Add([.. Enumerable.Range(0, 20).Select(i => ScriptedMember.Tone(Hz(i), 500 + (40 * i)))]);

        world.Run(150);

        for (var i = 0; i < members.Length; i++)
        {
            Assert.That(members[i].Level(Hz(i)), Is.LessThan(-75), $"{i} hears itself");
            for (var other = 0; other < members.Length; other++)
            {
                var isHeard = other != i && other >= members.Length - Math.Min(members.Length, maxSpeakers);
                var said = Tone.Db((500 + (40 * other)) / 32768.0);
                Assert.That(members[i].Level(Hz(other)), isHeard ? Is.EqualTo(said).Within(0.2) : Is.LessThan(-75), $"{i} hears {other}");
            }
        }

        static double Hz(int i) => 300 + (100 * i);
    }

    [Test]
    public void RoomOfFour_HearsAll()
    {
        using var world = new RoomWorld();
        var members = world.Add([.. Enumerable.Range(0, 4).Select(i => ScriptedMember.Tone(300 + (100 * i), 200 * (i + 1)))]);

        world.Run(20);

        for (var frame = 0; frame < 20; frame++)
        {
            Assert.That(
                members[3].Heard[frame],
                Is.EqualTo(Enumerable.Range(0, 160).Select(i => members[..3].Sum(other => other.Said[frame]![i]))));
        }
    }

    [Test]
    public void WhoBeginsToSpeak_IsHeardInTheSameFrame_WithinTenMilliseconds()
    {
        using var world = new RoomWorld();
        var noise = Enumerable.Range(0, 10).Select(i => ScriptedMember.Tone(300 + (50 * i), 20)).ToArray();
        var speaker = new ScriptedMember(8000, (frame, i) => frame < 50 ? 5 * Math.Sin(i) : 8000 * Math.Sin(2 * Math.PI * 1000 * i / 8000));
        world.Add([.. noise, speaker]);

        world.Run(60);

        Assert.That(Tone.Rms(noise[0].Heard[49]), Is.LessThan(60));
        Assert.That(Tone.Rms(noise[0].Heard[50].AsSpan(80)), Is.GreaterThan(5000), "the second half of its first frame");
        Assert.That(Tone.Rms(noise[0].Heard[51]), Is.EqualTo(8000 / Math.Sqrt(2)).Within(100));
    }

    [Test]
    public void VoicesAsLoudAsEachOther_DoNotTakeTurnsByChance()
    {
        using var world = new RoomWorld();
        var random = new Random(3);
        var levels = Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, 500).Select(_ => 2000 + random.Next(1000)).ToArray()).ToArray();
        var members = world.Add(
            [.. levels.Select((level, n) => new ScriptedMember(8000, (frame, i) => level[frame] * Math.Sin(2 * Math.PI * (300 + (50 * n)) * i / 8000)))]);
        var listener = world.Add(ScriptedMember.Silent())[0];

        world.Run(500);

        // Those who are heard: frame by frame the same three.
        var heard = Enumerable.Range(0, 500).Select(frame => string.Join(',', Enumerable.Range(0, 8).Where(n => IsHeard(frame, n)))).ToArray();
        var changes = heard.Skip(50).Zip(heard.Skip(51)).Count(pair => pair.First != pair.Second);
        Assert.That(changes, Is.LessThanOrEqualTo(2));

        bool IsHeard(int frame, int n) => Tone.Measure(listener.Heard[frame], 300 + (50 * n), 8000).Amplitude > 1000;
    }

    [Test]
    public void SpeakerIsHeardForThreeTenthsOfASecond_UnlessSomebodyIsFarLouder()
    {
        Assert.That(HeardAfter(louder: 1.6), Is.GreaterThanOrEqualTo(12), "three ticks have passed");
        Assert.That(HeardAfter(louder: 10), Is.LessThanOrEqualTo(2));

        // Ticks until the second is heard, who begins 3 ticks after the first, where one is heard at a time.
        static int HeardAfter(double louder)
        {
            using var world = new RoomWorld(1);
            var first = new ScriptedMember(8000, (frame, i) => frame < 20 ? 10 : 2000 * Math.Sin(2 * Math.PI * 500 * i / 8000));
            var second = new ScriptedMember(
                8000, (frame, i) => frame < 23 ? 100 : 2000 * louder * Math.Sin(2 * Math.PI * 1000 * i / 8000));
            var listener = ScriptedMember.Silent();
            world.Add(first, second, listener, ScriptedMember.Silent());
            world.Run(80);
            return listener.Heard.FindIndex(frame => Tone.Measure(frame, 1000, 8000).Amplitude > 1000) - 23;
        }
    }

    [Test]
    public void ChangeOfSpeakers_DoesNotClick()
    {
        using var world = new RoomWorld(1);
        var one = new ScriptedMember(8000, (frame, i) => frame < 50 ? 8000 * Math.Sin(2 * Math.PI * 300 * ((frame * 160) + i) / 8000) : 500);
        var other = new ScriptedMember(8000, (frame, i) => frame < 50 ? 500 : 8000 * Math.Cos(2 * Math.PI * 300 * ((frame * 160) + i) / 8000));
        var listener = ScriptedMember.Silent();
        world.Add(one, other, listener);

        world.Run(100);

        short[] heard = [.. listener.Heard.Skip(2).SelectMany(frame => frame)];
        var steps = heard.Zip(heard.Skip(1), (a, b) => Math.Abs(b - a)).Max();
        Assert.That(steps, Is.LessThan(2600), "a tone of 300 Hz has 1,880; the voice itself jumps where it ends");
    }

    [Test]
    public void PinnedMember_IsHeardBesideTheSpeakers()
    {
        using var world = new RoomWorld(1);
        var speaker = ScriptedMember.Tone(500, 8000);
        var announcement = ScriptedMember.Tone(1000, 100);
        var listener = ScriptedMember.Silent();
        world.Add(speaker, announcement, listener, ScriptedMember.Tone(1500, 200));
        world.Room.SetRule(announcement, new MemberRule { IsPinned = true });

        world.Run(100);

        Assert.That(listener.Level(500), Is.EqualTo(Tone.Db(8000 / 32768.0)).Within(0.2));
        Assert.That(listener.Level(1000), Is.EqualTo(Tone.Db(100 / 32768.0)).Within(0.5));
        Assert.That(listener.Level(1500), Is.LessThan(-75));
    }

    [Test]
    public void PinnedMember_TakesTheSlotOfNoSpeaker()
    {
        using var world = new RoomWorld(1);
        var announcement = ScriptedMember.Tone(1000, 8000);
        var listener = ScriptedMember.Silent();
        world.Add(ScriptedMember.Tone(500, 1000), announcement, listener, ScriptedMember.Tone(1500, 200));
        world.Room.SetRule(announcement, new MemberRule { IsPinned = true });

        world.Run(100);

        Assert.That(listener.Level(500), Is.EqualTo(Tone.Db(1000 / 32768.0)).Within(0.5), "though the announcement is louder");
        Assert.That(listener.Level(1000), Is.EqualTo(Tone.Db(8000 / 32768.0)).Within(0.2));
    }

    [Test]
    public void MaxSpeakers_ChangesWhileTheRoomRuns()
    {
        using var world = new RoomWorld(1);
        var members = world.Add([.. Enumerable.Range(0, 6).Select(i => ScriptedMember.Tone(300 + (100 * i), 500 * (i + 1)))]);
        world.Run(50);
        Assert.That(members[0].Level(700, 20), Is.LessThan(-75));

        world.Room.MaxSpeakers = MixRoom.AllSpeakers;
        world.Run(50);

        Assert.That(members[0].Level(700, 60), Is.GreaterThan(-30));
        Assert.That(() => world.Room.MaxSpeakers = 0, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => world.Room.MaxSpeakers = 17, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Choosing_AllocatesNothing()
    {
        using var world = new RoomWorld();
        for (var i = 0; i < 50; i++)
            world.Room.Add(new Hum(i));
        Assert.That(AllocationMeter.Measure(() => world.Run(1)), Is.Zero);
    }

    private sealed class Hum(int number) : IPcmEndpoint
    {
        private int _frames;

        public int SampleRate => 8000;

        public bool Read(Span<short> frame)
        {
            frame.Fill((short)(100 + ((_frames++ * 37 * (number + 1)) % 5000)));
            return true;
        }

        public void Write(ReadOnlySpan<short> frame)
        {
        }
    }
}
