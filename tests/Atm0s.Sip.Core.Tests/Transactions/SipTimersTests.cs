using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Transactions;

[TestFixture]
[Property("rfc", "3261-17")]
public class SipTimersTests
{
    [Test]
    public void Default_Table4()
    {
        var timers = SipTimers.Default;
        var timeout = TimeSpan.FromSeconds(32);

        Assert.That((timers.T1, timers.T2, timers.T4),
            Is.EqualTo((TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5))));
        Assert.That(new[] { timers.TimerA, timers.TimerE, timers.TimerG }, Is.All.EqualTo(timers.T1));
        Assert.That(new[] { timers.TimerB, timers.TimerF, timers.TimerH, timers.TimerL, timers.TimerM, timers.TimerJ(false) },
            Is.All.EqualTo(timeout));
        Assert.That(new[] { timers.TimerI(false), timers.TimerK(false) }, Is.All.EqualTo(timers.T4));
        Assert.That(
            new[] { timers.TimerD(true), timers.TimerI(true), timers.TimerJ(true), timers.TimerK(true) }, Is.All.EqualTo(TimeSpan.Zero));
        Assert.That(timers.Validate, Throws.Nothing);
    }

    // The time at which a client's timer E is set to T2 for the first time.
    [TestCase(500, 4000, 3500)]
    [TestCase(4000, 4000, 4000)]
    [TestCase(3000, 4000, 3000)]
    [TestCase(1000, 3000, 3000)]
    [Property("rfc", "4320-4.1")]
    public void NonInviteTrying_WhenTimerEReachesT2(int t1, int t2, int expected)
    {
        var timers = new SipTimers { T1 = TimeSpan.FromMilliseconds(t1), T2 = TimeSpan.FromMilliseconds(t2) };

        Assert.That(timers.NonInviteTrying.TotalMilliseconds, Is.EqualTo(expected));
    }

    [Test]
    public void Validate_OutOfRange_NamesTheValue()
    {
        (SipTimers Timers, string Name)[] wrong =
        [
            (new SipTimers { T1 = TimeSpan.Zero }, "T1"),
            (new SipTimers { T1 = TimeSpan.FromSeconds(31), T2 = TimeSpan.FromSeconds(60) }, "T1"),
            (new SipTimers { T2 = TimeSpan.FromMilliseconds(499) }, "T2"),
            (new SipTimers { T4 = TimeSpan.FromSeconds(-1) }, "T4"),
            (new SipTimers { TimerDMinimum = TimeSpan.FromMinutes(6) }, "TimerDMinimum"),
            (new SipTimers { InviteTrying = TimeSpan.FromSeconds(11) }, "InviteTrying"),
        ];
        foreach ((var timers, var name) in wrong)
            Assert.That(timers.Validate, Throws.ArgumentException.With.Message.StartsWith(name));
    }
}
