using System.Net;
using Atm0s.Sip.Authentication;

namespace Atm0s.Sip.Tests.Authentication;

/// <summary>The buckets themselves.</summary>
public sealed class GuessLimiterTests
{
    private static readonly IPAddress Source = IPAddress.Parse("192.0.2.7");

    [Test]
    public void WrongOnes_EmptyTheBucket_AndTimeFillsIt()
    {
        var limiter = new GuessLimiter(3, TimeSpan.FromSeconds(6));
        for (var i = 0; i < 3; i++)
        {
            Assert.That(limiter.TryEnter(Source, TimeSpan.Zero), Is.True);
            Assert.That(limiter.Leave(Source, TimeSpan.Zero, wasWrong: true), Is.EqualTo(i == 2), "told once that it has to wait");
        }

        Assert.That(limiter.TryEnter(Source, TimeSpan.FromSeconds(5)), Is.False);
        Assert.That(limiter.TryEnter(Source, TimeSpan.FromSeconds(7)), Is.True);
        limiter.Leave(Source, TimeSpan.FromSeconds(7), wasWrong: true);
        Assert.That(limiter.TryEnter(Source, TimeSpan.FromSeconds(8)), Is.False);
    }

    [Test]
    public void RightOnes_AreForgotten()
    {
        var limiter = new GuessLimiter(3, TimeSpan.FromSeconds(6));
        for (var i = 0; i < 100; i++)
        {
            Assert.That(limiter.TryEnter(Source, TimeSpan.Zero), Is.True);
            limiter.Leave(Source, TimeSpan.Zero, wasWrong: false);
        }

        Assert.That(limiter.Count, Is.Zero);
    }

    [Test]
    public void ChecksAtOnce_OfAGuiltySource_AreNoMoreThanItsGuesses()
    {
        var limiter = new GuessLimiter(5, TimeSpan.FromSeconds(6));
        limiter.TryEnter(Source, TimeSpan.Zero);
        limiter.Leave(Source, TimeSpan.Zero, wasWrong: true);
        Assert.That(Enumerable.Range(0, 100).Count(_ => limiter.TryEnter(Source, TimeSpan.Zero)), Is.EqualTo(4));
    }

    // Each shard reads the clock for itself, so one may come with a time that another has passed.
    [Test]
    public void TimeOfAShardThatIsBehind_MakesNobodyGuilty()
    {
        var limiter = new GuessLimiter(5, TimeSpan.FromSeconds(6));
        for (var i = 0; i < 40; i++)
            Assert.That(limiter.TryEnter(Source, TimeSpan.FromMilliseconds(100 + (i % 2 == 0 ? 1 : -1))), Is.True, $"check {i}");
    }

    [Test]
    public void Sources_AreBounded_AndAnIpv6NetworkIsOne()
    {
        var limiter = new GuessLimiter(5, TimeSpan.FromHours(1));
        for (var i = 0; i < 70_000; i++)
        {
            var source = new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]);
            Assert.That(limiter.TryEnter(source, TimeSpan.Zero), Is.True);
            limiter.Leave(source, TimeSpan.Zero, wasWrong: true);
            if (i == 65_600)
                break;
        }

        Assert.That(limiter.Count, Is.LessThanOrEqualTo(65_536));
        var six = new GuessLimiter(1, TimeSpan.FromSeconds(6));
        six.TryEnter(IPAddress.Parse("2001:db8::1"), TimeSpan.Zero);
        six.Leave(IPAddress.Parse("2001:db8::1"), TimeSpan.Zero, wasWrong: true);
        Assert.That(six.TryEnter(IPAddress.Parse("2001:db8::2"), TimeSpan.Zero), Is.False);
        Assert.That(six.TryEnter(IPAddress.Parse("2001:db8:0:1::1"), TimeSpan.Zero), Is.True);
    }
}
