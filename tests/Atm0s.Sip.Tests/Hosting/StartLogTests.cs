using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Defence;

namespace Atm0s.Sip.Tests.Hosting;

/// <summary>What the log says at the start.</summary>
public sealed class StartLogTests
{
    [Test]
    public async Task RealmThatNobodyChose_IsWarnedOf() =>
        Assert.That(
            await LinesAsync(options => Quick(options)),
            Has.One.StartsWith("Warning The realm is sip.media-server.8xff.io, the original server's"));

    [Test]
    public async Task RealmThatSomebodyChose_IsNot()
    {
        Assert.That(await LinesAsync(options => Quick(options).Realm = "sip.media-server.8xff.io"), Is.Empty, "for its hashes");
        Assert.That(await LinesAsync(options => Quick(options).Realm = "sip.example.com"), Is.Empty);
    }

    [Test]
    public async Task WithoutPasswords_TheRealmIsNoMatter() =>
        Assert.That(
            await LinesAsync(options =>
            {
                Quick(options);
                options.Registrar.Enabled = false;
                options.Authentication.RequireForCalls = false;
            }),
            Is.Empty);

    private static async Task<IReadOnlyList<string>> LinesAsync(Action<SipServerOptions> configure)
    {
        var log = new LogLines();
        var options = new SipServerOptions();
        options.Listen("udp://127.0.0.1:0");
        configure(options);
        await using var server = new SipServer(
            options, new TestHost().Handlers, SipServerEnvironment.Default with { LoggerFactory = log });
        await server.StartAsync();
        return [.. log.Of(2004)];
    }

    private static SipServerOptions Quick(SipServerOptions options)
    {
        options.StopTimeout = TimeSpan.Zero;
        return options;
    }
}
