using System.Globalization;

namespace Atm0s.Sip.Tests.Calls.Races;

/// <summary>
/// Calls between two servers that do everything by chance: no error inside, no command without an answer, both sides agree, nothing stays.
/// 1,000 calls; more with <c>WALK_CALLS</c>.
/// </summary>
[SingleThreaded]
public sealed class RandomWalkTests
{
    private const int Walks = 20;

    [Test]
    public async Task EverythingAtOnce([Range(1, Walks)] int seed)
    {
        var calls = int.TryParse(Environment.GetEnvironmentVariable("WALK_CALLS"), CultureInfo.InvariantCulture, out var wanted) ? wanted
            : 1000;
        await using var walk = new RandomWalk(seed);
        walk.Walk(calls / Walks);
        Assert.That(walk.Calls, Is.EqualTo(calls / Walks));
    }
}
