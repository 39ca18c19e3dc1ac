using Atm0s.Sip.Packages.Tests.Feed;

namespace Atm0s.Sip.Packages.Tests;

/// <summary>What comes along with a package.</summary>
public sealed class DependencyTests
{
    // Beside Microsoft.Extensions.* and our own.
    private static readonly Dictionary<string, string[]> Others = new(StringComparer.Ordinal)
    {
        ["Atm0s.Sip.Control"] = ["Microsoft.AspNetCore.OpenApi", "Scalar.AspNetCore"],
        ["Atm0s.Sip.Hooks.Http"] = ["Polly.Extensions", "Polly.RateLimiting"],
        ["Atm0s.Sip.Media.Concentus"] = ["Concentus"],
        ["Atm0s.Sip.Media.Dtls"] = ["BouncyCastle.Cryptography"],
    };

    private static readonly string[] WebPackages = ["Atm0s.Sip.Control", "Atm0s.Sip.Dashboard", "Atm0s.Sip.WebSockets"];

    private static IReadOnlyList<string> Libraries => Repository.Libraries;

    [Test]
    public async Task NoPackage_BringsMoreThanItSays([ValueSource(nameof(Libraries))] string id)
    {
        using var package = (await LocalFeed.GetAsync()).Open(id);

        var foreign = package.Dependencies.Keys.Where(name => !name.StartsWith("Atm0s.Sip", StringComparison.Ordinal)
            && !name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal));
        Assert.That(foreign, Is.SubsetOf(Others.GetValueOrDefault(id, [])));
        Assert.That(package.Frameworks, WebPackages.Contains(id) ? Is.EqualTo(["Microsoft.AspNetCore.App"]) : Is.Empty);
    }

    [Test]
    public async Task OurPackages_GoTogether_ByVersion([ValueSource(nameof(Libraries))] string id)
    {
        var feed = await LocalFeed.GetAsync();
        using var package = feed.Open(id);

        var own = package.Dependencies.Where(dependency => dependency.Key.StartsWith("Atm0s.Sip", StringComparison.Ordinal));
        Assert.That(own.Select(dependency => dependency.Value), Has.All.EqualTo($"[{feed.Version}]"), "they use each other's inner parts");
    }

    [TestCase("Atm0s.Sip.Hooks.Abstractions", "")]
    [TestCase("Atm0s.Sip.Core", "Microsoft.Extensions.Logging.Abstractions")]
    [TestCase("Atm0s.Sip.Media", "Microsoft.Extensions.Logging.Abstractions")]
    public async Task WhatStandsAlone_BringsNothingElse(string id, string expected)
    {
        using var package = (await LocalFeed.GetAsync()).Open(id);

        Assert.That(string.Join(' ', package.Dependencies.Keys), Is.EqualTo(expected));
    }
}
