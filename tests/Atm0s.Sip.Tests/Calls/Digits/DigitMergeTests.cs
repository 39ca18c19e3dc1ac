using Atm0s.Sip.Calls.Digits;

namespace Atm0s.Sip.Tests.Calls.Digits;

/// <summary>A key is told once, whatever ways the phone sends it.</summary>
public sealed class DigitMergeTests
{
    private readonly DigitMerge _merge = new();

    [SetUp]
    public void Forget()
    {
        for (var i = 0; i < 100; i++)
            Press(DigitPath.Info, 'D', 0);
    }

    [Test]
    public void OneWay_EveryPressIsNew([Values] bool asEvent)
    {
        var path = asEvent ? DigitPath.TelephoneEvent : DigitPath.Info;
        Assert.That(Enumerable.Range(0, 200).Select(i => Press(path, '5', i * 10)), Has.All.True);
    }

    [TestCase(0, 0)]
    [TestCase(0, 1900)]
    [TestCase(1900, 0)]
    public void BothWays_IsOnePress(int eventAt, int infoAt)
    {
        (DigitPath Path, int At)[] order = [(DigitPath.TelephoneEvent, eventAt), (DigitPath.Info, infoAt)];

        Assert.That(order.OrderBy(p => p.At).Select(p => Press(p.Path, '5', p.At)), Is.EqualTo(new[] { true, false }));
    }

    // An INFO at the beginning of a press, an event at its end.
    [Test]
    public void LongPress_IsOnePress()
    {
        Assert.That(Press(DigitPath.Info, '5', 0, 250), Is.True);
        Assert.That(Press(DigitPath.TelephoneEvent, '5', 10_000, 10_000), Is.False);
    }

    [Test]
    public void KeyPressedTwice_BothWays_IsTwoPresses()
    {
        var told = new[]
        {
            Press(DigitPath.TelephoneEvent, '5', 0), Press(DigitPath.TelephoneEvent, '5', 200), Press(DigitPath.Info, '5', 210), Press(
                DigitPath.Info, '5', 220),
        };
        Assert.That(told, Is.EqualTo(new[] { true, true, false, false }));
    }

    [Test]
    public void OtherKey_IsAnotherPress()
    {
        Assert.That(Press(DigitPath.TelephoneEvent, '5', 0), Is.True);
        Assert.That(Press(DigitPath.Info, '6', 10), Is.True);
    }

    [Test]
    public void LongAfter_IsAnotherPress()
    {
        Assert.That(Press(DigitPath.TelephoneEvent, '5', 0), Is.True);
        Assert.That(Press(DigitPath.Info, '5', 2200), Is.True);
    }

    [Test]
    public void WholeNumber_BothWays_InAnyInterleaving([Range(1, 30)] int seed)
    {
        var random = new Random(seed);
        var digits = Enumerable.Range(0, 60).Select(_ => "0123456789*#"[random.Next(12)]).ToArray();
        var sent = digits.SelectMany((d, i) => new[]
        {
            (Path: DigitPath.TelephoneEvent, Digit: d, At: (i * 300) + random.Next(100)), (
                Path: DigitPath.Info, Digit: d, At: (i * 300) + random.Next(100)),
        });
        var told = sent.OrderBy(p => p.At).Where(p => Press(p.Path, p.Digit, p.At)).Select(p => p.Digit);

        Assert.That(told, Is.EqualTo(digits));
    }

    private bool Press(DigitPath path, char digit, int at, int duration = 100) =>
        _merge.IsNew(path, digit, TimeSpan.FromMilliseconds(duration), TimeSpan.FromMilliseconds(at));
}
