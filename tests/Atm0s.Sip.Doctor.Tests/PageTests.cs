using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Doctor.Tests;

/// <summary>The code on the page about the doctor, as it stands there.</summary>
public sealed class PageTests
{
    [Test]
    public async Task OptionsAreExamined()
    {
        var options = new SipServerOptions().Listen("udp://127.0.0.1:0");
        var report = await SipDoctor.ExamineAsync(options);
        foreach (var finding in report.Findings.Where(one => one.Verdict != DoctorVerdict.Ok))
            Console.WriteLine($"{finding.Check}: {finding.Text} {finding.Advice}");
        Assert.That(report.Findings, Is.Not.Empty);
    }

    [Test]
    public void HealthCheckIsAdded()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddHealthChecks().AddSipDoctor(tags: ["ready"]);
        using var services = builder.Services.BuildServiceProvider();
        var checks = services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations;
        Assert.That(checks.Single().Tags, Does.Contain("ready"));
    }
}
