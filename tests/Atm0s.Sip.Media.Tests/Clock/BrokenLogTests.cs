using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Tests.Mixing;

namespace Atm0s.Sip.Media.Tests.Clock;

/// <summary>A log that throws costs its lines, and neither rooms nor threads nor ports.</summary>
public sealed class BrokenLogTests
{
    private MediaWorld _world = null!;
    private Counter _elsewhere = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new MediaWorld(log: new BrokenLog());
        _elsewhere = new Counter();
        _world.Engine.CreateRoom("other").Add(_elsewhere);
    }

    [TearDown]
    public void TearDown() => _world.Dispose();

    [Test]
    public void LegThatThrows_LeavesItsPorts_AndTicksEnd()
    {
        var codec = new FaultyCodec();
        var good = _world.AddPhone();
        var bad = _world.AddPhone(p => p with { SendFormat = new RtpFormat(8, codec), ReceiveFormats = [new RtpFormat(8, codec)] });
        codec.Fault = Fault.Encode | Fault.Dispose;
        _world.Run(0.1);
        Assert.That(bad.Told, Does.Contain("failed"));
        Assert.That(_world.Engine.PortPairsInUse, Is.EqualTo(1));
        AssertGoesOn();
        Assert.That(good.Rtp, Has.Count.GreaterThan(50));
    }

    [Test]
    public void RoomThatCloses_WithMembersThatThrow_IsGone()
    {
        _world.AddPhone();
        _world.Room.TryPost(new RoomOperation(new Stubborn(), null));
        _world.Run(0.1);
        _world.Room.Close();
        _world.Run(0.1);
        Assert.That(_world.Engine.PortPairsInUse, Is.Zero);
        Assert.That(_world.Engine.Metrics.Rooms, Is.EqualTo(1));
        AssertGoesOn();
    }

    [Test]
    public void MemberThatHangs_IsGivenUp_AndItsThreadTouchesNothingAfterwards()
    {
        using var hanging = new HangingMember();
        _world.Room.TryPost(new RoomOperation(hanging, null));
        _world.Run(0.1);
        hanging.HangsIn = Turn.Read;
        var tick = Task.Run(() => _world.Run(0.02));
        Assert.That(hanging.Hung.Wait(TimeSpan.FromSeconds(10)));
        var ticker = _world.Engine.Tickers[0];
        Assert.That(ticker.TryGiveUp(ticker.Call));
        Assert.That(hanging.Losses, Is.EqualTo(1), "it is told");
        hanging.Return();
        Assert.That(tick.Wait(TimeSpan.FromSeconds(10)));
        AssertGoesOn();
        Assert.That(_world.Room.MemberCount, Is.Zero);
    }

    private void AssertGoesOn()
    {
        var frames = _elsewhere.Frames;
        _world.Run(1);
        Assert.That(_elsewhere.Frames - frames, Is.EqualTo(50));
        Assert.That(_world.Engine.Tickers[0].Call & 1, Is.Zero, "no tick lasts");
        Assert.That(_world.Engine.Metrics.Faults, Is.Zero);
    }

    private sealed class Stubborn : RoomMember
    {
        public override int InputRate => 8000;

        public override int OutputRate => 8000;

        public override void Release(TimeSpan now) => throw new InvalidOperationException("release");

        protected override bool Read(Span<short> frame, TimeSpan now) => false;

        protected override void Write(ReadOnlySpan<short> frame, TimeSpan now)
        {
        }
    }
}
