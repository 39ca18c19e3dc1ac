using Atm0s.Sip.Media.Clock;

namespace Atm0s.Sip.Media.Tests.Clock;

public sealed class MediaGovernorTests
{
    private readonly List<(int Complexity, bool IsFull)> _told = [];
    private MediaGovernor _governor = new();

    [SetUp]
    public void SetUp()
    {
        _governor = new MediaGovernor();
        _told.Clear();
    }

    [Test]
    public void Effort_IsGivenUpFirst_ThenNobodyMoreIsTaken()
    {
        Pass(seconds: 6, busy: 0.95);
        Assert.That(_told, Is.EqualTo(new[] { (3, false), (1, false), (0, false), (0, true) }));
    }

    [Test]
    public void ShortBurst_ChangesNothing()
    {
        for (var i = 0; i < 10; i++)
        {
            Pass(0.2, 1.5);
            Pass(0.8, 0.3);
        }

        Assert.That(_told, Is.Empty);
    }

    [Test]
    public void WhatIsBusyAndNotTooMuch_IsTakenAllTheSame()
    {
        Pass(20, 0.85);
        Assert.That(_told, Is.EqualTo(new[] { (3, false), (1, false), (0, false) }));
    }

    [Test]
    public void Effort_ComesBackStepByStep_AfterTenQuietSecondsEach()
    {
        Pass(6, 0.95);
        _told.Clear();
        Pass(1, 0.3);
        Assert.That(_told, Is.EqualTo(new[] { (0, false) }), "calls at once");
        Pass(9, 0.3);
        Assert.That(_told[^1], Is.EqualTo((1, false)));
        Pass(20, 0.3);
        Assert.That(_told[^1], Is.EqualTo((10, false)));
    }

    [Test]
    public void ThreadWithoutRooms_TakesWhoeverComes_AndEffortComesBackWithTime()
    {
        Pass(6, 0.95);
        Assert.That(_governor, Has.Property("IsFull").True.And.Property("IsScarce").True);

        Assert.That(_governor.OnIdle(TimeSpan.Zero), "it is told");
        Assert.That(_governor, Has.Property("IsFull").False.And.Property("IsScarce").False.And.Property("Busy").Zero);
        Assert.That(_governor.MaxComplexity, Is.Zero, "the next rooms may be as dear");
        for (var i = 0; i < 30; i++)
            _governor.OnIdle(TimeSpan.FromSeconds(1));
        Assert.That(_governor.MaxComplexity, Is.EqualTo(10));
        Assert.That(_governor.OnIdle(TimeSpan.FromSeconds(100)), Is.False);
    }

    [Test]
    public void WhatWasMeasuredBeforeAThreadFellIdle_CountsForNobody()
    {
        Pass(0.9, 5);
        _governor.OnIdle(TimeSpan.Zero);
        Pass(1, 0.1);
        Assert.That(_governor.Busy, Is.EqualTo(0.1).Within(0.001));
        Assert.That(_told, Is.Empty);
    }

    private void Pass(double seconds, double busy)
    {
        for (var i = 0; i < seconds * 50; i++)
        {
            if (_governor.OnPeriod(busy))
                _told.Add((_governor.MaxComplexity, _governor.IsFull));
        }
    }
}
