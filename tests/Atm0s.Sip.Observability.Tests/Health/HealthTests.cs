using Atm0s.Sip.Health;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Atm0s.Sip.Observability.Tests.Health;

/// <summary>What the health checks say of a server, good and bad.</summary>
[SingleThreaded]
public sealed class HealthTests
{
    private VirtualWorld _world = null!;
    private ScriptedPhone _alice = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void GoodServer_IsHealthyInAll()
    {
        var health = Start().Parts.Health;
        Up();
        HealthReading[] all =
        [
            health.Listeners(), health.MediaThreads(), health.Accepting(), health.Ports(), health.Overload(), health.Trunks(), health.Opus(),
        ];

        Assert.That(all.Select(reading => reading.Status), Has.All.EqualTo(HealthStatus.Healthy));
        Assert.That(health.Ports().Data["used"], Is.EqualTo(1));
        Assert.That(health.Accepting().Data["calls"], Is.EqualTo(1));
    }

    [Test]
    public void MediaThatDoesNotTick_IsUnhealthy_AsLongAsItHasARoom()
    {
        var server = Start();
        var health = server.Parts.Health;
        health.MediaThreads();
        _world.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(health.MediaThreads().Status, Is.EqualTo(HealthStatus.Healthy), "without a room nothing has to tick");

        Up();
        health.MediaThreads();
        _world.Time.Advance(TimeSpan.FromSeconds(3));
        var stuck = health.MediaThreads();
        Assert.That(stuck.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(stuck.Data["thread 0 seconds without a tick"], Is.EqualTo(3.0));

        _world.Advance(TimeSpan.FromMilliseconds(40));
        Assert.That(health.MediaThreads().Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public void FewPorts_AreDegraded_AndNoneIsUnhealthy()
    {
        var server = Start(options => (options.Media.FirstPort, options.Media.LastPort) = (40_000, 40_003));
        Up("c1");
        Assert.That(server.Parts.Health.Ports().Status, Is.EqualTo(HealthStatus.Healthy));
        Up("c2");
        Assert.That(server.Parts.Health.Ports().Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(server.Parts.Health.Ports().Description, Does.Contain("2 of 2").And.Contains("Media.FirstPort"));
        foreach (var call in server.Calls)
            _ = call.HangUpAsync();
        _world.Advance(TimeSpan.FromSeconds(40));
        Assert.That(server.Parts.Health.Ports().Data["used"], Is.Zero);
    }

    [Test]
    public void TrunkThatRefuses_IsDegraded()
    {
        var carrier = new ScriptedPhone(_world, "carrier", "10.0.2.7");
        var server = Start(options => options.Trunks.Add(new TrunkOptions
        {
            Name = "carrier", Server = "sip:10.0.2.7", Register = true, Credentials = new SipCredentials("us", "secret"),
        }));
        carrier.Respond(carrier.WaitForRequest("REGISTER"), 403, "Forbidden");
        _world.Advance(TimeSpan.FromSeconds(1));

        var reading = server.Parts.Health.Trunks();
        Assert.That(reading.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(reading.Description, Does.Contain("carrier (403)"));
        Assert.That(reading.Data["carrier"], Is.EqualTo("Failed"));
    }

    [Test]
    public void DrainingServer_IsNotReady_AndLives()
    {
        var server = Start();
        server.DrainAsync(TimeSpan.Zero);

        Assert.That(server.Parts.Health.Accepting().Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(server.Parts.Health.Listeners().Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [TestCase(HealthStatus.Healthy)]
    [TestCase(HealthStatus.Unhealthy)]
    public async Task ServerThatDoesNotRun_IsWhatTheCheckSays(HealthStatus whenStopped)
    {
        var server = new SipServer(new SipServerOptions(), new TestHost().Handlers);
        var result = await new SipHealthCheck(server, health => health.Listeners(), whenStopped).CheckHealthAsync(Context());
        Assert.That(result.Status, Is.EqualTo(whenStopped));
    }

    [Test]
    public async Task Failure_IsWhatTheHostWantsItToBe()
    {
        var server = Start();
        _ = server.DrainAsync(TimeSpan.Zero);
        var check = new SipHealthCheck(server, health => health.Accepting(), HealthStatus.Unhealthy);

        Assert.That((await check.CheckHealthAsync(Context(HealthStatus.Degraded))).Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That((await check.CheckHealthAsync(Context())).Status, Is.EqualTo(HealthStatus.Unhealthy));
    }

    [Test]
    public void ThreadInOneTurnForLong_IsUnhealthy()
    {
        var watch = new StallWatch();
        Assert.That(watch.Look(7, true, TimeSpan.FromSeconds(1)), Is.EqualTo(TimeSpan.Zero));
        Assert.That(watch.Look(7, true, TimeSpan.FromSeconds(9)), Is.EqualTo(TimeSpan.FromSeconds(8)));
        Assert.That(watch.Look(9, true, TimeSpan.FromSeconds(10)), Is.EqualTo(TimeSpan.Zero));
        Assert.That(watch.Look(10, false, TimeSpan.FromSeconds(90)), Is.EqualTo(TimeSpan.Zero));
    }

    // Between two looks at a thread at rest it may get its first room a moment before the second one.
    [Test]
    public void ThreadThatRestedAtTheLastLook_HasNotStoodStill()
    {
        var watch = new StallWatch();
        Assert.That(watch.Look(7, false, TimeSpan.FromSeconds(1)), Is.EqualTo(TimeSpan.Zero));
        Assert.That(watch.Look(7, true, TimeSpan.FromSeconds(11)), Is.EqualTo(TimeSpan.Zero));
        Assert.That(watch.Look(7, true, TimeSpan.FromSeconds(14)), Is.EqualTo(TimeSpan.FromSeconds(3)));
    }

    private static HealthCheckContext Context(HealthStatus failure = HealthStatus.Unhealthy) => new()
    {
        Registration = new HealthCheckRegistration("sip", static _ => null!, failure, []),
    };

    private SipServer Start(Action<SipServerOptions>? configure = null) =>
        _world.StartServer(new TestHost().Handlers, options =>
        {
            options.Media.Timeout = TimeSpan.Zero;
            configure?.Invoke(options);
        });

    private void Up(string callId = "c1")
    {
        _alice.Received.Clear();
        var invite = _alice.Invite("room1", callId);
        _alice.Ack(invite, _alice.WaitForResponse("INVITE", 200));
        _world.Advance(TimeSpan.FromMilliseconds(100));
    }
}
