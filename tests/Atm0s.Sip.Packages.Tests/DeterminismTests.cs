using Atm0s.Sip.Packages.Tests.Feed;

namespace Atm0s.Sip.Packages.Tests;

/// <summary>What is published can be built again by anybody, anywhere, to the last bit.</summary>
public sealed class DeterminismTests
{
    [Test]
    public async Task SameSource_InTwoFolders_GivesTheSameAssemblyAndSymbols()
    {
        using var one = FreshFolder.Create();
        using var other = FreshFolder.Create();

        var first = await BuildAsync(Path.Combine(one.Root, "here"));
        var second = await BuildAsync(Path.Combine(other.Root, "quite", "somewhere", "else"));

        Assert.That(first["dll"].AsSpan().SequenceEqual(second["dll"]), Is.True, "assembly");
        Assert.That(first["pdb"].AsSpan().SequenceEqual(second["pdb"]), Is.True, "symbols");
    }

    // The one library that stands alone, as from an archive: without git.
    private static async Task<Dictionary<string, byte[]>> BuildAsync(string folder)
    {
        const string library = "Atm0s.Sip.Hooks.Abstractions";
        var project = Path.Combine(folder, "src", library);
        foreach (var file in Directory.EnumerateFiles(Repository.Root)
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "eng")))
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", library), "*", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(Repository.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await DotnetCommand.RunAsync(project, "build", "-c", "Release", "-nologo", "-v:quiet", "-p:RunAnalyzers=false");
        var output = Path.Combine(project, "bin", "Release", "net10.0", library);
        return new() { ["dll"] = await File.ReadAllBytesAsync(output + ".dll"), ["pdb"] = await File.ReadAllBytesAsync(output + ".pdb") };
    }
}
