using System.Globalization;
using System.Text.RegularExpressions;

namespace Atm0s.Sip.Tests;

/// <summary>What README and manual say a call costs is what benchmarks/README.md says was measured.</summary>
public sealed partial class FigurePageTests
{
    private static readonly string Measured = Read("benchmarks", "README.md");

    [TestCase("`--callers 100`, G.711", 2)]
    [TestCase("`--callers 40 --codec opus`, all talk, the three loudest heard", 1)]
    [TestCase("`--callers 300 --codec opus`", 1)]
    public void CostOfACallersAudio_IsTheOneMeasured(string load, int digits)
    {
        var figure = Rounded(load, digits);
        Assert.That(Read("README.md"), Does.Contain($"{figure} ms"));
        Assert.That(Read("docs", "how-to", "high-load.md"), Does.Contain($"{figure} ms"));
    }

    [Test]
    public void CostWhereAllAreHeard_IsTheOneMeasured() => Assert.That(
        Read("docs", "how-to", "high-load.md"), Does.Contain($"{Rounded("`--callers 40 --codec opus --speakers 0`, all heard", 1)} ms"));

    [Test]
    public void MemoryOfACall_IsTheOneMeasured()
    {
        var heap = MemoryOfALeg().Match(Measured);
        Assert.That(heap.Success, Is.True);
        var figure = $"{double.Parse(heap.Groups[1].Value, CultureInfo.InvariantCulture):0} kB";
        Assert.That(Read("docs", "how-to", "high-load.md"), Does.Contain($"| a call that is up | {figure} of heap"));
        Assert.That(Read("docs", "how-to", "kubernetes.md"), Does.Contain($"{figure} for each call"));
    }

    // 1,000 ms of a processor; the page leaves a tenth or more of it.
    [TestCase("`--callers 100`, G.711", @"carries some ([\d,]+) callers in G\.711")]
    [TestCase("`--callers 40 --codec opus`, all talk, the three loudest heard", @"or (\d+) in Opus")]
    [TestCase("`--callers 40 --codec opus --speakers 0`, all heard", @"; (\d+) where all of them are to be heard")]
    public void CallersOfACore_FollowFromIt(string load, string sentence)
    {
        var said = Regex.Match(Read("docs", "how-to", "high-load.md"), sentence);
        Assert.That(said.Success, Is.True);
        var most = 1_000 / CostOf(load);
        Assert.That(int.Parse(said.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture),
            Is.InRange(0.8 * most, most));
    }

    private static string Rounded(string load, int digits) =>
        CostOf(load).ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static double CostOf(string load)
    {
        var row = Measured.Split('\n').Single(line => line.StartsWith($"| {load} |", StringComparison.Ordinal));
        return double.Parse(row.Split('|')[2], CultureInfo.InvariantCulture);
    }

    private static string Read(params string[] path) =>
        File.ReadAllText(Path.Combine([ReadmeTests.Root(), .. path])).ReplaceLineEndings("\n");

    [GeneratedRegex(@"\| 1,000 idle PCMA legs \| ([\d.]+) kB of live heap each")]
    private static partial Regex MemoryOfALeg();
}
