using Atm0s.Sip.Core.Authentication;

namespace Atm0s.Sip.Core.Tests.Authentication;

[TestFixture]
[Property("rfc", "7616 §3.4, nc")]
public class NonceCountTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    [Test]
    public void Verify_SameRequestAgain_IsReplayed()
    {
        var fixture = new ServerFixture();
        var authorization = fixture.Challenged().Authorize("REGISTER", ServerFixture.Uri);

        Assert.That(fixture.Verify(authorization), Is.EqualTo(DigestVerdict.Accepted));
        Assert.That(fixture.Verify(authorization), Is.EqualTo(DigestVerdict.Replayed));
    }

    [Test]
    public void Verify_NextCounts_AreAcceptedInAnyOrder()
    {
        var fixture = new ServerFixture();
        var client = fixture.Challenged();
        var requests = Enumerable.Range(0, 60).Select(_ => client.Authorize("REGISTER", ServerFixture.Uri)).ToArray();
        new Random(7).Shuffle(requests);

        Assert.That(requests.Select(r => fixture.Verify(r)), Is.All.EqualTo(DigestVerdict.Accepted));
        Assert.That(requests.Select(r => fixture.Verify(r)), Is.All.EqualTo(DigestVerdict.Replayed));
    }

    [Test]
    public void TryUse_SixtyFourBack_IsRefused()
    {
        var counts = new NonceCounts(10);

        Assert.That(Use(counts, "n", 100), Is.True);
        Assert.That(Use(counts, "n", 37), Is.True);
        Assert.That(Use(counts, "n", 36), Is.False);
    }

    [TestCase(1u, 64u)]
    [TestCase(1u, 65u)]
    [TestCase(1u, 66u)]
    [TestCase(1u, uint.MaxValue)]
    public void TryUse_AfterAJump_StillKnowsBoth(uint first, uint second)
    {
        var counts = new NonceCounts(10);

        Assert.That(Use(counts, "n", first), Is.True);
        Assert.That(Use(counts, "n", second), Is.True);
        Assert.That(Use(counts, "n", first), Is.False);
        Assert.That(Use(counts, "n", second), Is.False);
    }

    [Test]
    public void TryUse_AtCapacity_AReplayDoesNotMakeRoomForItself()
    {
        var counts = new NonceCounts(2);
        Assert.That(Use(counts, "a", 1), Is.True);
        Assert.That(Use(counts, "b", 1), Is.True);

        for (var i = 0; i < 10; i++)
        {
            Assert.That(Use(counts, "a", 1), Is.False);
            Assert.That(Use(counts, "b", 1), Is.False);
        }
    }

    [Test]
    public void TryUse_BeyondCapacity_ForgetsTheOldestOnly()
    {
        var counts = new NonceCounts(2);
        Use(counts, "a", 1);
        Use(counts, "b", 1);
        Use(counts, "c", 1);

        Assert.That(Use(counts, "c", 1), Is.False);
        Assert.That(Use(counts, "b", 1), Is.False);
    }

    [Test]
    public void TryUse_RandomCounts_EachAtMostOnce()
    {
        var counts = new NonceCounts(10);
        var random = new Random(11);
        var used = new HashSet<uint>();
        var accepted = 0;

        for (var i = 0; i < 20_000; i++)
        {
            var count = (uint)((i / 20) + random.Next(1, 100));
            if (!Use(counts, "n", count))
                continue;
            accepted++;
            Assert.That(used.Add(count), Is.True, $"{count} was taken twice");
        }

        Assert.That(accepted, Is.GreaterThan(500));
    }

    [Test]
    public void TryUse_WhatHadToBeForgotten_IsRefusedAndNotTakenAsNew()
    {
        // Room must not be made for a second use: whoever has a password could fill the memory, and then use what he has overheard.
        var counts = new NonceCounts(2);
        for (var i = 1UL; i <= 4; i++)
            Assert.That(counts.TryUse(new NonceStamp(i * 1000, i), 1, TimeSpan.FromSeconds(i), Lifetime), Is.True);

        Assert.That(counts.Count, Is.EqualTo(2));
        for (var i = 1UL; i <= 4; i++)
            Assert.That(counts.TryUse(new NonceStamp(i * 1000, i), 1, TimeSpan.FromSeconds(4), Lifetime), Is.False);
        Assert.That(counts.TryUse(new NonceStamp(5000, 5), 1, TimeSpan.FromSeconds(5), Lifetime), Is.True);
    }

    [Test]
    public void TryUse_NoncesOverTheirTime_AreForgotten()
    {
        var counts = new NonceCounts(100_000);
        for (var i = 0UL; i < 1000; i++)
            counts.TryUse(new NonceStamp(i, i), 1, TimeSpan.FromMilliseconds(i), Lifetime);
        counts.TryUse(new NonceStamp(400_000, 1), 1, TimeSpan.FromMilliseconds(400_000), Lifetime);

        Assert.That(counts.Count, Is.EqualTo(1));
    }

    [Test]
    public void TryUse_ForgottenByOneClock_IsNotNewToOneThatIsBehind()
    {
        var counts = new NonceCounts(100);
        var made = TimeSpan.FromSeconds(1);
        Assert.That(counts.TryUse(new NonceStamp(1000, 1), 1, made, Lifetime), Is.True);
        var late = made + Lifetime + TimeSpan.FromMilliseconds(1);
        Assert.That(counts.TryUse(new NonceStamp(2000, 2), 1, late, Lifetime), Is.True);

        Assert.That(counts.TryUse(new NonceStamp(1000, 1), 1, made + Lifetime, Lifetime), Is.False);
    }

    private static bool Use(NonceCounts counts, string nonce, uint count) =>
        counts.TryUse(new NonceStamp(0, nonce[0]), count, TimeSpan.Zero, Lifetime);
}
