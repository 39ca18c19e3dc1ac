using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Tests.Srtp;

/// <summary>Each packet counts once (RFC 3711 §3.3.2), held against a set that remembers all.</summary>
public sealed class ReplayWindowTests
{
    [Test]
    public void RandomOrder_IsJudgedAsByASet()
    {
        var random = new Random(1);
        var (window, seen, highest) = (default(ReplayWindow), new HashSet<long>(), -1L);
        var at = 1000L;
        for (var i = 0; i < 200_000; i++)
        {
            at += random.Next(4) == 0 ? random.Next(300) : 1;
            var index = Math.Max(0, at - random.Next(random.Next(2) == 0 ? 10 : 200));
            var expected = seen.Contains(index) || index <= highest - ReplayWindow.Size;
            Assert.That(window.IsReplay(index), Is.EqualTo(expected), $"{index} below {highest}");
            if (expected)
                continue;
            window.Add(index);
            seen.Add(index);
            highest = Math.Max(highest, index);
        }
    }

    [Test]
    public void Window_IsWiderThanTheRfcWants() => Assert.That(ReplayWindow.Size, Is.GreaterThanOrEqualTo(64));
}
