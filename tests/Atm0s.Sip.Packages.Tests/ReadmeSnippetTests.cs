using System.Text;
using System.Text.RegularExpressions;
using Atm0s.Sip.Packages.Tests.Feed;

namespace Atm0s.Sip.Packages.Tests;

/// <summary>The first lines of code that somebody copies from a package page compile against the packages.</summary>
public sealed partial class ReadmeSnippetTests
{
    [Test]
    public async Task EveryReadme_HasCodeThatCompiles_WithThePackagesAlone()
    {
        var feed = await LocalFeed.GetAsync();
        using var folder = FreshFolder.Create(feed);
        var app = folder.CopyApp("Snippets");
        var references = new List<string>();
        foreach (var id in Repository.Libraries)
        {
            using var package = feed.Open(id);
            if (package.IsTool)
                continue;
            references.Add($"<PackageReference Include=\"{id}\" Version=\"{feed.Version}\" />");
            var snippet = Fence().Match(Encoding.UTF8.GetString(package.Read("README.md")));
            Assert.That(snippet.Success, Is.True, $"{id} shows no code");
            Assert.That(snippet.Groups[1].Value.Split('\n'), Has.Length.LessThan(30), id);
            File.WriteAllText(Path.Combine(app, $"{id}.cs"), AsFile(id, snippet.Groups[1].Value));
        }

        var project = Path.Combine(app, "Snippets.csproj");
        File.WriteAllText(project, File.ReadAllText(project).Replace("<!-- packages -->", string.Concat(references), StringComparison.Ordinal));
        await DotnetCommand.RunAsync(app, "build", "-nologo", "-warnaserror");
    }

    // Statements become a method of a class of their own, so that all of them go into one project.
    private static string AsFile(string id, string code)
    {
        var lines = code.Split('\n');
        var usings = lines.TakeWhile(line => line.StartsWith("using ", StringComparison.Ordinal) && line.Contains('.') && !line.Contains('='));
        var rest = string.Join('\n', lines.Skip(usings.Count()));
        var types = rest.IndexOf("\nsealed class ", StringComparison.Ordinal);
        var (statements, classes) = types < 0 ? (rest, "") : (rest[..types], rest[types..]);
        var name = id.Replace('.', '_');
        return $$"""
            {{string.Join('\n', usings)}}
            namespace Snippets.{{name}};
            static class Snippet
            {
                public static async Task RunAsync()
                {
                    await Task.CompletedTask;
            {{statements}}
                }
            }
            {{classes}}
            """;
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
