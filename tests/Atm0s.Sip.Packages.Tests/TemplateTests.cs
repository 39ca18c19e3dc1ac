using System.Text;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.Packages.Tests.Feed;
using Atm0s.Sip.Packages.Tests.Phones;

namespace Atm0s.Sip.Packages.Tests;

/// <summary><c>dotnet new atm0s-sip &amp;&amp; dotnet run</c>, and phones register and talk.</summary>
public sealed class TemplateTests
{
    private const string Id = "Atm0s.Sip.Templates";

    [Test]
    public async Task NewApp_Builds_WithoutAWarning_AndPhonesMeetInIt()
    {
        var feed = await LocalFeed.GetAsync();
        using var folder = FreshFolder.Create(feed);
        // Templates of the user stay as they are.
        var hive = Path.Combine(folder.Root, "hive");
        await DotnetCommand.RunAsync(
            folder.Root, "new", "install", Path.Combine(feed.Folder, $"{Id}.{feed.Version}.nupkg"), "--debug:custom-hive", hive);
        await DotnetCommand.RunAsync(
            folder.Root, "new", "atm0s-sip", "-n", "My.Phones", "--skipRestore", "--debug:custom-hive", hive);
        var app = Path.Combine(folder.Root, "My.Phones");

        var output = await DotnetCommand.RunAsync(app, "build", "-nologo", "-o", "out");

        Assert.That(output, Does.Contain("0 Warning(s)"));
        Assert.That(Directory.EnumerateFiles(app).Select(Path.GetFileName), Does.Contain("My.Phones.csproj"));
        await using var server = ChildProcess.Start(
            "app", "dotnet", ["out/My.Phones.dll", "--Sip:Listeners:0=udp://127.0.0.1:0", "--Sip:Listeners:1=tcp://127.0.0.1:0"], app);
        // By whatever name the machine is known to the phones: a realm with dots would be taken for the only domain.
        Assert.That(await File.ReadAllTextAsync(Path.Combine(app, "appsettings.json")), Does.Contain("\"Realm\": \"My-Phones\""));
        await TwoPhones.MeetAsync(await TwoPhones.ListeningAsync(server), "phones.corp.example", user => user + "-secret");
        server.Terminate();
        Assert.That(await server.WaitForExitAsync(TimeSpan.FromSeconds(20)), Is.Zero, server.Output.ToString());
    }

    [Test]
    public async Task TemplatePackage_SaysWhatItIs_AndNamesTheVersionOfItsPackages()
    {
        var feed = await LocalFeed.GetAsync();
        using var package = feed.Open(Id);

        Assert.That(package.Attribute("packageType", "name"), Is.EqualTo("Template"));
        Assert.That(package["license"], Is.EqualTo("MIT"));
        Assert.That(package["icon"], Is.EqualTo("icon.png"));
        Assert.That(package.Dependencies, Is.Empty);
        Assert.That(package.Files, Has.None.Contains("/obj/").And.None.Contains("/bin/").And.None.StartsWith("lib/"));
        Assert.That(Encoding.UTF8.GetString(package.Read(package["readme"])), Does.Contain($"dotnet new install {Id}"));
        Assert.That(Encoding.UTF8.GetString(package.Read("content/atm0s-sip/Atm0sSipApp.csproj")),
            Does.Contain($"""<PackageReference Include="Atm0s.Sip" Version="{feed.Version}" />"""));
    }
}
