using Atm0s.Sip.Doctor.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Doctor.Tests;

/// <summary>The doctor as a health check.</summary>
public sealed class HealthTests
{
    [TestCase(DoctorVerdict.Ok, HealthStatus.Healthy)]
    [TestCase(DoctorVerdict.Warning, HealthStatus.Degraded)]
    [TestCase(DoctorVerdict.Failed, HealthStatus.Unhealthy)]
    public async Task Verdict_IsAStatus(DoctorVerdict verdict, HealthStatus expected)
    {
        using var check = new SipDoctorHealthCheck(
            _ => Task.FromResult(new DoctorReport(default, default, [new("listeners", verdict, "what was found")])),
            TimeSpan.FromMinutes(1), new FakeTimeProvider());
        var result = await check.CheckHealthAsync(Context(check));

        Assert.That(result.Status, Is.EqualTo(expected));
        Assert.That(result.Description, verdict == DoctorVerdict.Ok ? Is.EqualTo("all is well") : Is.EqualTo("listeners: what was found"));
        Assert.That(result.Data["listeners"], Is.EqualTo(verdict.ToString()));
    }

    [Test]
    public async Task Report_ServesForAWhile()
    {
        var (time, examined) = (new FakeTimeProvider(), 0);
        using var check = new SipDoctorHealthCheck(
            _ =>
            {
                examined++;
                return Task.FromResult(new DoctorReport(default, default, []));
            },
            TimeSpan.FromMinutes(1), time);
        for (var i = 0; i < 5; i++)
            await check.CheckHealthAsync(Context(check));
        Assert.That(examined, Is.EqualTo(1));
        time.Advance(TimeSpan.FromMinutes(1));
        await check.CheckHealthAsync(Context(check));
        Assert.That(examined, Is.EqualTo(2));
    }

    [Test]
    public async Task Host_HasIt_WithoutACall()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSipServer(options => options.Listen("udp://127.0.0.1:0"));
        services.AddHealthChecks().AddSipDoctor(tags: ["ready"]);
        await using var provider = services.BuildServiceProvider();
        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        var entry = report.Entries["sip-doctor"];
        Assert.That(entry.Status, Is.Not.EqualTo(HealthStatus.Healthy), "all listeners are on the loopback");
        Assert.That(entry.Data.Keys, Does.Contain("listeners").And.Not.Contain("call").And.Not.Contain("timer"));
        Assert.That(entry.Tags, Does.Contain("ready"));
    }

    // Each look of the health service has a scope of its own, which is disposed of after it.
    [Test]
    public async Task Host_LooksAgain_WhenTheReportIsOld()
    {
        var time = new FakeTimeProvider();
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time);
        services.AddSipServer(options => options.Listen("udp://127.0.0.1:0"));
        services.AddHealthChecks().AddSipDoctor();
        await using var provider = services.BuildServiceProvider();
        var health = provider.GetRequiredService<HealthCheckService>();
        var first = (await health.CheckHealthAsync()).Entries["sip-doctor"];

        time.Advance(TimeSpan.FromMinutes(2));
        provider.GetRequiredService<IOptions<SipServerOptions>>().Value.Listeners.Clear();
        var second = (await health.CheckHealthAsync()).Entries["sip-doctor"];

        Assert.That(first.Description, Does.Not.Contain("nobody can reach the server"));
        Assert.That(second.Exception, Is.Null);
        Assert.That(second.Description, Does.Contain("nobody can reach the server"), "a new report");
    }

    [Test]
    public async Task SettingsThatOthersRefuse_AreAFinding()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSipServer(options => options.Listen("udp://127.0.0.1:0"));
        services.AddOptions<SipServerOptions>().Validate(_ => false, "The host wants another realm.");
        await using var provider = services.BuildServiceProvider();

        var report = await SipDoctor.ExamineAsync(provider);

        Assert.That(report.Findings.Select(one => (one.Check, one.Verdict)), Is.EqualTo(new[] { ("settings", DoctorVerdict.Failed) }));
        Assert.That(report.Findings[0].Text, Does.Contain("another realm"));
    }

    [TestCase(0.05, 60)]
    [TestCase(61, 60)]
    [TestCase(3, 0.5)]
    [TestCase(3, 86_401)]
    public void TimeOutOfRange_IsRefused(double trunk, double cache)
    {
        var wrong = new DoctorOptions { TrunkTimeout = TimeSpan.FromSeconds(trunk), CacheDuration = TimeSpan.FromSeconds(cache) };
        Assert.That(
            () => SipDoctor.ExamineAsync(new SipServerOptions(), wrong), Throws.ArgumentException.With.Message.Contains("write a time"));
        Assert.That(
            () => new ServiceCollection().AddHealthChecks().AddSipDoctor(
                options => (options.TrunkTimeout, options.CacheDuration) = (wrong.TrunkTimeout, wrong.CacheDuration)),
            Throws.ArgumentException);
    }

    private static HealthCheckContext Context(IHealthCheck check) =>
        new() { Registration = new HealthCheckRegistration("x", check, null, null) };
}
