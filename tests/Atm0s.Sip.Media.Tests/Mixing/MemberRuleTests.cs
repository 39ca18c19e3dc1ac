using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>Members who hear otherwise than the others, or are heard otherwise.</summary>
public sealed class MemberRuleTests
{
    private RoomWorld _world = null!;
    private ScriptedMember[] _members = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new RoomWorld();
        _members = _world.Add([.. Enumerable.Range(0, 4).Select(i => ScriptedMember.Tone(400 + (200 * i), 1000 * (i + 1)))]);
    }

    [TearDown]
    public void TearDown() => _world.Dispose();

    [Test]
    public void Whisper_IsHeardByOne()
    {
        _world.Room.SetRule(_members[0], new MemberRule { HeardBy = new HashSet<object> { _members[1] } });

        _world.Run(20);

        AssertHears(0, 1, 2, 3);
        AssertHears(1, 0, 2, 3);
        AssertHears(2, 1, 3);
        AssertHears(3, 1, 2);
    }

    [Test]
    public void Coach_HearsAll_AndIsHeardByTheOneCoached()
    {
        _world.Room.SetRule(_members[3], new MemberRule { HeardBy = new HashSet<object> { _members[0] } });

        _world.Run(20);

        AssertHears(3, 0, 1, 2);
        AssertHears(0, 1, 2, 3);
        AssertHears(1, 0, 2);
        AssertHears(2, 0, 1);
    }

    [Test]
    public void DeafMember_HearsNobody_AndIsHeard()
    {
        _world.Room.SetRule(_members[2], new MemberRule { IsDeaf = true });

        _world.Run(20);

        AssertHears(2);
        AssertHears(0, 1, 2, 3);
    }

    [Test]
    public void TheseHearThose()
    {
        _world.Room.SetRule(_members[0], new MemberRule { Hears = new HashSet<object> { _members[1] } });
        _world.Room.SetRule(_members[1], new MemberRule { Hears = new HashSet<object> { _members[0], _members[3] } });

        _world.Run(20);

        AssertHears(0, 1);
        AssertHears(1, 0, 3);
        AssertHears(2, 0, 1, 3);
    }

    [Test]
    public void BothEndsMustAllowIt()
    {
        _world.Room.SetRule(_members[0], new MemberRule { HeardBy = new HashSet<object> { _members[1], _members[2] } });
        _world.Room.SetRule(_members[1], new MemberRule { Hears = new HashSet<object> { _members[3] } });

        _world.Run(20);

        AssertHears(1, 3);
        AssertHears(2, 0, 1, 3);
        AssertHears(3, 1, 2);
    }

    [Test]
    public void Whisper_IsHeardBesideTheActiveSpeakers_AndTakesNoPlace()
    {
        using var world = new RoomWorld(1);
        var members = world.Add([.. Enumerable.Range(0, 5).Select(i => ScriptedMember.Tone(400 + (200 * i), 1000 * (i + 1)))]);
        world.Room.SetRule(members[0], new MemberRule { HeardBy = new HashSet<object> { members[1] } });

        world.Run(100);

        Assert.That(members[1].Level(400), Is.EqualTo(Tone.Db(1000 / 32768.0)).Within(0.2));
        Assert.That(members[1].Level(1200), Is.EqualTo(Tone.Db(5000 / 32768.0)).Within(0.2));
        Assert.That(members[2].Level(400), Is.LessThan(-75));
    }

    [Test]
    public void WhatBecomesOfTheSetsOfARule_ChangesNothing()
    {
        var set = new HashSet<object> { _members[1] };
        _world.Room.SetRule(_members[0], new MemberRule { HeardBy = set });
        set.Add(_members[2]);

        _world.Run(20);

        AssertHears(1, 0, 2, 3);
        AssertHears(2, 1, 3);
    }

    [Test]
    public void ChangeOfRules_Fades()
    {
        _world.Run(20);
        _world.Room.SetRule(_members[0], new MemberRule { IsDeaf = true });
        _world.Run(1);

        var frame = _members[0].Heard[20];
        var whole = Sum(20, 1, 2, 3);
        Assert.That(frame[0], Is.EqualTo((double)whole[0]).Within(Math.Abs(whole[0] * 0.03) + 2), "it begins with what was heard before");
        Assert.That(frame[40], Is.EqualTo(whole[40] / 2.0).Within(Math.Abs(whole[40] * 0.05) + 10));
        Assert.That(frame[80..], Has.All.Zero);

        _world.Run(5);
        Assert.That(_members[0].Heard[25], Has.All.Zero);
        _world.Room.SetRule(_members[0], MemberRule.Default);
        _world.Run(2);
        Assert.That(_members[0].Heard[27], Is.EqualTo(Sum(27, 1, 2, 3)));
        Assert.That(_members[1].Heard[20], Is.EqualTo(Sum(20, 0, 2, 3)), "nobody else notices");
    }

    /// <summary>Who comes with a rule, or back to one, is heard by nobody else for not even a sample.</summary>
    [Test]
    public void MemberWithARule_IsNotHeardByOthersInItsFirstTick()
    {
        using var world = new RoomWorld();
        var (one, other) = (ScriptedMember.Silent(), ScriptedMember.Silent());
        world.Add(one, other);
        world.Run(5);
        var whisperer = ScriptedMember.Tone(400, 8000);
        Assert.That(world.Room.Add(whisperer, new MemberRule { HeardBy = new HashSet<object> { one } }));
        world.Run(5);

        Assert.That(one.Heard[^1].Max(), Is.GreaterThan(7000));
        Assert.That(other.Heard.SelectMany(frame => frame), Has.All.Zero);
    }

    [Test]
    public void AddOfOneWhoIsThere_GivesItItsRule()
    {
        _world.Run(5);
        _world.Room.Add(_members[0], new MemberRule { HeardBy = new HashSet<object> { _members[1] } });
        _world.Room.Add(_members[0]);
        _world.Run(5);
        AssertHears(2, 1, 3);
        Assert.That(_world.Room.MemberCount, Is.EqualTo(4));
    }

    /// <summary>Rules are of a stay: that of the room behind holds until the leg has left, that of the next from its first sample on.</summary>
    [Test]
    public void LegThatComesAndGoes_IsHeardByWhomItWhispersTo_AndNobodyElse()
    {
        using var world = new MediaWorld();
        var elsewhere = world.Engine.CreateRoom("elsewhere");
        var phone = world.AddPhone();
        var (one, other, there) = (ScriptedMember.Silent(), ScriptedMember.Silent(), ScriptedMember.Silent());
        world.Room.Add(one);
        world.Room.Add(other);
        elsewhere.Add(there);
        var whisper = new MemberRule { HeardBy = new HashSet<object> { one } };
        var toNobody = new MemberRule { HeardBy = new HashSet<object>() };
        phone.Leg.SetRule(whisper);
        world.Run(0.1);
        phone.IsSpeaking = true;
        world.Run(0.2);
        for (var i = 0; i < 4; i++)
        {
            phone.Leg.MoveTo(elsewhere, toNobody);
            world.Run(0.1);
            phone.Leg.MoveTo(world.Room);
            world.Run(0.1);
            phone.Leg.MoveTo(elsewhere);
            phone.Leg.SetRule(toNobody);
            world.Run(0.1);
            phone.Leg.MoveTo(world.Room, whisper);
            world.Run(0.1);
        }

        Assert.That(one.Heard[^1].Max(), Is.GreaterThan(7000));
        Assert.That(other.Heard.SelectMany(frame => frame), Has.All.Zero);
        Assert.That(there.Heard.SelectMany(frame => frame), Has.All.Zero);
        phone.Leg.SetRule(MemberRule.Default);
        world.Run(0.1);
        Assert.That(other.Heard[^1].Max(), Is.GreaterThan(7000));
    }

    /// <summary>The same for whom a leg hears: not a word of others, also not as it comes back.</summary>
    [Test]
    public void LegThatComesBack_HearsWhomItMay_FromItsFirstTickOn()
    {
        using var world = new MediaWorld();
        var elsewhere = world.Engine.CreateRoom("elsewhere");
        var phone = world.AddPhone();
        world.Room.Add(ScriptedMember.Tone(700, 8000));
        phone.Leg.SetRule(new MemberRule { IsDeaf = true });
        world.Run(0.2);
        phone.Rtp.Clear();
        for (var i = 0; i < 5; i++)
        {
            phone.Leg.MoveTo(elsewhere);
            world.Run(0.1);
            phone.Leg.MoveTo(world.Room);
            world.Run(0.1);
        }

        Assert.That(phone.Heard.Samples.Max(Math.Abs), Is.LessThan(0.001));
    }

    private void AssertHears(int listener, params int[] speakers) =>
        Assert.That(_members[listener].Heard[^1], Is.EqualTo(Sum(_members[listener].Heard.Count - 1, speakers)), $"{listener}");

    private double[] Sum(int frame, params int[] speakers) =>
        [.. Enumerable.Range(0, 160).Select(i => (double)speakers.Sum(speaker => _members[speaker].Said[frame]![i]))];
}
