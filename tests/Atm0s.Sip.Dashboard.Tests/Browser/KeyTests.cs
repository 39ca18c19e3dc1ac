using Atm0s.Sip.Dashboard.Tests.Hosts;
using Microsoft.Playwright;

namespace Atm0s.Sip.Dashboard.Tests.Browser;

/// <summary>The key is typed, kept for the tab, and sent in a header; without it nothing is shown.</summary>
public sealed class KeyTests
{
    [Test]
    public async Task WrongKey_IsSaid_RightKey_OpensAndIsForgotten()
    {
        await using var host = await DashboardHost.StartAsync(keyed: true, server: new FakeServer(3));
        await using var opened = await OpenedPage.OpenAsync(host);
        var page = opened.Page;
        await Assertions.Expect(page.Locator("#app")).ToBeHiddenAsync();
        await opened.LogInAsync("schlüssel");
        await Assertions.Expect(page.Locator("#gate [role=alert]")).ToContainTextAsync("without blanks");
        await opened.LogInAsync("wrong-key-0123456789");
        await Assertions.Expect(page.Locator("#gate [role=alert]")).ToHaveTextAsync("This key is not known here.");
        await opened.LogInAsync(DashboardHost.Key);
        await opened.IsLiveAsync();
        await Assertions.Expect(page.Locator(".grid-row")).ToHaveCountAsync(3);

        await page.ReloadAsync();
        await opened.IsLiveAsync();
        var kept = await page.EvaluateAsync<string>("JSON.stringify(localStorage) + document.cookie");
        Assert.That(kept, Does.Not.Contain(DashboardHost.Key));
        Assert.That(page.Url, Does.Not.Contain(DashboardHost.Key));
        await page.GetByText("Sign out").ClickAsync();
        await Assertions.Expect(page.Locator("#key")).ToBeVisibleAsync();
        Assert.That(await page.EvaluateAsync<int>("sessionStorage.length"), Is.Zero);
    }

    [Test]
    public async Task LostServer_IsSaid()
    {
        await using var host = await DashboardHost.StartAsync(server: new FakeServer(1));
        await using var opened = await OpenedPage.OpenAsync(host);
        await opened.IsLiveAsync();
        await host.StopAsync();
        await Assertions.Expect(opened.Page.Locator("#link")).ToHaveAttributeAsync("data-state", "lost");
    }
}
