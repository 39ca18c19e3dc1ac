using System.Text.RegularExpressions;

namespace Atm0s.Sip.Tests;

/// <summary>docs/limits.md names every option that is a limit.</summary>
public sealed partial class LimitsPageTests
{
    private static readonly Dictionary<string, string> Groups = new(StringComparer.Ordinal)
    {
        ["SipServerOptions"] = "",
        ["RegistrarOptions"] = "Registrar.",
        ["AuthenticationOptions"] = "Authentication.",
        ["CallOptions"] = "Calls.",
        ["CallRecordOptions"] = "Calls.Records.",
        ["MediaOptions"] = "Media.",
        ["DefenceOptions"] = "Defence.",
        ["SipLimits"] = "Limits.",
    };

    // What is named like a limit and bounds nothing that others do.
    private static readonly string[] Others = ["HttpHookOptions.RetryDelay"];

    [Test]
    public void EveryLimitThatCanBeSet_IsOnThePage()
    {
        var page = File.ReadAllText(Path.Combine(ReadmeTests.Root(), "docs", "limits.md"));
        var limits = Limits().ToList();
        Assert.That(limits, Has.Count.GreaterThan(40).And.Contains("Calls.MaxCalls").And.Contains("HandlerTimeout"));
        Assert.That(limits.Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void EveryRow_HasAReason_AConsequenceAndAMetric()
    {
        var rows = File.ReadAllLines(Path.Combine(ReadmeTests.Root(), "docs", "limits.md"))
            .TakeWhile(line => !line.StartsWith("## Lines", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).ToList();
        Assert.That(rows, Has.Count.GreaterThan(40));
        Assert.That(rows.Where(row => row.Split('|')[1..^1] is not { Length: 6 } cells || cells.Any(string.IsNullOrWhiteSpace)), Is.Empty);
    }

    private static IEnumerable<string> Limits()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(ReadmeTests.Root(), "src"), "*.cs", SearchOption.AllDirectories))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            if (file.Contains("/obj/", StringComparison.Ordinal)
                || !(name.EndsWith("Options", StringComparison.Ordinal) || name.EndsWith("Limits", StringComparison.Ordinal)))
                continue;
            var text = File.ReadAllText(file);
            if (!PublicClass().IsMatch(text) || name.StartsWith("MediaEngine", StringComparison.Ordinal)
                || name.StartsWith("JitterBuffer", StringComparison.Ordinal) || name.StartsWith("Opus", StringComparison.Ordinal))
                continue;
            foreach (Match property in Limit().Matches(text))
            {
                var option = (Groups.TryGetValue(name, out var group) ? group : name + ".") + property.Groups[1].Value;
                if (!Others.Contains(option))
                    yield return option;
            }
        }
    }

    [GeneratedRegex(@"^public sealed (?:class|record) ", RegexOptions.Multiline)]
    private static partial Regex PublicClass();

    [GeneratedRegex(
        @"public (?:int|long|double|TimeSpan)\?? ((?:Max|Min|Burst)\w+|\w*(?:Timeout|PerSource|PerSecond|Capacity|Lifetime|Recovery|Interval"
        + @"|Expires|Duration|Window|Maximum|Minimum|Limit|PerGroup|MaxRetries)) \{ get;")]
    private static partial Regex Limit();
}
