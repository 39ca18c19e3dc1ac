using Atm0s.Sip.Dashboard.Live;

namespace Atm0s.Sip.Dashboard.Tests.Live;

public sealed class LossWindowTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Loss_IsThatOfTheLastTwoSeconds()
    {
        var window = default(LossWindow);
        window.Count(Start, 100, 50);
        Assert.That(window.PerThousand, Is.Zero);
        window.Count(Start.AddSeconds(1), 150, 60);
        Assert.That(window.PerThousand, Is.Zero);
        window.Count(Start.AddSeconds(2), 190, 60);
        Assert.That(window.PerThousand, Is.EqualTo(100));
        window.Count(Start.AddSeconds(4), 290, 60);
        Assert.That(window.PerThousand, Is.Zero);
    }

    [Test]
    public void CountsThatFall_AreNoLoss()
    {
        var window = default(LossWindow);
        window.Count(Start, 100, 50);
        window.Count(Start.AddSeconds(3), 10, 0);
        Assert.That(window.PerThousand, Is.Zero);
    }
}
