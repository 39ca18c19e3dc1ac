using System.Globalization;

namespace Atm0s.Sip.Packages.Tests.Feed;

/// <summary>All packages, packed once from what was built, under a version that nothing else has: what NuGet keeps of it goes with the test.</summary>
internal sealed class LocalFeed
{
    private static readonly Lazy<Task<LocalFeed>> Packed = new(PackAsync);

    private LocalFeed(string folder, string version) => (Folder, Version) = (folder, version);

    /// <summary>Where the packages lie.</summary>
    public string Folder { get; }

    /// <summary>Their version.</summary>
    public string Version { get; }

    /// <summary>The feed, packed by the first who asks.</summary>
    public static Task<LocalFeed> GetAsync() => Packed.Value;

    /// <summary>Opens a package.</summary>
    public PackageFile Open(string id) => new(Path.Combine(Folder, $"{id}.{Version}.nupkg"));

    /// <summary>Forgets it, if it was ever made.</summary>
    public static async Task DeleteAsync()
    {
        if (!Packed.IsValueCreated || !Packed.Value.IsCompletedSuccessfully)
            return;
        var feed = await Packed.Value;
        Directory.Delete(feed.Folder, recursive: true);
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        if (!Directory.Exists(cache))
            return;
        foreach (var package in Directory.EnumerateDirectories(cache, "atm0s.sip*"))
        {
            var kept = Path.Combine(package, feed.Version);
            if (Directory.Exists(kept))
                Directory.Delete(kept, recursive: true);
        }
    }

    private static async Task<LocalFeed> PackAsync()
    {
        var folder = Directory.CreateTempSubdirectory("atm0s-sip-feed-").FullName;
        var stamp = TimeProvider.System.GetUtcNow().ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);
        var version = $"0.1.0-test.{stamp}.{Environment.ProcessId}";
        await DotnetCommand.RunAsync(
            Repository.Root, "msbuild", "eng/Packages.proj", "-t:Pack", "-nologo", "-v:quiet", "-p:NoBuild=true",
            $"-p:Configuration={Repository.Configuration}", $"-p:PackageVersion={version}", $"-p:PackageOutputPath={folder}");
        return new LocalFeed(folder, version);
    }
}
