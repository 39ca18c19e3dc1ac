using System.Text;
using System.Text.RegularExpressions;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.Packages.Tests.Feed;

namespace Atm0s.Sip.Packages.Tests;

/// <summary>The first lines of code that somebody copies from a package page compile against the packages, and run.</summary>
public sealed partial class ReadmeSnippetTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Test]
    public async Task EveryReadme_HasCodeThatCompiles_AndRuns_WithThePackagesAlone()
    {
        var feed = await LocalFeed.GetAsync();
        using var folder = FreshFolder.Create(feed);
        var app = folder.CopyApp("Snippets");
        var (references, ids) = (new List<string>(), new List<string>());
        foreach (var id in Repository.Libraries)
        {
            using var package = feed.Open(id);
            if (package.IsTool)
                continue;
            references.Add($"<PackageReference Include=\"{id}\" Version=\"{feed.Version}\" />");
            var snippet = Fence().Match(Encoding.UTF8.GetString(package.Read("README.md")));
            Assert.That(snippet.Success, Is.True, $"{id} shows no code");
            Assert.That(snippet.Groups[1].Value.Split('\n'), Has.Length.LessThan(30), id);
            // Wherever it listens, somebody else may listen already.
            File.WriteAllText(Path.Combine(app, $"{id}.cs"), AsFile(id, snippet.Groups[1].Value.Replace("5060", "0", StringComparison.Ordinal)));
            ids.Add(id);
        }

        File.WriteAllText(Path.Combine(app, "Program.cs"), ProgramOf(ids));

        var project = Path.Combine(app, "Snippets.csproj");
        File.WriteAllText(project, File.ReadAllText(project).Replace("<!-- packages -->", string.Concat(references), StringComparison.Ordinal));
        await DotnetCommand.RunAsync(app, "build", "-nologo", "-warnaserror", "-o", "out");
        foreach (var id in ids)
            await RunAsync(Path.Combine(app, "out", "Snippets.dll"), id);
    }

    // A server goes on until it is told to end; all else ends by itself.
    private static async Task RunAsync(string program, string id)
    {
        await using var process = ChildProcess.Start(id, "dotnet", [program, id, "--urls", "http://127.0.0.1:0"]);
        var last = await process.Output.WaitAsync(
            line => line.Contains("Application started", StringComparison.Ordinal) || line == "through", "its start or its end", Limit);
        if (last != "through")
            process.Terminate();
        Assert.That(await process.WaitForExitAsync(Limit), Is.Zero, $"{id}\n{process.Output}\n{process.Errors}");
    }

    private static string ProgramOf(IEnumerable<string> ids) => $$"""
        // The snippets have no arguments: what they listen at by HTTP comes from here.
        Environment.SetEnvironmentVariable("ASPNETCORE_URLS", args[2]);
        await (args[0] switch
        {
            {{string.Join('\n', ids.Select(id => $"\"{id}\" => Snippets.{id.Replace('.', '_')}.Snippet.RunAsync(),"))}}
            _ => throw new ArgumentException(args[0]),
        });
        Console.WriteLine("through");
        return 0;
        """;

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
