using Atm0s.Sip.Streams;

namespace Atm0s.Sip.Tests.Streams;

/// <summary>When a connection that was broken is made anew.</summary>
public sealed class ReconnectRuleTests
{
    [Test]
    public void Failures_AreCounted_HoweverOftenItWasOpenForAMoment()
    {
        var rule = new ReconnectRule(3);
        var waits = Enumerable.Range(0, 4).Select(i => rule.OnBroken(TimeSpan.FromSeconds(i))).ToList();
        Assert.That(waits, Is.EqualTo(new TimeSpan?[] { Seconds(0.5), Seconds(1), Seconds(2), null }));
    }

    [Test]
    public void ConnectionThatHasLasted_IsANewBeginning()
    {
        var rule = new ReconnectRule(2);
        rule.OnBroken(TimeSpan.Zero);
        rule.OnBroken(TimeSpan.Zero);
        Assert.That(rule.OnBroken(TimeSpan.FromSeconds(60)), Is.EqualTo(Seconds(0.5)));
        Assert.That(rule.OnBroken(TimeSpan.Zero), Is.EqualTo(Seconds(1)));
        Assert.That(rule.OnBroken(TimeSpan.Zero), Is.Null);
    }

    [Test]
    public void Waits_HaveAnEnd()
    {
        var rule = new ReconnectRule(100);
        Assert.That(Enumerable.Range(0, 100).Max(_ => rule.OnBroken(TimeSpan.Zero)), Is.EqualTo(Seconds(8)));
        Assert.That(new ReconnectRule(0).OnBroken(TimeSpan.Zero), Is.Null);
    }

    private static TimeSpan Seconds(double value) => TimeSpan.FromSeconds(value);
}
