using System.Reflection;

namespace Atm0s.Sip.Packages.Tests.Feed;

/// <summary>Where the sources are, and how they were built.</summary>
internal static class Repository
{
    /// <summary>Its folder.</summary>
    public static string Root { get; } = Metadata("Repository").TrimEnd('/', '\\');

    /// <summary>Debug or Release, as this test itself.</summary>
    public static string Configuration { get; } = Metadata("Configuration");

    /// <summary>Ids of the packages with an assembly of ours.</summary>
    public static IReadOnlyList<string> Libraries { get; } =
        [.. Directory.EnumerateDirectories(Path.Combine(Root, "src"))
            .Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any())
            .Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    private static string Metadata(string key) => Assembly.GetExecutingAssembly()
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
