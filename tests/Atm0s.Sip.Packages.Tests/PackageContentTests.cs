using System.Buffers.Binary;
using System.Diagnostics;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;
using Atm0s.Sip.Packages.Tests.Feed;

namespace Atm0s.Sip.Packages.Tests;

/// <summary>What somebody sees who looks at a package before they take it.</summary>
public sealed class PackageContentTests
{
    private static IReadOnlyList<string> Libraries => Repository.Libraries;

    [Test]
    public async Task EveryPackage_HasALicence_Tags_ReleaseNotes_AndWordsOfItsOwn([ValueSource(nameof(Libraries))] string id)
    {
        using var package = (await LocalFeed.GetAsync()).Open(id);

        Assert.That(package.Attribute("license", "type"), Is.EqualTo("expression"));
        Assert.That(package["license"], Is.EqualTo("MIT"));
        Assert.That(package["tags"].Split(' '), Does.Contain("sip").And.Contain("voip"));
        Assert.That(package["description"], Has.Length.GreaterThan(30));
        Assert.That(package["description"], Is.Not.EqualTo("Package Description"));
        Assert.That(package["authors"], Is.EqualTo("The Atm0s.Sip contributors"));
        Assert.That(package["releaseNotes"], Has.Length.InRange(100, 35_000), "what nuget.org takes");
        Assert.That(package["releaseNotes"], Does.Not.Contain("\n## "), "of this version alone");
    }

    [Test]
    public async Task EveryPackage_HasAReadme_ThatSaysHowToTakeIt([ValueSource(nameof(Libraries))] string id)
    {
        using var package = (await LocalFeed.GetAsync()).Open(id);

        var readme = Encoding.UTF8.GetString(package.Read(package["readme"]));
        Assert.That(readme, Does.StartWith($"# {id}\n"));
        Assert.That(readme, Does.Contain(package.IsTool ? $"dotnet tool install --global {id}" : $"dotnet add package {id}"));
        Assert.That(readme.Split('\n'), Has.Length.InRange(10, 60));
    }

    [Test]
    public async Task EveryPackage_HasAnIcon([ValueSource(nameof(Libraries))] string id)
    {
        using var package = (await LocalFeed.GetAsync()).Open(id);

        var icon = package.Read(package["icon"]);
        Assert.That(icon.AsSpan(1, 3).SequenceEqual("PNG"u8), Is.True);
        Assert.That(BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)), Is.EqualTo(128), "pixels wide");
        Assert.That(icon, Has.Length.LessThan(20_000));
    }

    [Test]
    public async Task EveryPublicMember_IsDescribed_InTheFileBesideTheAssembly([ValueSource(nameof(Libraries))] string id)
    {
        using var package = (await LocalFeed.GetAsync()).Open(id);
        if (package.IsTool)
            return;

        var docs = XDocument.Parse(Encoding.UTF8.GetString(package.Read($"lib/net10.0/{id}.xml")));
        Assert.That(docs.Descendants("member").Count(), Is.GreaterThan(5));
        Assert.That(docs.Descendants("member").Where(member => !member.HasElements), Is.Empty);
    }

    [Test]
    public async Task Symbols_AreThoseOfTheAssembly([ValueSource(nameof(Libraries))] string id)
    {
        using var package = (await LocalFeed.GetAsync()).Open(id);
        if (package.IsTool)
            return;
        using var symbols = new PackageFile(Path.ChangeExtension(package.Path, ".snupkg"));

        using var assembly = new PEReader(new MemoryStream(package.Read($"lib/net10.0/{id}.dll")));
        var entry = assembly.ReadDebugDirectory().Single(one => one.Type == DebugDirectoryEntryType.CodeView);
        var pdb = symbols.Read($"lib/net10.0/{id}.pdb");
        using var metadata = System.Reflection.Metadata.MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(pdb));
        var pdbId = metadata.GetMetadataReader().DebugMetadataHeader!.Id.AsSpan()[..16];
        Assert.That(new Guid(pdbId), Is.EqualTo(assembly.ReadCodeViewDebugDirectoryData(entry).Guid));
    }

    [Test]
    public async Task NoPackage_TellsFoldersOfTheMachineItWasBuiltOn([ValueSource(nameof(Libraries))] string id)
    {
        if (Repository.Configuration != "Release")
            return; // Debug builds keep true paths, for debuggers, and are never published
        using var package = (await LocalFeed.GetAsync()).Open(id);
        var files = package.Files.Where(file => file.EndsWith(".dll", StringComparison.Ordinal)
            && Path.GetFileName(file).StartsWith("Atm0s.", StringComparison.Ordinal)).ToList();

        Assert.That(files, Is.Not.Empty);
        foreach (var file in files)
        {
            var bytes = package.Read(file);
            Assert.That(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Repository.Root)), Is.Negative, file);
            Assert.That(bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(Repository.Root)), Is.Negative, file);
        }
    }

    [Test]
    public async Task Repository_IsToldWhereOthersCanReachIt_AndNeverInvented([ValueSource(nameof(Libraries))] string id)
    {
        using var package = (await LocalFeed.GetAsync()).Open(id);
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", Repository.Root, "remote", "get-url", "origin"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var remote = (await git.StandardOutput.ReadToEndAsync()).Trim();
        await git.WaitForExitAsync();

        var isPublic = remote.StartsWith("https://", StringComparison.Ordinal) || remote.StartsWith("git@", StringComparison.Ordinal);
        Assert.That(package.Attribute("repository", "url"), isPublic ? Does.StartWith("https://") : Is.Empty);
        Assert.That(package["projectUrl"], isPublic ? Does.StartWith("https://") : Is.Empty);
    }
}
