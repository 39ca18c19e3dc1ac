namespace Atm0s.Sip.Tests;

/// <summary>What the README shows is what is built.</summary>
public sealed class ReadmeTests
{
    [Test]
    public void QuickStart_IsTheSample()
    {
        var root = Root();
        var sample = File.ReadAllText(Path.Combine(root, "samples", "QuickStart", "Program.cs")).Trim().ReplaceLineEndings("\n");
        var readme = File.ReadAllText(Path.Combine(root, "README.md")).ReplaceLineEndings("\n");
        Assert.That(readme, Does.Contain($"```csharp\n{sample}\n```"));
    }

    private static string Root()
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(folder, "Atm0s.Sip.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
