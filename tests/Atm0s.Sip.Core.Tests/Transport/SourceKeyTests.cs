using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Tests.Transport;

public sealed class SourceKeyTests
{
    [Test]
    public void GetHashCode_HalvesWithTheSameExclusiveOr_AreSpread()
    {
        var codes = Enumerable.Range(0, 1000)
            .Select(i => new SourceKey(((ulong)i << 32) | ((uint)i ^ 0x2001_0db8), true).GetHashCode());

        Assert.That(codes.Distinct().Count(), Is.GreaterThan(990));
    }
}
