using Atm0s.Sip.LoadGenerator.Statistics;

namespace Atm0s.Sip.LoadGenerator.Tests;

[TestFixture]
public sealed class PacerTests
{
    private const long Start = 1_000_000_000_000;

    [Test]
    public void TryTake_WhenAskedOften_GivesTheRate()
    {
        var pacer = new Pacer(300, Start);
        var taken = 0;
        for (var now = Start; now < Start + (10 * Clock.Second); now += Clock.Millisecond)
        {
            while (pacer.TryTake(now, out _))
                taken++;
        }

        Assert.That(taken, Is.EqualTo(3_000).Within(1));
        Assert.That(pacer.Late, Is.Zero);
    }

    [Test]
    public void TryTake_AfterAStandstill_GivesWhatWasMissedAtItsDueTime()
    {
        var pacer = new Pacer(100, Start);
        var dues = new List<long>();
        while (pacer.TryTake(Start + Clock.Second, out var due))
            dues.Add(due);

        // A request that a slow server kept waiting is counted from when it was due: else the worst times would be left out.
        Assert.That(dues, Has.Count.EqualTo(101));
        Assert.That(dues[50], Is.EqualTo(Start + (Clock.Second / 2)));
        Assert.That(pacer.Late, Is.EqualTo(100));
        Assert.That(pacer.MaxLateness, Is.EqualTo(Clock.Second));
    }

    [Test]
    public void TryTake_BeforeItIsDue_IsFalse()
    {
        var pacer = new Pacer(10, Start);

        Assert.That(pacer.TryTake(Start - 1, out _), Is.False);
        Assert.That(pacer.TryTake(Start, out _), Is.True);
        Assert.That(pacer.TryTake(Start + (99 * Clock.Millisecond), out _), Is.False);
        Assert.That(pacer.Due, Is.EqualTo(Start + (100 * Clock.Millisecond)));
    }
}
