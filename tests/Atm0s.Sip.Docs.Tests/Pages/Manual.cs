namespace Atm0s.Sip.Docs.Tests.Pages;

/// <summary>All pages, as they are in the repository.</summary>
internal static class Manual
{
    /// <summary>Folder of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every page that people read: docs/, what stands at the root, and the benchmarks.</summary>
    public static IReadOnlyList<Page> Pages { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Root, "*.md"))
            .Append(Path.Combine(Root, "benchmarks", "README.md"))
            .Order(StringComparer.Ordinal)
            .Select(file => new Page(Path.GetRelativePath(Root, file).Replace('\\', '/'), File.ReadAllText(file)))];

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Atm0s.Sip.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
