using Atm0s.Sip.Dashboard.Tests.Hosts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Dashboard.Tests.Http;

/// <summary>What is missing or can't work stops the start with a sentence.</summary>
public sealed class WiringTests
{
    private static IEnumerable<TestCaseData> WrongOptions()
    {
        yield return Wrong("title", static options => options.Title = " ", "Title has 1 to 60");
        yield return Wrong("fast", static options => options.UpdateInterval = TimeSpan.FromMilliseconds(249), "from 250 ms to 1 s");
        yield return Wrong("slow", static options => options.UpdateInterval = TimeSpan.FromSeconds(1.1), "from 250 ms to 1 s");
        yield return Wrong("watchers", static options => options.MaxWatchers = 0, "from 1 to 1000");
        yield return Wrong("rows", static options => options.MaxRows = 9, "from 10 to 10000");
    }

    [TestCaseSource(nameof(WrongOptions))]
    public void WrongOption_StopsTheStart(Action<SipDashboardOptions> set, string words) =>
        Assert.That(
            async () => await DashboardHost.StartAsync(dashboard: set, server: new FakeServer(0)),
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(words));

    [Test]
    public void WithoutControlApi_StopsTheStart()
    {
        var builder = NewBuilder();
        builder.Services.AddSingleton<ISipServer>(new FakeServer(0));
        var app = builder.Build();
        Assert.That(() => app.MapSipDashboard(), Throws.InvalidOperationException.With.Message.Contains("AddSipControl"));
    }

    [Test]
    public void WithoutServer_StopsTheStart()
    {
        var app = NewBuilder().Build();
        Assert.That(() => app.MapSipDashboard(), Throws.InvalidOperationException.With.Message.Contains("AddSipServer"));
    }

    [TestCase("dashboard")]
    [TestCase("")]
    [TestCase("/{id}")]
    public void WrongPath_StopsTheStart(string path)
    {
        var app = NewBuilder().Build();
        Assert.That(() => app.MapSipDashboard(path), Throws.ArgumentException.With.Message.Contains("/sip/dashboard"));
    }

    private static TestCaseData Wrong(string name, Action<SipDashboardOptions> set, string words) =>
        new TestCaseData(set, words).SetArgDisplayNames(name);

    private static WebApplicationBuilder NewBuilder()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        return builder;
    }
}
