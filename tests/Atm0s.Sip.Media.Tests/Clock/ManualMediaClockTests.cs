using Atm0s.Sip.Media.Clock;

namespace Atm0s.Sip.Media.Tests.Clock;

public sealed class ManualMediaClockTests
{
    [Test]
    public void Skip_MovesTimeWithoutATick()
    {
        using var clock = new ManualMediaClock();
        clock.Advance(TimeSpan.FromMilliseconds(25));
        clock.Skip(TimeSpan.FromMilliseconds(300));
        Assert.That(clock.Now, Is.EqualTo(TimeSpan.FromMilliseconds(325)));
    }

    [TestCase(-20)]
    [TestCase(5)]
    [TestCase(30)]
    public void Skip_OfAnythingButWholePeriods_IsRefused(int milliseconds)
    {
        using var clock = new ManualMediaClock();
        Assert.That(() => clock.Skip(TimeSpan.FromMilliseconds(milliseconds)), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
