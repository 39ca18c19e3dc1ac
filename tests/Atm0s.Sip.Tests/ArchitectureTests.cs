using System.Reflection;
using System.Xml.Linq;

namespace Atm0s.Sip.Tests;

/// <summary>Holds the arrows of docs/architecture.md.</summary>
public sealed class ArchitectureTests
{
    private static readonly string Root = FindRoot();

    [TestCase("Atm0s.Sip.Core", new string[0])]
    [TestCase("Atm0s.Sip.Media", new string[0])]
    [TestCase("Atm0s.Sip.Hooks.Abstractions", new string[0])]
    [TestCase("Atm0s.Sip", new[] { "Atm0s.Sip.Core", "Atm0s.Sip.Hooks.Abstractions", "Atm0s.Sip.Media", "Atm0s.Sip.Media.Concentus" })]
    [TestCase("Atm0s.Sip.Media.Concentus", new[] { "Atm0s.Sip.Media" })]
    [TestCase("Atm0s.Sip.Media.Dtls", new[] { "Atm0s.Sip.Media" })]
    [TestCase("Atm0s.Sip.Hooks.Http", new[] { "Atm0s.Sip", "Atm0s.Sip.Hooks.Abstractions" })]
    [TestCase("Atm0s.Sip.Control", new[] { "Atm0s.Sip", "Atm0s.Sip.Hooks.Http" })]
    [TestCase("Atm0s.Sip.Testing", new[] { "Atm0s.Sip" })]
    [TestCase("Atm0s.Sip.Doctor", new[] { "Atm0s.Sip" })]
    [TestCase("Atm0s.Sip.Doctor.Tool", new[] { "Atm0s.Sip.Doctor" })]
    public void Project_References_AreTheArrowsOfTheDesign(string project, string[] expected)
    {
        var references = ProjectReferences(project).Where(r => r.StartsWith("Atm0s.", StringComparison.Ordinal));

        Assert.That(references, Is.EquivalentTo(expected));
    }

    [Test]
    public void HooksAbstractions_References_NoPackage()
    {
        var document = XDocument.Load(Path.Combine(Root, "src", "Atm0s.Sip.Hooks.Abstractions", "Atm0s.Sip.Hooks.Abstractions.csproj"));

        Assert.That(document.Descendants("PackageReference"), Is.Empty);
        Assert.That(
            typeof(Hooks.IAuthProvider).Assembly.GetReferencedAssemblies().Select(a => a.Name),
            Has.All.StartsWith("System."));
    }

    [Test]
    public void Sockets_Appear_OnlyWhereTheyBelong()
    {
        var wrong = Sources()
            .Where(file => !file.Contains("/Core/Transport/", StringComparison.Ordinal)
                && !file.Contains("Atm0s.Sip.Core/Transport/", StringComparison.Ordinal)
                && !file.Contains("Atm0s.Sip.Media/Net/", StringComparison.Ordinal)
                // Ends a connection whose peer does not read (TCP_USER_TIMEOUT).
                && !file.EndsWith("Atm0s.Sip/Streams/StreamSocket.cs", StringComparison.Ordinal)
                // Connects a hook call to exactly the address that was checked.
                && !file.EndsWith("Atm0s.Sip.Hooks.Http/Client/HookConnector.cs", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file).Contains("new Socket(", StringComparison.Ordinal));

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Namespaces_Are_TheFolders()
    {
        var wrong = new List<string>();
        foreach (var file in Sources())
        {
            var relative = Path.GetRelativePath(Path.Combine(Root, "src"), file).Replace('\\', '/');
            // What hosts use is one namespace, whatever the subfolder.
            var expected = relative.StartsWith("Atm0s.Sip/Api/", StringComparison.Ordinal) ? "Atm0s.Sip"
                : string.Join('.', Path.GetDirectoryName(relative)!.Split('/', '\\'))
                .Replace("Hooks.Abstractions", "Hooks", StringComparison.Ordinal);
            var line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith("namespace ", StringComparison.Ordinal));
            if (line is not null && line != $"namespace {expected};"
                && !line.StartsWith("namespace Microsoft.Extensions.DependencyInjection", StringComparison.Ordinal))
                wrong.Add($"{relative}: {line}");
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void PublicTypes_OfTheServer_StandUnderApi()
    {
        var inside = typeof(SipServer).Assembly.GetExportedTypes()
            .Where(t => t.Namespace is not ("Atm0s.Sip" or "Microsoft.Extensions.DependencyInjection"));
        var outside = Sources()
            .Where(f => f.Contains("/src/Atm0s.Sip/", StringComparison.Ordinal)
                && !f.Contains("/src/Atm0s.Sip/Api/", StringComparison.Ordinal))
            .Where(f => File.ReadLines(f).Any(l => l.StartsWith("public ", StringComparison.Ordinal)));

        Assert.That(inside, Is.Empty);
        Assert.That(outside, Is.Empty);
    }

    [Test]
    public void Files_Stay_Small()
    {
        var large = Sources().Select(f => (File: f, Lines: File.ReadLines(f).Count())).Where(f => f.Lines > 500);

        Assert.That(large, Is.Empty);
    }

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(f => f.Replace('\\', '/'))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    private static IEnumerable<string> ProjectReferences(string project) =>
        XDocument.Load(Path.Combine(Root, "src", project, project + ".csproj"))
            .Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')));

    private static string FindRoot()
    {
        var folder = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!;
        while (!File.Exists(Path.Combine(folder, "Atm0s.Sip.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Atm0s.Sip.sln is not above the tests.");
        return folder;
    }
}
