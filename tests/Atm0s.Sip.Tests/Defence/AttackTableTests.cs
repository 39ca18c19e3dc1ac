using System.Text.RegularExpressions;

namespace Atm0s.Sip.Tests.Defence;

/// <summary>The table of attacks in docs/security.md: each row names a figure, and a test or preset that is there.</summary>
public sealed partial class AttackTableTests
{
    private static readonly string Root = ReadmeTests.Root();

    private static readonly string[][] Rows = [.. File.ReadLines(Path.Combine(Root, "docs", "security.md"))
        .SkipWhile(line => !line.StartsWith("## Attacks, and the figure held", StringComparison.Ordinal)).Skip(1)
        .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])];

    [Test]
    public void EveryRow_HasAFigure_AndAProof()
    {
        Assert.That(Rows, Has.Length.GreaterThanOrEqualTo(18).And.All.Length.EqualTo(3));
        Assert.That(Rows.Where(row => row.Any(string.IsNullOrEmpty) || !TestName().IsMatch(row[2])), Is.Empty);
    }

    [Test]
    public void EveryTestThatARowNames_IsThere()
    {
        var tests = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText))
        {
            var type = ClassName().Match(text).Groups[1].Value;
            tests.UnionWith(Method().Matches(text).Select(method => $"{type}.{method.Groups[1].Value}"));
        }

        var named = Rows.SelectMany(row => TestName().Matches(row[2])).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.That(named, Has.Count.GreaterThan(35));
        Assert.That(named.Where(name => !tests.Contains(name)), Is.Empty);
    }

    [Test]
    public void EveryPreset_IsNamed_AndNoOther()
    {
        var code = File.ReadAllText(Path.Combine(Root, "benchmarks", "Atm0s.Sip.LoadGenerator", "Runs", "PresetRun.cs"));
        var presets = Preset().Matches(code).Select(match => match.Groups[1].Value);
        var named = Rows.SelectMany(row => PresetName().Matches(row[2])).Select(match => match.Groups[1].Value);
        Assert.That(named, Is.EquivalentTo(presets));
    }

    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"class (\w+Tests)\b")]
    private static partial Regex ClassName();

    [GeneratedRegex(@"^    public (?:async )?[\w<>]+ (\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Method();

    [GeneratedRegex(@"""(s\d+)"" => new")]
    private static partial Regex Preset();

    [GeneratedRegex(@"preset `(s\d+)`")]
    private static partial Regex PresetName();
}
