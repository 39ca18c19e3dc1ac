using Atm0s.Sip.Calls.Records;

namespace Atm0s.Sip.Tests.Calls.Records;

/// <summary>Which Call-IDs are looked up at all.</summary>
public sealed class CallIdMarksTests
{
    [TestCase("")]
    [TestCase("a")]
    [TestCase("abc")]
    [TestCase("abcd")]
    [TestCase("3848276298220188511@atlanta.example.com")]
    [TestCase("ключ")]
    public void OneThatIsAskedFor_IsFound_UntilNobodyAsks(string callId)
    {
        var marks = new CallIdMarks();
        marks.Add(callId);
        marks.Add(callId);
        marks.Remove(callId);
        Assert.That(marks.MayContain(callId), Is.True);
        marks.Remove(callId);
        Assert.That(marks.MayContain(callId), Is.False);
    }

    // As phones make them: random digits before an address, an address before a number that counts, a random text.
    [TestCase("{0:x16}@10.1.0.1")]
    [TestCase("10.1.0.1-5060-{1}")]
    [TestCase("{1}@phone.example")]
    [TestCase("{0:x16}{0:x16}")]
    public void OfThousandOthers_FewAreLookedUp(string shape)
    {
        var random = new Random(1);
        var marks = new CallIdMarks();
        for (var i = 0; i < 1_000; i++)
            marks.Add(Next(i));

        var found = Enumerable.Range(1_000, 10_000).Count(i => marks.MayContain(Next(i)));

        Assert.That(found, Is.LessThan(1_500), "of 10,000; 600 is what chance gives");

        string Next(int i) => string.Format(null, shape, random.NextInt64(), i);
    }
}
