using Atm0s.Sip.Core.Transport.Linux;
using Atm0s.Sip.Core.Transport.Udp;

namespace Atm0s.Sip.Core.Tests.Transport.Udp;

public sealed class HandOverRuleTests
{
    private HandOverRule _rule = null!;

    [SetUp]
    public void SetUp() => _rule = new HandOverRule();

    [Test]
    public void LightWork_StaysHere()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.That(_rule.Next(), Is.False);
            _rule.OnRan(64, TimeSpan.FromMicroseconds(64 * 19));
        }
    }

    [Test]
    public void HeavyWork_GoesToThePool_AndIsMeasuredNowAndThen()
    {
        for (var round = 0; round < 3; round++)
        {
            Assert.That(_rule.Next(), Is.False);
            _rule.OnRan(64, TimeSpan.FromMicroseconds(64 * 21));
            for (var i = 0; i < HandOverRule.Batches; i++)
                Assert.That(_rule.Next(), Is.True);
        }
    }

    [Test]
    [Platform("Linux")]
    public void ThreadTime_CountsWork_AndNoWaiting()
    {
        var start = LibC.ThreadTime();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using var nothing = new ManualResetEventSlim();
        nothing.Wait(100);
        var waited = LibC.ThreadTime() - start;
        while (LibC.ThreadTime() - start < TimeSpan.FromMilliseconds(20))
        {
        }

        Assert.That(waited, Is.LessThan(TimeSpan.FromMilliseconds(50)));
        Assert.That(clock.ElapsedMilliseconds, Is.GreaterThan(110));
    }

    [Test]
    public void FewPieces_SayNothing()
    {
        _rule.Next();
        _rule.OnRan(0, TimeSpan.FromMilliseconds(5));
        Assert.That(_rule.Next(), Is.False);

        _rule.OnRan(64, TimeSpan.FromMilliseconds(5));
        _rule.OnRan(3, TimeSpan.FromMicroseconds(1));
        Assert.That(_rule.Next(), Is.True);
    }
}
