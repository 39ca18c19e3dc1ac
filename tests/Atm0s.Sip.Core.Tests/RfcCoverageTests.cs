using System.Text.RegularExpressions;

namespace Atm0s.Sip.Core.Tests;

/// <summary>Holds docs/rfc-coverage.md against the tests, both ways.</summary>
[TestFixture]
internal sealed partial class RfcCoverageTests
{
    private static readonly string Root = FindRoot();

    private static readonly (string Rfc, string Section, string Rule, string Proof)[] Rows = [.. ReadRows()];

    [Test]
    public void EveryRow_NamesATestOrSaysWhyThereIsNone()
    {
        Assert.That(Rows, Has.Length.GreaterThan(250));
        Assert.That(
            Rows.Where(
                row => row.Rule.Length == 0 || !(TestName().IsMatch(row.Proof) || row.Proof.StartsWith("no: ", StringComparison.Ordinal))),
            Is.Empty);
    }

    [Test]
    public void EveryTestThatTheDocumentNames_IsThere()
    {
        var tests = TestNames();
        var missing = Rows.SelectMany(row => TestName().Matches(row.Proof)).Select(m => $"{m.Groups[1].Value}.{m.Groups[2].Value}")
            .Where(name => !tests.Contains(name)).Distinct();

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void EveryTestThatNamesAParagraph_HasARowForIt()
    {
        var covered = Rows.Select(row => row.Rfc).ToHashSet(StringComparer.Ordinal);
        var named = TestFiles().SelectMany(file => Paragraph().Matches(File.ReadAllText(file)))
            .Select(m => (Rfc: m.Groups[1].Value, Section: m.Groups[2].Value)).Distinct().Where(p => covered.Contains(p.Rfc)).ToArray();

        Assert.That(named, Has.Length.GreaterThan(50));
        Assert.That(named.Where(p => !Rows.Any(row => row.Rfc == p.Rfc && IsWithin(row.Section, p.Section))), Is.Empty);
    }

    [Test]
    public void EveryRfcOfTheDocument_HasAHeading() =>
        Assert.That(
            Rows.Select(row => row.Rfc).Distinct(),
            Is.EqualTo(
                new[]
                {
                    "3261", "3262", "3264", "3311", "3515", "3581", "3711", "3891", "4028", "4568", "5626", "5763",
                    "5764", "5922", "5923", "6026", "6188", "7118", "7675", "7714", "8445", "8489", "8842",
                }));

    // A test of "13.2.2" is in its place when there is a row of "13.2.2" or of a paragraph below it.
    private static bool IsWithin(string section, string named) =>
        section == named || section.StartsWith(named + ".", StringComparison.Ordinal);

    private static IEnumerable<(string Rfc, string Section, string Rule, string Proof)> ReadRows()
    {
        var rfc = string.Empty;
        foreach (var line in File.ReadLines(Path.Combine(Root, "docs", "rfc-coverage.md")))
        {
            if (Heading().Match(line) is { Success: true } heading)
                rfc = heading.Groups[1].Value;
            else if (Row().Match(line) is { Success: true } row)
                yield return (rfc, row.Groups[1].Value, row.Groups[2].Value.Trim(), row.Groups[3].Value.Trim());
        }
    }

    private static HashSet<string> TestNames()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in TestFiles().Select(File.ReadAllText))
        {
            if (ClassName().Match(text) is not { Success: true } type)
                continue;
            foreach (Match method in Method().Matches(text))
                names.Add($"{type.Groups[1].Value}.{method.Groups[1].Value}");
        }

        return names;
    }

    private static IEnumerable<string> TestFiles() =>
        Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*Tests.cs", SearchOption.AllDirectories);

    private static string FindRoot()
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(folder, "Atm0s.Sip.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex(@"^## RFC (\d+):")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\| (\d+(?:\.\d+)*) \|([^|]+)\|([^|]+)\|$")]
    private static partial Regex Row();

    [GeneratedRegex("`([A-Za-z0-9]+Tests)\\.([A-Za-z0-9_]+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"class (\w+Tests)\b")]
    private static partial Regex ClassName();

    [GeneratedRegex(@"^    public (?:async )?[\w<>]+ (\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Method();

    [GeneratedRegex("Property\\(\"rfc\", \"(\\d+)-(\\d[\\d.]*)\"")]
    private static partial Regex Paragraph();
}
