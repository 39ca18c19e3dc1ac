using Atm0s.Sip.Core.Cryptography;

namespace Atm0s.Sip.Core.Tests.Cryptography;

[TestFixture]
public class RandomBlockTests
{
    [Test]
    public void Fill_OverManyBlocks_NeverGivesTheSameTwice([Values(12, 16, 100, RandomBlock.Size, RandomBlock.Size + 1)] int size)
    {
        var seen = new HashSet<string>();
        var bytes = new byte[size];
        for (var given = 0; given < 8 * RandomBlock.Size; given += size)
        {
            RandomBlock.Fill(bytes);
            Assert.That(seen.Add(Convert.ToHexString(bytes.AsSpan(0, 12))), Is.True);
            // All of it is filled: 12 zeros at its end do not come by chance.
            Assert.That(bytes.AsSpan(size - 12).ContainsAnyExcept((byte)0), Is.True);
        }
    }

    [Test]
    public void Fill_OnOtherThreads_GivesOtherBytes()
    {
        var made = new string[4];
        var threads = made.Select((_, i) => new Thread(() =>
        {
            var bytes = new byte[16];
            RandomBlock.Fill(bytes);
            made[i] = Convert.ToHexString(bytes);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.That(made, Is.Unique);
    }

    [Test]
    public void Next_TakesEveryValueBelowTheMaximum()
    {
        var counts = new int[10];
        for (var i = 0; i < 10_000; i++)
            counts[RandomBlock.Next(10)]++;
        Assert.That(counts, Has.All.InRange(700, 1300));
        Assert.That(RandomBlock.Next(uint.MaxValue), Is.LessThan(uint.MaxValue));
    }
}
