using Atm0s.Sip.Core.Requests;

namespace Atm0s.Sip.Core.Tests.Requests;

[TestFixture]
public class RandomSipIdsTests
{
    private readonly RandomSipIds _ids = new();

    [Test]
    [Property("rfc", "3261-19.3")]
    public void NewTag_24LowerHexDigits() => Check(_ids.NewTag, "^[0-9a-f]{24}$");

    [Test]
    [Property("rfc", "3261-8.1.1.7")]
    public void NewBranch_CookieAnd24LowerHexDigits() => Check(_ids.NewBranch, "^z9hG4bK[0-9a-f]{24}$");

    [Test]
    [Property("rfc", "3261-8.1.1.4")]
    public void NewCallId_32LowerHexDigits() => Check(_ids.NewCallId, "^[0-9a-f]{32}$");

    [Test]
    [Property("rfc", "3261-8.1.1.5")]
    public void NewCSeq_InRange()
    {
        for (var i = 0; i < 10_000; i++)
            Assert.That(_ids.NewCSeq(), Is.InRange(1u, (uint)int.MaxValue));
    }

    [Test]
    public void Next_BelowMaximum()
    {
        for (var i = 0; i < 1000; i++)
            Assert.That(_ids.Next(3), Is.InRange(0, 2));
        Assert.That(_ids.Next(1), Is.Zero);
    }

    private static void Check(Func<string> make, string pattern)
    {
        string[] made = [.. Enumerable.Range(0, 10_000).Select(_ => make())];

        Assert.That(made[..100], Has.All.Match(pattern));
        Assert.That(made.Distinct().Count(), Is.EqualTo(made.Length));
        // Every place takes every digit: nothing is constant behind the prefix.
        var start = made[0].StartsWith("z9hG4bK", StringComparison.Ordinal) ? 7 : 0;
        for (var i = start; i < made[0].Length; i++)
            Assert.That(made.Select(id => id[i]).Distinct().Count(), Is.EqualTo(16), $"place {i}");
    }
}
