using Atm0s.Sip.Hooks.Routing;

namespace Atm0s.Sip.Hooks.Tests.Routing;

public sealed class NumberPatternTests
{
    [TestCase("9*", "9", ExpectedResult = true)]
    [TestCase("9*", "9001", ExpectedResult = true)]
    [TestCase("9*", "19", ExpectedResult = false)]
    [TestCase("*9", "1009", ExpectedResult = true)]
    [TestCase("*9*", "1091", ExpectedResult = true)]
    [TestCase("*", "", ExpectedResult = true)]
    [TestCase("?", "", ExpectedResult = false)]
    [TestCase("1?3", "1x3", ExpectedResult = true)]
    [TestCase("1#3", "1x3", ExpectedResult = false)]
    [TestCase("+4930####", "+49301234", ExpectedResult = true)]
    [TestCase("+4930####", "+493012345", ExpectedResult = false)]
    [TestCase("Alice", "alice", ExpectedResult = false)]
    [TestCase("a*b*c", "aXbYbZc", ExpectedResult = true)]
    [TestCase("a*b*c", "aXbYbZ", ExpectedResult = false)]
    public bool Fits(string pattern, string number) => new NumberPattern(pattern).IsMatch(number);

    [Test]
    public void Pattern_OfManyStars_CostsNoMoreThanTheProduct()
    {
        // With backtracking into every star this would not end.
        var pattern = new NumberPattern(string.Concat(Enumerable.Repeat("a*", 60)) + "b");
        Assert.That(pattern.IsMatch(new string('a', 200)), Is.False);
    }

    [Test]
    public void EmptyAndLong_AreRefused()
    {
        Assert.That(() => new NumberPattern(""), Throws.ArgumentException);
        Assert.That(() => new NumberPattern(new string('1', 129)), Throws.ArgumentException);
    }
}
