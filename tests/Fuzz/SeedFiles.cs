namespace Atm0s.Sip.Fuzz;

/// <summary>Files beside the program.</summary>
internal static class SeedFiles
{
    // AFL works best with small ones, and nothing is in the large ones that is not in them.
    private const int MaxLength = 4096;

    /// <summary>The files of some folders of tests/data.</summary>
    public static IEnumerable<byte[]> Read(params string[] folders) => folders
        .SelectMany(folder => Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "data", folder)).Order(StringComparer.Ordinal))
        .Where(path => !path.EndsWith(".md", StringComparison.Ordinal) && !path.EndsWith(".tsv", StringComparison.Ordinal))
        .Select(File.ReadAllBytes)
        .Where(bytes => bytes.Length <= MaxLength);

    /// <summary>Inputs that once found a defect of a target.</summary>
    public static IEnumerable<string> Regressions(string target)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "regressions", target);
        return Directory.Exists(folder) ? Directory.GetFiles(folder).Order(StringComparer.Ordinal) : [];
    }
}
