namespace Atm0s.Sip.Observability.Tests.Docs;

/// <summary>docs/observability.md, and what stands in its tables.</summary>
internal static class Page
{
    public static string Root { get; } = FindRoot();

    public static string Text { get; } = File.ReadAllText(Path.Combine(Root, "docs", "observability.md"));

    /// <summary>The cells of a table: of each row below a heading, until the next.</summary>
    /// <param name="heading">The heading, for example <c>## Metrics</c>.</param>
    public static IReadOnlyList<string[]> Table(string heading)
    {
        var lines = Text.Split('\n').SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal));
        return [
            .. lines.Where(line => line.StartsWith("| ", StringComparison.Ordinal))
                .Select(line => line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()).ToArray())
                .Where(cells => cells[0].Contains('`', StringComparison.Ordinal))];
    }

    public static string Plain(string cell) => cell.Replace("`", "", StringComparison.Ordinal);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Atm0s.Sip.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The solution is not above the tests.");
    }
}
