using Atm0s.Sip.Control;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.Dashboard.Tests.Http;

/// <summary>The code on the page about the dashboard, as it stands there.</summary>
public sealed class PageOfTheManualTests
{
    [Test]
    public async Task Dashboard_IsMapped()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([new("SipKey", "0123456789abcdef0123456789abcdef")]);
        builder.Services.AddSipServer(options => options.Listen("udp://0.0.0.0:5060"));
        builder.Services.AddSipControl(control => control.ApiKeys.Add(builder.Configuration["SipKey"]!));

        var app = builder.Build();
        app.MapSipDashboard();          // or another path: app.MapSipDashboard("/ops/sip")

        var routes = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();
        Assert.That(routes.Select(route => route.RoutePattern.RawText), Has.Some.StartsWith("/sip/dashboard"));
        await app.DisposeAsync();
    }
}
