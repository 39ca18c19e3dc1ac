using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>Many legs, in one room and in many; and neighbours that behave badly.</summary>
public sealed class BigRoomTests
{
    [TestCase(3, false), TestCase(3, true), TestCase(MixRoom.AllSpeakers, false)]
    public void ThousandListeners_HearEachOfThreeSpeakers(int maxSpeakers, bool passThrough)
    {
        using var world = new MediaWorld(ports: 2100);
        world.Room.MaxSpeakers = maxSpeakers;
        var phones = Enumerable.Range(0, 1003).Select(i => world.AddPhone(
            p => p with { PassThrough = passThrough }, host: $"10.1.{i / 250}.{1 + (i % 250)}", run: false)).ToArray();
        world.Run(0.02);
        var hertz = new double[] { 400, 700, 1100 };
        for (var i = 0; i < 3; i++)
            (phones[i * 400].IsSpeaking, phones[i * 400].Hz, phones[i * 400].Decibels) = (true, hertz[i], -18);

        world.Run(0.5);

        for (var i = 0; i < phones.Length; i++)
        {
            var levels = phones[i].Heard.End(TimeSpan.FromSeconds(0.2)).Measure(hertz).Levels;
            for (var k = 0; k < 3; k++)
                Assert.That(levels[hertz[k]], i == k * 400 ? Is.LessThan(-60) : Is.EqualTo(-18).Within(0.5), $"leg {i}, {hertz[k]} Hz");
        }

        // One alone: by his own packets, or encoded once.
        phones[400].IsSpeaking = phones[800].IsSpeaking = false;
        world.Run(1.3);
        Assert.That(world.Engine.Metrics.PacketsPassed, passThrough ? Is.GreaterThan(2000) : Is.Zero);
        for (var i = 0; i < phones.Length; i++)
            Assert.That(LevelOf(phones[i]), i == 0 ? Is.LessThan(-60) : Is.EqualTo(-21).Within(0.5), $"leg {i}");
    }

    /// <summary>
    /// Who hears whom, in each of 300 rooms: what each says alone is heard by whom it should be and by nobody else, himself least; and of
    /// what all say at once the same.
    /// </summary>
    [TestCase(1, false, false), TestCase(3, false, true), TestCase(MixRoom.AllSpeakers, false, true), TestCase(3, true, false)]
    public void ThreeHundredRoomsOfThree_EachHearsWhomItShould(int maxSpeakers, bool hasRules, bool passThrough)
    {
        using var world = new MediaWorld(ports: 2000);
        var rooms = Enumerable.Range(0, 300).Select(i => world.Engine.CreateRoom($"{i}")).ToArray();
        var phones = rooms.Select((room, i) => Enumerable.Range(0, 3).Select(k => world.AddPhone(
            p => p with { PassThrough = passThrough }, host: $"10.{1 + k}.{i / 250}.{1 + (i % 250)}", run: false, room: room)).ToArray()).ToArray();
        for (var i = 0; i < 300; i++)
        {
            rooms[i].MaxSpeakers = maxSpeakers;
            for (var k = 0; k < 3; k++)
                (phones[i][k].Hz, phones[i][k].Decibels) = (Hz(i, k), -18);
            if (hasRules)
            {
                phones[i][0].Leg.SetRule(new MemberRule { HeardBy = new HashSet<object> { phones[i][1].Leg } }); // whispers to 1
                phones[i][2].Leg.SetRule(new MemberRule { IsDeaf = true });
            }
        }

        for (var speaker = 0; speaker < 3; speaker++)
        {
            Speak(seat => seat == speaker, 0.5);
            for (var room = 0; room < 300; room++)
            {
                for (var listener = 0; listener < 3; listener++)
                {
                    var hears = listener != speaker && Allows(listener, speaker);
                    Assert.That(
                        LevelOf(phones[room][listener]),
                        hears ? Is.EqualTo(-21).Within(0.7) : Is.LessThan(-60),
                        $"room {room}: {speaker} to {listener}");
                }
            }

            Speak(_ => false, 1.2);
        }

        Speak(_ => true, 0.5);
        ForEach((room, listener, levels) =>
        {
            for (var k = 0; k < 3; k++)
            {
                // The noise of G.711 is 40 dB below two tones.
                var hears = k != listener && Allows(listener, k) && (maxSpeakers >= 3 || hasRules);
                var isIndefinite = maxSpeakers == 1 && k != listener; // one of the three, whichever
                if (!isIndefinite)
                {
                    Assert.That(
                        levels[Hz(room, k)],
                        hears ? Is.EqualTo(-18).Within(0.7) : Is.LessThan(-48),
                        $"room {room}, all: {k} to {listener}");
                }
            }
        });

        bool Allows(int listener, int speaker) => !hasRules || (listener != 2 && (speaker != 0 || listener == 1));

        void Speak(Func<int, bool> who, double seconds)
        {
            foreach (var room in phones)
            {
                for (var k = 0; k < 3; k++)
                    room[k].IsSpeaking = who(k);
            }

            world.Run(seconds);
        }

        void ForEach(Action<int, int, IReadOnlyDictionary<double, double>> check)
        {
            for (var i = 0; i < 300; i += 7) // all of them are much alike, and to tell tones apart takes long
            {
                for (var k = 0; k < 3; k++)
                    check(i, k, phones[i][k].Heard.End(TimeSpan.FromSeconds(0.2)).Measure(Hz(i, 0), Hz(i, 1), Hz(i, 2)).Levels);
            }
        }

        // None is an overtone of another: those of G.711 are 45 dB below it.
        static double Hz(int room, int seat) => (seat switch { 0 => 370, 1 => 1130, _ => 2230 }) + (room % 10 * 30);
    }

    /// <summary>Level of all that it heard in the last 0.2 s; a sine is 3 dB below its peak.</summary>
    private static double LevelOf(TestPhone phone)
    {
        var samples = phone.Heard.End(TimeSpan.FromSeconds(0.2)).Samples;
        var sum = 0.0;
        foreach (var sample in samples)
            sum += sample * sample;
        return 10 * Math.Log10(Math.Max(1e-12, sum / Math.Max(1, samples.Length)));
    }

    [Test]
    public void GarbageAndFlood_CostTheirOwnLegAlone()
    {
        using var world = new MediaWorld();
        var speaker = world.AddPhone();
        var garbage = world.AddPhone();
        var flooder = world.AddPhone();
        var listener = world.AddPhone();
        speaker.IsSpeaking = true;
        var random = new Random(4);
        world.Run(0.2);
        listener.Rtp.Clear();

        for (var tick = 0; tick < 100; tick++)
        {
            for (var i = 0; i < 20; i++)
            {
                var junk = new byte[random.Next(1, 300)];
                random.NextBytes(junk);
                garbage.SendRaw(junk);
            }

            for (var i = 0; i < 200; i++)
                flooder.Say();
            world.Run(0.02);
        }

        Assert.That(listener.Rtp, Has.Count.EqualTo(100));
        var heard = listener.Heard.End(TimeSpan.FromSeconds(1)).Measure(400);
        Assert.That(heard.Levels[400], Is.GreaterThan(-13));
        Assert.That(speaker.Leg.GetStatistics().PacketsReceived, Is.EqualTo(110).Within(1));
        Assert.That(speaker.Leg.GetStatistics().ConcealedAudio, Is.EqualTo(TimeSpan.Zero));
        Assert.That(speaker.Rtp, Has.Count.EqualTo(speaker.Leg.GetStatistics().PacketsSent));
    }

    [Test]
    public void Talking_IsToldWithinSixtyMilliseconds_AlsoOfWhoIsNotHeard()
    {
        using var world = new MediaWorld();
        var phones = Enumerable.Range(0, 8).Select(_ => world.AddPhone()).ToArray();
        foreach (var phone in phones)
            (phone.IsSpeaking, phone.Decibels) = (true, -70);
        world.Run(1);
        Assert.That(phones.Select(phone => phone.Talks.Count), Has.All.Zero);

        phones[7].Leg.SetMuted(true);
        foreach (var phone in phones)
            phone.Decibels = -12;
        world.Run(0.06);

        Assert.That(phones.Select(phone => phone.Talks[^1]), Has.All.EqualTo("talks"));
        Assert.That(phones[7].Leg.GetStatistics().IsTalking, Is.True);
        foreach (var phone in phones)
            phone.Decibels = -70;
        world.Run(0.38);
        Assert.That(phones[0].Talks[^1], Is.EqualTo("talks"));
        world.Run(0.1);
        Assert.That(phones.Select(phone => phone.Talks[^1]), Has.All.EqualTo("silent"));
    }

    [Test]
    public void RuleOfALeg_HoldsInItsRoom()
    {
        using var world = new MediaWorld();
        var speaker = world.AddPhone();
        var other = world.AddPhone();
        var listener = world.AddPhone();
        speaker.IsSpeaking = true;
        speaker.Leg.SetRule(new MemberRule { HeardBy = new HashSet<object> { other.Leg } });
        world.Run(0.5);
        Assert.That(Hears(other), Is.True);
        Assert.That(Hears(listener), Is.False);

        var elsewhere = world.Engine.CreateRoom("elsewhere");
        speaker.Leg.MoveTo(elsewhere);
        listener.Leg.MoveTo(elsewhere);
        world.Run(0.5);
        Assert.That(Hears(other), Is.False);
        Assert.That(Hears(listener), Is.True);

        speaker.Leg.MoveTo(world.Room);
        listener.Leg.MoveTo(world.Room);
        world.Run(0.5);
        Assert.That(Hears(other), Is.True);
        Assert.That(Hears(listener), Is.False);

        static bool Hears(TestPhone phone) => phone.Heard.End(TimeSpan.FromSeconds(0.2)).Measure(400).Levels[400] > -20;
    }
}
