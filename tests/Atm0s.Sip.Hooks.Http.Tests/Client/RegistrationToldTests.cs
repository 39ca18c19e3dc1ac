using System.Net;

namespace Atm0s.Sip.Hooks.Http.Tests.Client;

/// <summary>A hook server that has forgotten a phone, or never heard of it, hears of it at the next refresh.</summary>
public sealed class RegistrationToldTests
{
    private HookServer _server = null!;

    [SetUp]
    public async Task SetUp() => _server = await HookServer.StartAsync();

    [TearDown]
    public async Task TearDown() => await _server.DisposeAsync();

    [Test]
    public async Task Refresh_IsTold()
    {
        await using var hooks = await Hooked.StartAsync(_server.Url);
        await RegisterAsync(hooks, refresh: false);
        await RegisterAsync(hooks, refresh: true);
        Assert.That(_server.Questions.Select(q => q.Path), Is.EqualTo(new[] { "/hooks/register", "/hooks/register" }));
    }

    [Test]
    public async Task Refresh_IsNotTold_WhenTheHostWantsNone()
    {
        await using var hooks = await Hooked.StartAsync(_server.Url, options => options.TellRefreshes = false);
        await RegisterAsync(hooks, refresh: false);
        await RegisterAsync(hooks, refresh: true);
        Assert.That(_server.Questions, Has.Count.EqualTo(1));
    }

    [TestCase("""{"success":true}""", 500)]
    [TestCase("""{"success":true}""", 404)]
    [TestCase("<html>", 200)]
    [TestCase("""{"success":false}""", 200)]
    public async Task FailedTelling_IsMadeUpForByTheNextRefresh_AndOnlyByOne(string answer, int status)
    {
        _server.Answer = context => HookServer.WriteAsync(context, answer, status);
        await using var hooks = await Hooked.StartAsync(
            _server.Url, options => (options.TellRefreshes, options.EventMaxRetries) = (false, 0));
        await RegisterAsync(hooks, refresh: false);
        _server.Answer = context => HookServer.WriteAsync(context, """{"success":true}""");
        await RegisterAsync(hooks, refresh: true);
        await RegisterAsync(hooks, refresh: true);
        Assert.That(_server.Questions, Has.Count.EqualTo(2), "the one that failed, and one that worked");
    }

    private static ValueTask RegisterAsync(Hooked hooks, bool refresh) => hooks.Registrations.OnRegisteredAsync(
        new RegistrationInfo
        {
            SessionId = "s1", Username = "alice", Realm = "test.local", Contact = "sip:alice@192.0.2.7",
            Source = new IPEndPoint(IPAddress.Loopback, 5062), Expires = TimeSpan.FromMinutes(1), IsRefresh = refresh,
        },
        CancellationToken.None);
}
