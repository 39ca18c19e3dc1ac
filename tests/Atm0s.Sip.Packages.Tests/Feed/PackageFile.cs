using System.IO.Compression;
using System.Xml.Linq;

namespace Atm0s.Sip.Packages.Tests.Feed;

/// <summary>A packed package: its nuspec and its files.</summary>
internal sealed class PackageFile : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly XElement _metadata;

    /// <summary>Opens it.</summary>
    public PackageFile(string path)
    {
        Path = path;
        _archive = ZipFile.OpenRead(path);
        using var nuspec = _archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        _metadata = XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Names of what is in it.</summary>
    public IEnumerable<string> Files => _archive.Entries.Select(entry => entry.FullName);

    /// <summary>Whether it is a tool of the command line.</summary>
    public bool IsTool => Elements("packageType").Any(type => (string?)type.Attribute("name") == "DotnetTool");

    /// <summary>Ids and version ranges of the packages it needs.</summary>
    public IReadOnlyDictionary<string, string> Dependencies =>
        Elements("dependency").ToDictionary(dependency => (string)dependency.Attribute("id")!, dependency => (string)dependency.Attribute("version")!);

    /// <summary>Shared frameworks it needs beside .NET itself.</summary>
    public IEnumerable<string> Frameworks => Elements("frameworkReference").Select(framework => (string)framework.Attribute("name")!);

    /// <summary>A value of its nuspec, or empty.</summary>
    public string this[string name] => Elements(name).FirstOrDefault()?.Value ?? "";

    /// <summary>An attribute of its nuspec, or empty.</summary>
    public string Attribute(string name, string attribute) => (string?)Elements(name).FirstOrDefault()?.Attribute(attribute) ?? "";

    /// <summary>A file of it.</summary>
    public byte[] Read(string name)
    {
        using var stream = (_archive.GetEntry(name) ?? throw new AssertionException($"{Path} has no {name}")).Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    private IEnumerable<XElement> Elements(string name) => _metadata.Descendants().Where(element => element.Name.LocalName == name);
}
