using System.Text.RegularExpressions;

namespace Atm0s.Sip.Tests;

/// <summary>What the README shows is what is built.</summary>
public sealed partial class ReadmeTests
{
    [Test]
    public void QuickStart_IsTheSample()
    {
        var root = Root();
        var sample = File.ReadAllText(Path.Combine(root, "samples", "QuickStart", "Program.cs")).Trim().ReplaceLineEndings("\n");
        var readme = File.ReadAllText(Path.Combine(root, "README.md")).ReplaceLineEndings("\n");
        Assert.That(readme, Does.Contain($"```csharp\n{sample}\n```"));
    }

    [Test]
    public void EveryPieceOfCode_IsCompiledAndRun_InASampleOrATest()
    {
        var root = Root();
        var folders = new[]
        {
            "samples", "tests/Atm0s.Sip.Hooks.Http.Tests/Docs", "tests/Atm0s.Sip.Doctor.Tests", "tests/Atm0s.Sip.Dashboard.Tests",
            "tests/Atm0s.Sip.Observability.Tests", "tests/Atm0s.Sip.Tests/Calls/Records",
        };
        var code = folders
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .Select(file => Unindented(File.ReadAllText(file))).ToArray();
        var pages = Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(root, "README.md"));
        var found = 0;
        foreach (var page in pages)
        {
            foreach (Match piece in Fence().Matches(File.ReadAllText(page).ReplaceLineEndings("\n")))
            {
                found++;
                Assert.That(code.Any(file => file.Contains(Unindented(piece.Groups[1].Value), StringComparison.Ordinal)), Is.True,
                    $"{Path.GetFileName(page)}:\n{piece.Value}");
            }
        }

        Assert.That(found, Is.GreaterThanOrEqualTo(6));
    }

    [Test]
    public void EveryTestThatTheChecklistNames_IsThere()
    {
        var root = Root();
        var tests = string.Concat(
            Directory.EnumerateFiles(Path.Combine(root, "tests"), "*Tests.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var names = TestName().Matches(File.ReadAllText(Path.Combine(root, "docs", "checklist.md")));
        Assert.That(names, Has.Count.GreaterThan(40));
        foreach (Match name in names)
        {
            Assert.That(tests.Contains($"class {name.Groups[1].Value}", StringComparison.Ordinal), Is.True, name.Value);
            Assert.That(tests.Contains($" {name.Groups[2].Value}(", StringComparison.Ordinal), Is.True, name.Value);
        }
    }

    [GeneratedRegex("`([A-Za-z]+Tests)\\.([A-Za-z0-9_]+)`")]
    private static partial Regex TestName();

    private static string Unindented(string code) =>
        string.Join('\n', code.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    [GeneratedRegex("```csharp\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    internal static string Root()
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(folder, "Atm0s.Sip.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
