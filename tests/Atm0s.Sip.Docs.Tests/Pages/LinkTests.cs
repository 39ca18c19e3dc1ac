using System.Text.RegularExpressions;

namespace Atm0s.Sip.Docs.Tests.Pages;

/// <summary>What the pages point to is there.</summary>
public sealed partial class LinkTests
{
    [Test]
    public void EveryLink_LeadsToAPage_AndToAPlaceInIt()
    {
        var pages = Manual.Pages.ToDictionary(page => page.Path);
        var links = 0;
        Assert.Multiple(() =>
        {
            foreach (var page in Manual.Pages)
            {
                foreach (var link in page.Links)
                {
                    links++;
                    var parts = link.Split('#', 2);
                    var target = parts[0].Length == 0 ? page.Path : Resolve(page.Path, parts[0]);
                    if (!target.EndsWith(".md", StringComparison.Ordinal))
                        Assert.That(File.Exists(Path.Combine(Manual.Root, target)), Is.True, $"{page}: {link}");
                    else if (!pages.TryGetValue(target, out var there))
                        Assert.Fail($"{page}: {link} leads to no page.");
                    else if (parts.Length == 2)
                        Assert.That(there.Anchors, Does.Contain(parts[1]), $"{page}: {link}");
                }
            }
        });
        Assert.That(links, Is.GreaterThan(50));
    }

    [Test]
    public void EveryFileThatIsNamed_IsThere()
    {
        var names = 0;
        Assert.Multiple(() =>
        {
            foreach (var page in Manual.Pages)
            {
                foreach (var name in page.InlineCodes.Concat(page.CodeLines.SelectMany(line => line.Split(' '))).Where(IsPath))
                {
                    names++;
                    var path = Path.Combine(Manual.Root, name.TrimEnd('/'));
                    Assert.That(File.Exists(path) || Directory.Exists(path), Is.True, $"{page}: {name}");
                }
            }
        });
        Assert.That(names, Is.GreaterThan(50));
    }

    [Test]
    public void EveryPage_IsInTheTableOfContents()
    {
        var tables = Directory.EnumerateFiles(Path.Combine(Manual.Root, "docs"), "toc.yml", SearchOption.AllDirectories)
            .SelectMany(file => Href().Matches(File.ReadAllText(file)).Select(match => Resolve(
                Path.GetRelativePath(Manual.Root, file), match.Groups[1].Value)))
            .ToHashSet();
        Assert.That(Manual.Pages.Select(page => page.Path).Where(path => path.StartsWith("docs/", StringComparison.Ordinal)),
            Is.SubsetOf(tables), "Each page has a line in docs/guides/toc.yml or in another toc.yml.");
        Assert.That(tables.Where(path => path.EndsWith(".md", StringComparison.Ordinal)), Is.SubsetOf(Manual.Pages.Select(p => p.Path)));
    }

    private static bool IsPath(string name) => RepositoryPath().IsMatch(name);

    private static string Resolve(string from, string link) =>
        Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(from)!, link))).Replace('\\', '/');

    // What a build makes (bin, artifacts, ...) is not meant, nor are patterns.
    [GeneratedRegex(@"^(?:\./[\w-]+\.sh|(?:samples|src|tests|docs|eng|benchmarks|deploy|templates|\.ci|\.github)/(?!.*(?:bin|obj|_site)/)[\w./-]+)$")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"^\s*(?:- )?href:\s*(\S+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Href();
}
