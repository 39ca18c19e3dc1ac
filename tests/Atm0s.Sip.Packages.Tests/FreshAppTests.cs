using System.Runtime.InteropServices;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.Packages.Tests.Feed;
using Atm0s.Sip.Packages.Tests.Phones;

namespace Atm0s.Sip.Packages.Tests;

/// <summary>A project of a user, outside the repository, made of the packed packages alone: it builds, runs, and phones talk through it.</summary>
public sealed class FreshAppTests
{
    private const string Realm = "fresh.test";
    private static readonly string[] Linkers = ["clang", "gcc"];

    [Test]
    public async Task FreshProject_Builds_WithoutAWarning_AndTakesACall()
    {
        using var folder = FreshFolder.Create(await LocalFeed.GetAsync());
        var app = folder.CopyApp("TakesCalls");

        var output = await DotnetCommand.RunAsync(app, "build", "-c", "Release", "-nologo", "-o", "out");

        Assert.That(output, Does.Contain("0 Warning(s)"));
        Assert.That(Directory.EnumerateFiles(Path.Combine(app, "out")).Select(Path.GetFileName),
            Has.None.Contains("OpenApi").And.None.Contains("Scalar").And.None.Contains("AspNetCore"), "asking over HTTP is no web server");
        await using var server = ChildProcess.Start("app", "dotnet", [Path.Combine(app, "out", "TakesCalls.dll"), "udp://127.0.0.1:0"]);
        await TwoPhones.MeetAsync(await TwoPhones.ListeningAsync(server), Realm, user => "pw-" + user);
        server.Terminate();
        Assert.That(await server.WaitForExitAsync(TimeSpan.FromSeconds(20)), Is.Zero, server.Output.ToString());
    }

    [Test]
    public async Task FreshProject_PublishedByNativeAot_WithoutAWarning_TakesACall()
    {
        RequireLinker();
        using var folder = FreshFolder.Create(await LocalFeed.GetAsync());
        var app = folder.CopyApp("TakesCalls");

        var output = await DotnetCommand.RunAsync(app, "publish", "-c", "Release", "-nologo", "-p:PublishAot=true",
            "-r", RuntimeInformation.RuntimeIdentifier, "-o", "out");

        Assert.That(output, Does.Not.Contain("warning"), "neither of trimming nor of AOT");
        await using var server = ChildProcess.Start("app", Path.Combine(app, "out", "TakesCalls"), ["udp://127.0.0.1:0"]);
        await TwoPhones.MeetAsync(await TwoPhones.ListeningAsync(server), Realm, user => "pw-" + user);
        server.Terminate();
        Assert.That(await server.WaitForExitAsync(TimeSpan.FromSeconds(20)), Is.Zero, server.Output.ToString());
    }

    // NativeAOT links with what is there; the .NET SDK has none of its own.
    private static void RequireLinker()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (OperatingSystem.IsWindows() || folders.Any(folder => Linkers.Any(linker => File.Exists(Path.Combine(folder, linker)))))
            return;
        const string message = "Neither clang nor gcc is installed: apt-get install gcc libc6-dev zlib1g-dev";
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
            Assert.Fail(message);
        Assert.Ignore(message);
    }
}
