using Atm0s.Sip.Media.Jitter;

namespace Atm0s.Sip.Media.Tests.Jitter;

public sealed class PlayoutTimelineTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(10);
    private readonly PlayoutTimeline _timeline = new(8000);

    [SetUp]
    public void SetUp() => _timeline.Fix(1600, Tick);

    [TestCase(1600, 0), TestCase(1759, 0), TestCase(1760, 20), TestCase(1919, 20)]
    [TestCase(1599, -20), TestCase(1440, -20), TestCase(1439, -40)]
    public void ReadAt_IsTheTickThatReadsTheFirstSample(long position, int milliseconds) =>
        Assert.That(_timeline.ReadAt(position), Is.EqualTo(Tick + TimeSpan.FromMilliseconds(milliseconds)));

    [Test]
    public void Advance_MovesReadingAndClockByAFrame()
    {
        var lag = _timeline.Lag;

        _timeline.Advance();

        Assert.That((_timeline.Next, _timeline.Tick), Is.EqualTo((1760L, Tick + TimeSpan.FromMilliseconds(20))));
        Assert.That(_timeline.Lag, Is.EqualTo(lag).Within(1e-9));
    }

    [Test]
    public void Begin_AfterTicksWereLeftOut_ReadsAllAsMuchLater()
    {
        var before = _timeline.ReadAt(1760);

        _timeline.Begin(Tick + TimeSpan.FromMilliseconds(300));

        Assert.That(_timeline.ReadAt(1760) - before, Is.EqualTo(TimeSpan.FromMilliseconds(300)));
    }

    [Test]
    public void Shift_OfInsertedSamples_ReadsAllLater()
    {
        _timeline.Shift(80);

        Assert.That(_timeline.Next, Is.EqualTo(1520));
        Assert.That(_timeline.Lag, Is.EqualTo(10_000 - 190).Within(1e-9));
        Assert.That(_timeline.ReadAt(1600), Is.EqualTo(Tick), "still in this frame");
        _timeline.Shift(80);
        Assert.That(_timeline.ReadAt(1600), Is.EqualTo(Tick + TimeSpan.FromMilliseconds(20)));
    }
}
