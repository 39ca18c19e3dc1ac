namespace Atm0s.Sip.Packages.Tests.Feed;

/// <summary>An empty folder of a user, outside the repository, that goes with the test. It knows the local feed and its version.</summary>
internal sealed class FreshFolder : IDisposable
{
    private FreshFolder(string path) => Root = path;

    /// <summary>Its path.</summary>
    public string Root { get; }

    /// <summary>Makes one that takes our packages from a feed.</summary>
    public static FreshFolder Create(LocalFeed feed)
    {
        var folder = Create();
        // A published version would be on the user's own feed and in their project file; nothing else here is for them.
        File.WriteAllText(Path.Combine(folder.Root, "Directory.Build.props"), $"""
            <Project>
              <PropertyGroup>
                <Atm0sSipVersion>{feed.Version}</Atm0sSipVersion>
                <RestoreAdditionalProjectSources>{feed.Folder}</RestoreAdditionalProjectSources>
              </PropertyGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder.Root, "Directory.Build.targets"), "<Project />");
        File.WriteAllText(Path.Combine(folder.Root, "Directory.Packages.props"), "<Project />");
        return folder;
    }

    /// <summary>Makes an empty one.</summary>
    public static FreshFolder Create() => new(Directory.CreateTempSubdirectory("atm0s-sip-").FullName);

    /// <summary>Writes a file.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Copies a folder of the test's output into it.</summary>
    public string CopyApp(string name)
    {
        var target = Directory.CreateDirectory(Path.Combine(Root, name)).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(TestContext.CurrentContext.TestDirectory, "Apps", name)))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file).Replace(".csproj.xml", ".csproj", StringComparison.Ordinal)));
        return target;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Root, recursive: true);
}
