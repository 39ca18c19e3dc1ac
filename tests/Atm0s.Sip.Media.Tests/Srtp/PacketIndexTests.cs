using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Tests.Srtp;

/// <summary>The roll-over counter that a sequence number means (RFC 3711 §3.3.1).</summary>
public sealed class PacketIndexTests
{
    [TestCase(10, 11, 11)]
    [TestCase(0xFFFF, 0, 0x10000)]
    [TestCase(0xFFFF, 0x7FFE, 0x17FFE)]
    [TestCase(0x10000, 0xFFFF, 0xFFFF)]
    [TestCase(0x1FFFF, 3, 0x20003)]
    [TestCase(0x20003, 0xFFFE, 0x1FFFE)]
    [TestCase(5, 0xFFFF, -1)]
    public void Guess_IsTheNearest(long highest, int sequenceNumber, long expected) =>
        Assert.That(PacketIndex.Guess(highest, (ushort)sequenceNumber), Is.EqualTo(expected));

    [Test]
    public void Guess_IsRightForAllWithinHalfARound()
    {
        var random = new Random(2);
        for (var i = 0; i < 100_000; i++)
        {
            var highest = random.NextInt64(1 << 20, 1L << 40);
            var index = highest + random.Next(-32_767, 32_768);
            Assert.That(PacketIndex.Guess(highest, (ushort)index), Is.EqualTo(index));
        }
    }
}
