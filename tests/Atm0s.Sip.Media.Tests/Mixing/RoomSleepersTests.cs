using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>Members that sleep in a room among others that do not.</summary>
public sealed class RoomSleepersTests
{
    private RoomWorld _world = null!;
    private ScriptedMember _other = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new RoomWorld();
        _other = _world.Add(ScriptedMember.Silent())[0];
    }

    [TearDown]
    public void TearDown() => _world.Dispose();

    [Test]
    public void Sleeper_HasNoTurns_UntilItIsCalled()
    {
        var sleeper = Seat();
        _world.Run(30);
        Assert.That((sleeper.Reads, sleeper.SleepsAt, _world.Room.MemberCount), Is.EqualTo((0, 0, 2)));
        sleeper.Sleeps = false;
        _world.Room.Wake(sleeper);
        _world.Run(3);
        Assert.That((sleeper.Reads, sleeper.SleepsAt), Is.EqualTo((3, -1)));
    }

    [Test]
    public void Sleeper_IsLookedAtEachInItsTurn()
    {
        var sleepers = Enumerable.Range(0, 100).Select(_ => Seat()).ToArray();
        _world.Run(1);
        _world.Run(RoomSleepers.LookEvery * 4);
        Assert.That(sleepers.Select(s => s.Looks), Has.All.InRange(4, 5));
    }

    [Test]
    public void SleeperThatThrows_LeavesAlone()
    {
        var (sleeper, neighbour) = (Seat(), Seat());
        _world.Run(1);
        sleeper.Throws = true;
        _world.Run(RoomSleepers.LookEvery + 2);
        Assert.That((sleeper.HasFailed, sleeper.IsReleased), Is.EqualTo((true, true)));
        Assert.That((neighbour.HasFailed, _world.Room.MemberCount), Is.EqualTo((false, 2)));
        Assert.That(_other.Heard, Has.Count.EqualTo(RoomSleepers.LookEvery + 3), "no tick is lost");
    }

    [Test]
    public void SleeperWhoseTurnIsTakenAway_IsExpelled()
    {
        var sleeper = Seat();
        _world.Run(1);
        sleeper.OnLook = () =>
        {
            // As the watchdog does it, from another thread.
            var taken = Task.Run(() => _world.Room.TakeTurn()).GetAwaiter().GetResult();
            Assert.That(taken, Is.SameAs(sleeper));
            _world.Room.Expel(taken!);
        };
        Assert.That(() => _world.Run(RoomSleepers.LookEvery), Throws.Nothing);
        Assert.That((sleeper.HasLostItsTurn, sleeper.SleepsAt), Is.EqualTo((true, -1)));
    }

    [Test]
    public void RoomThatCloses_ReleasesThoseThatSleep()
    {
        var sleeper = Seat();
        _world.Run(5);
        _world.Room.Close();
        _world.Run(1);
        Assert.That(sleeper.IsReleased, Is.True);
    }

    private Sleeper Seat()
    {
        var sleeper = new Sleeper();
        Assert.That(_world.Room.TryPost(new RoomOperation(sleeper, null)), Is.True);
        return sleeper;
    }

    private sealed class Sleeper : RoomMember
    {
        public bool Sleeps { get; set; } = true;

        public bool Throws { get; set; }

        public Action? OnLook { get; set; }

        public int Looks { get; private set; }

        public int Reads { get; private set; }

        public bool HasFailed { get; private set; }

        public bool HasLostItsTurn { get; private set; }

        public bool IsReleased { get; private set; }

        public override int InputRate => 8000;

        public override int OutputRate => 8000;

        public override bool IsResting => Sleeps;

        public override bool MaySleep => Sleeps;

        public override void OnFailed() => HasFailed = true;

        public override void OnTurnLost() => HasLostItsTurn = true;

        public override void Release(TimeSpan now) => IsReleased = true;

        protected override bool Look(TimeSpan now)
        {
            Looks++;
            OnLook?.Invoke();
            return Throws ? throw new InvalidOperationException("asleep") : Sleeps;
        }

        protected override bool Read(Span<short> frame, TimeSpan now)
        {
            Reads++;
            return false;
        }

        protected override void Write(ReadOnlySpan<short> frame, TimeSpan now)
        {
        }
    }
}
