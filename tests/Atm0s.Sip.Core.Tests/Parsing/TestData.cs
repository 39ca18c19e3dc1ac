namespace Atm0s.Sip.Core.Tests.Parsing;

/// <summary>The files under tests/data.</summary>
internal static class TestData
{
    public static byte[] Read(string folder, string file) => File.ReadAllBytes(Path.Combine(PathOf(folder), file));

    public static string[] Files(string folder, string pattern = "*") =>
        [.. Directory.GetFiles(PathOf(folder), pattern).Select(f => Path.GetFileName(f))
            .Where(f => !f.EndsWith(".tsv", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static string PathOf(string folder) => Path.Combine(AppContext.BaseDirectory, "data", folder);
}
