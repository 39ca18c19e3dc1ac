using System.Text.Json.Nodes;

namespace Atm0s.Sip.Tests.Configuration.Pages;

/// <summary>The schema of editors and the tables of docs/configuration.md say what the options say.</summary>
public sealed class GeneratedPagesTests
{
    private const string Renew = "ATM0S_RENEW=1 dotnet test tests/Atm0s.Sip.Tests --filter FullyQualifiedName~GeneratedPages";
    private const string Begin = "<!-- options: ";
    private const string End = "<!-- /options -->";

    private static string SchemaFile => Path.Combine(ReadmeTests.Root(), "src", "Atm0s.Sip", "ConfigurationSchema.json");

    private static string Page => Path.Combine(ReadmeTests.Root(), "docs", "configuration.md");

    [Test]
    public void Schema_IsThatOfTheOptions() => IsUpToDate(SchemaFile, SchemaWriter.Write());

    [Test]
    public void Tables_AreThoseOfTheOptions()
    {
        var page = File.ReadAllText(Page).ReplaceLineEndings("\n");
        var begin = page.IndexOf('\n', page.IndexOf(Begin, StringComparison.Ordinal)) + 1;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        IsUpToDate(Page, page[..begin] + TableWriter.Write() + "\n" + page[end..]);
    }

    // What the tests of all options write is what the schema lets an editor write.
    [Test]
    public void Schema_KnowsEveryOption_AndItsRange()
    {
        var schema = JsonNode.Parse(File.ReadAllText(SchemaFile))!["properties"]!["Sip"]!;
        foreach (var (path, _) in OptionWalk.All)
        {
            var at = (JsonNode?)schema;
            foreach (var name in path.Split(':').Where(name => name != "0"))
            {
                at = at!["properties"] ?? at["anyOf"]![0]!["items"]!["anyOf"]![1]!["properties"];
                at = at![name];
                Assert.That(at, Is.Not.Null, path);
            }

            Assert.That((string?)at!["description"], Is.Not.Null.And.Not.Empty, path);
        }

        Assert.That((int)schema["properties"]!["Calls"]!["properties"]!["MaxCalls"]!["maximum"]!, Is.EqualTo(1_000_000));
        Assert.That((int)schema["properties"]!["Calls"]!["properties"]!["MaxCalls"]!["default"]!, Is.EqualTo(10_000));
    }

    private static void IsUpToDate(string file, string text)
    {
        if (Environment.GetEnvironmentVariable("ATM0S_RENEW") == "1")
            File.WriteAllText(file, text);
        Assert.That(File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "", Is.EqualTo(text), $"renew it: {Renew}");
    }
}
